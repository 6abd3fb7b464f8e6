import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  assessPerformance,
  assessPredictions,
  buildPerformanceBaseline,
  buildReferenceProfile,
  createSeededRng,
  measureClassification,
  type PerformanceAssessment,
  profilePredictions,
  type ScoredRows,
  selectScored,
  stricterBaseline,
} from '../index.js';

const task = 'binary-classification' as const;
type Binary = ScoredRows & { readonly task: typeof task };

/** Patients whose true probability is known. `noise` 0 answers with it; 1 answers with another patient's. */
function simulate(seed: number, options: { rows: number; noise?: number; positiveShift?: number }): Binary {
  const rng = createSeededRng(seed);
  const truth = Array.from(
    { length: options.rows },
    () => 1 / (1 + Math.exp(-(6 * rng() - 3 + (options.positiveShift ?? 0)))),
  );
  const labels = truth.map((p): 0 | 1 => (rng() < p ? 1 : 0));
  const probabilities = truth.map((p) => (rng() < (options.noise ?? 0) ? truth[Math.floor(rng() * truth.length)]! : p));
  return { task, probabilities, labels, threshold: 0.5 };
}

const baseline = buildPerformanceBaseline(simulate(1, { rows: 300 }))!;
const assess = (window: Binary): PerformanceAssessment =>
  assessPerformance({ window, baseline, rng: createSeededRng(9) });

// sklearn 1.9.1: accuracy_score, precision_score, recall_score, f1_score, roc_auc_score, log_loss, brier_score_loss.
it('computes the metrics of scikit-learn, ties in the scores included', () => {
  const probabilities = [0.1, 0.4, 0.35, 0.8, 0.4, 0.9, 0.65, 0.2];
  const metrics = measureClassification({ probabilities, labels: [0, 0, 1, 1, 1, 1, 0, 0], threshold: 0.4 })!;
  expect(metrics).toMatchObject({
    accuracy: 0.625,
    precision: 0.6,
    recall: 0.75,
    confusion: { truePositives: 3, falsePositives: 2, trueNegatives: 2, falseNegatives: 1 },
  });
  expect(metrics.f1).toBeCloseTo(0.6666666666666666, 12);
  expect(metrics.rocAuc).toBeCloseTo(0.78125, 12);
  expect(metrics.logLoss).toBeCloseTo(0.5229710923226967, 12);
  expect(metrics.brier).toBeCloseTo(0.183125, 12);
});

it('says null, not 0 or NaN, for what the window does not define', () => {
  expect(measureClassification({ probabilities: [0.1, 0.2], labels: [0, 0], threshold: 0.5 })).toMatchObject({
    precision: null,
    recall: null,
    f1: null,
    rocAuc: null,
  });
  expect(measureClassification({ probabilities: [], labels: [], threshold: 0.5 })).toBeNull();
  expect(buildPerformanceBaseline({ task, probabilities: [Number.NaN], labels: [1], threshold: 0.5 })).toBeNull();
});

it('takes an invalid score for an error before it is ranked', () => {
  const { scored, invalid } = selectScored({
    probabilities: [0.2, Number.NaN, 1.2, -0.1, 0.7],
    labels: [0, 1, 1, 0, 1],
    threshold: 0.5,
  });
  expect({ kept: Array.from(scored.probabilities), invalid }).toEqual({ kept: [0.2, 0.7], invalid: 3 });
});

