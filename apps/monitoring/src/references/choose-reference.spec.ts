import type { Metrics } from '@gimbal/contracts';
import {
  assessPerformance,
  buildColumns,
  buildPerformanceBaseline,
  buildReferenceProfile,
  createSeededRng,
} from '@gimbal/domain';
import { describe, expect, it } from '@jest/globals';
import { chooseReference, type ProfiledVersion } from './choose-reference.js';
import { deriveBaseline } from './derive-baseline.js';

const FEATURES = [{ name: 'age', type: 'numeric' as const }];

const task = 'binary-classification' as const;

function scored(error: number, rows = 200) {
  const labels = Array.from({ length: rows }, (_, i): 0 | 1 => (i % 2 === 0 ? 1 : 0));
  return { task, probabilities: labels.map((label) => Math.abs(label - error)), labels, threshold: 0.5 };
}

const profileWith = (error: number) =>
  buildReferenceProfile({
    columns: buildColumns([{ age: 40 }, { age: 60 }], FEATURES),
    predictions: { task, probabilities: [0.2, 0.8], threshold: 0.5 },
    performance: buildPerformanceBaseline(scored(error)),
  });

const holdoutWith = (brier: number): Metrics => ({
  ...{
    rows: 100,
    positives: 50,
    threshold: 0.5,
    accuracy: 0.8,
    f1Score: 0.8,
    precision: 0.8,
    recall: 0.8,
    rocAuc: 0.9,
  },
  ...{ logLoss: 0.4, brier, calibrationError: 0.1 },
  confusion: { truePositives: 40, falsePositives: 10, trueNegatives: 40, falseNegatives: 10 },
});

function version(
  number: number,
  more: Partial<ProfiledVersion['version']> & { error?: number; brier?: number } = {},
): ProfiledVersion {
  const { error, brier, ...rest } = more;
  return {
    profile: error === undefined ? null : profileWith(error),
    version: {
      ...{ id: `id-${number}`, modelName: 'm', version: number, isLive: true, isAdmitted: true, threshold: 0.5 },
      ...{
        features: FEATURES,
        profileDigest: null,
        datasetDigest: null,
        dataOrigin: null,
        task,
        classes: [],
      },
      evaluation: brier === undefined ? null : { holdout: holdoutWith(brier), crossValidation: null, versusLive: [] },
      ...rest,
    },
  };
}

describe('what a version is compared with', () => {
  it('is its own profile and performance, when the gate admitted it', () => {
    expect(chooseReference(version(2, { error: 0.4 }), [version(1, { error: 0.1 })])).toMatchObject({
      profileSource: { version: 2, own: true },
      baselineSource: { version: 2, from: 'profile' },
      notes: [],
    });
  });

  it('is the last admitted performance for a version that was forced past the gate: it does not lower the bar', () => {
    const reference = chooseReference(version(2, { isAdmitted: false, error: 0.5 }), [version(1, { error: 0.2 })]);
    expect(reference).toMatchObject({ profileSource: { version: 2, own: true }, baselineSource: { version: 1 } });
    expect(reference.notes.join()).toContain('did not admit version 2');
  });

  it('is its own performance when that is the stricter bar, forced or not', () => {
    const forced = version(2, { isAdmitted: null, error: 0.1 });
    expect(chooseReference(forced, [version(1, { error: 0.3 })])).toMatchObject({ baselineSource: { version: 2 } });
  });

  it('borrows the inputs, not the answers, of the last admitted version with the same features', () => {
    const renamed = version(2, { error: 0.1 });
    const foreign = {
      ...renamed,
      profile: buildReferenceProfile({ columns: buildColumns([{ pulse: 60 }], [{ name: 'pulse', type: 'numeric' }]) }),
    };
    const reference = chooseReference(version(4, { isAdmitted: false, brier: 0.4 }), [
      foreign,
      version(1, { error: 0.2 }),
    ]);
    expect(reference).toMatchObject({ profileSource: { version: 1, own: false }, baselineSource: { version: 1 } });
  });

  it('is the evaluation of its registration, when an admitted version brought no profile', () => {
    expect(chooseReference(version(1, { brier: 0.12 }), [])).toMatchObject({
      profile: null,
      profileSource: null,
      baseline: { losses: [{ loss: 'brier', mean: 0.12, rows: 100 }, {}] },
      baselineSource: { version: 1, from: 'evaluation' },
    });
  });

  it('is nothing, when nothing is known', () => {
    expect(chooseReference(version(1), [])).toEqual({
      profile: null,
      profileSource: null,
      baseline: null,
      baselineSource: null,
      notes: [],
    });
  });
});

describe('a baseline from metrics alone', () => {
  const derive = (holdout: Metrics) => deriveBaseline(task, { holdout, crossValidation: null, versusLive: [] });

  it('takes the largest spread that a loss with this mean can have, so that its interval is never too narrow', () => {
    const known = buildPerformanceBaseline(scored(0.35))!;
    const [brier] = known.losses;
    const [derived] = derive({ ...holdoutWith(brier!.mean), rows: known.rows })!.losses;
    expect(derived!.mean).toBe(brier!.mean);
    expect(derived!.sd).toBeGreaterThan(brier!.sd);
    expect(derived!.sd).toBeCloseTo(Math.sqrt(0.1225 * 0.8775), 10);
  });

  it('still condemns a version that got beyond doubt worse', () => {
    const baseline = derive(holdoutWith(0.1));
    const judge = (error: number) =>
      assessPerformance({ window: scored(error), baseline, rng: createSeededRng(1) }).verdict;
    expect([judge(0.3), judge(0.7)]).toEqual(['healthy', 'degraded']);
  });
});