describe('verdict', () => {
  it('stays healthy when nothing changed: at most 2 of 100 windows of 90 rows are called degraded', () => {
    const verdicts = Array.from({ length: 100 }, (_, i) => {
      const window = simulate(100 + i, { rows: 90 });
      return assessPerformance({ window, baseline, rng: createSeededRng(i), options: { replicates: 200 } }).verdict;
    });
    expect(verdicts.filter((verdict) => verdict === 'degraded').length).toBeLessThanOrEqual(2);
    expect(verdicts).not.toContain('insufficient');
  });

  it("is degraded when the answers are another patient's, with the reason and the numbers", () => {
    const result = assess(simulate(2, { rows: 200, noise: 1 }));
    expect(result.verdict).toBe('degraded');
    expect(result.reasons[0]).toMatch(/^Brier score 0\.\d{3} against 0\.\d{3}/);
    expect(result.losses.find(({ loss }) => loss === 'brier')).toMatchObject({
      degraded: true,
      direction: 'higher-is-worse',
    });
    expect(result.skill.skill!).toBeLessThan(0);
  });

  // Guards the rule that F1 decides nothing: with more positives it rises while the scores get worse.
  it('is degraded although F1 rose with the positive share', () => {
    const worse = simulate(3, { rows: 300, noise: 0.8, positiveShift: 1.5 });
    const result = assess({ ...worse, threshold: 0.3 });
    const f1 = result.metrics.find(({ metric }) => metric === 'f1')!;
    expect(f1.value!).toBeGreaterThan(f1.baseline!);
    expect(result.verdict).toBe('degraded');
  });

  it('stays healthy when only the mix of patients moved', () => {
    expect(assess(simulate(4, { rows: 300, positiveShift: 1.5 })).verdict).toBe('healthy');
  });

  it('is insufficient below the minimum of rows, and without a baseline unless worse than a constant', () => {
    expect(assess(simulate(5, { rows: 29, noise: 1 }))).toMatchObject({ verdict: 'insufficient', rows: 29 });
    const alone = (window: Binary) => assessPerformance({ window, baseline: null, rng: createSeededRng(1) }).verdict;
    expect(alone(simulate(6, { rows: 200 }))).toBe('insufficient');
    const inverted = simulate(6, { rows: 200 });
    expect(alone({ ...inverted, probabilities: Array.from(inverted.probabilities, (p) => 1 - p) })).toBe('degraded');
  });

  it('does not excuse a version that was bad from the start: the stricter baseline judges', () => {
    const bad = buildPerformanceBaseline(simulate(7, { rows: 300, noise: 1 }))!;
    expect(stricterBaseline(bad, baseline)).toBe(baseline);
    expect(stricterBaseline(null, baseline)).toBe(baseline);
    expect(stricterBaseline(bad, null)).toBe(bad);
    expect(stricterBaseline(null, null)).toBeNull();
  });
});

it('repeats itself from the same seed, and its intervals hold the values', () => {
  const window = simulate(8, { rows: 200 });
  expect(assess(window)).toEqual(assess(window));
  for (const { value, interval } of assess(window).metrics) {
    expect(interval!.lower).toBeLessThan(value!);
    expect(interval!.upper).toBeGreaterThan(value!);
  }
});

it('answers for any scores and labels without throwing, in JSON numbers', () => {
  const score = fc.oneof(fc.double(), fc.double({ min: 0, max: 1, noNaN: true }), fc.constantFrom(0, 1, 0.5));
  const row = fc.tuple(score, fc.constantFrom(0 as const, 1 as const));
  fc.assert(
    fc.property(fc.array(row, { maxLength: 60 }), (rows) => {
      const window = {
        task,
        probabilities: rows.map(([p]) => p),
        labels: rows.map(([, label]) => label),
        threshold: 0.5,
      };
      const result = assessPerformance({ window, baseline, rng: createSeededRng(1), options: { replicates: 20 } });
      expect(JSON.parse(JSON.stringify(result))).toEqual(result);
    }),
    { numRuns: 60 },
  );
});

describe('answers without labels', () => {
  const sure = Array.from({ length: 200 }, (_, i) => (i % 2 === 0 ? 0.05 : 0.9));
  const reference = profilePredictions({ task, probabilities: sure, threshold: 0.5 });
  const look = (probabilities: number[], failures = 0) =>
    assessPredictions({ answers: { task, probabilities, threshold: 0.5 }, failures, reference });

  it('are normal when they look like the reference', () => {
    expect(look(sure.slice(0, 100))).toMatchObject({
      verdict: 'normal',
      lowConfidence: { share: 0, raised: false },
      anomalies: [],
    });
  });

  it('are low in confidence when the unsure share rose', () => {
    const unsure = sure.slice(0, 100).map((p, i) => (i % 3 === 0 ? 0.52 : p));
    expect(look(unsure)).toMatchObject({
      verdict: 'low-confidence',
      lowConfidence: { share: 0.34, reference: 0, raised: true },
    });
  });

  it('are anomalous when impossible, all the same, or missing', () => {
    expect(look([...sure, Number.NaN, 1.5]).anomalies).toMatchObject([{ kind: 'invalid-probability', rows: 2 }]);
    expect(look(new Array(50).fill(0.7)).anomalies).toMatchObject([{ kind: 'constant-output', rows: 50 }]);
    expect(look(sure, 60)).toMatchObject({ verdict: 'anomalous', anomalies: [{ kind: 'error-spike', rows: 60 }] });
  });

  it('are not judged on few rows, and never throw on none', () => {
    expect(look([0.5, 0.5]).verdict).toBe('insufficient');
    expect(
      assessPredictions({ answers: { task, probabilities: [], threshold: 0.5 }, failures: 0, reference: null }).verdict,
    ).toBe('insufficient');
    expect(
      buildReferenceProfile({ columns: [], predictions: { task, probabilities: [], threshold: 0.5 } }).prediction!
        .decision!.positives,
    ).toBe(0);
  });
});
