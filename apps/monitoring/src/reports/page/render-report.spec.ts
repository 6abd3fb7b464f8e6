import { buildColumns, buildPerformanceBaseline, buildReferenceProfile, createSeededRng } from '@gimbal/domain';
import { describe, expect, it } from '@jest/globals';
import { assessWindow } from '../../judgement/assess-window.js';
import type { AssessmentDetails } from '../../judgement/assessment-details.js';
import { readDetails } from '../read-details.js';
import { html } from './html.js';
import { type ReportSubject, renderReport } from './render-report.js';

const EVIL = `<script>alert("1")</script>' onload='x`;
const features = [
  { name: 'age', type: 'numeric' as const },
  { name: EVIL, type: 'categorical' as const },
];

function subjectOf(rows: number, more: Partial<ReportSubject> = {}): ReportSubject {
  const rng = createSeededRng(7);
  const patients = Array.from({ length: 300 }, (_, i) => ({
    features: { age: 40 + 20 * rng(), [EVIL]: i % 3 ? 'a' : EVIL },
    prediction: 1,
    probability: rng(),
  }));
  const labelled = patients.map(({ prediction, probability }) => ({
    ...{ prediction, probability, classProbabilities: [] },
    actual: rng() < probability ? 1 : 0,
  }));
  const answers = {
    task: 'binary-classification',
    probabilities: patients.map(({ probability }) => probability),
    threshold: 0.5,
  } as const;
  const profile = buildReferenceProfile({
    columns: buildColumns(
      patients.map((patient) => patient.features),
      features,
    ),
    predictions: answers,
    performance: buildPerformanceBaseline({ ...answers, labels: labelled.map(({ actual }) => (actual ? 1 : 0)) }),
  });
  const reference = {
    ...{ profile, baseline: profile.performance, notes: [EVIL] },
    profileSource: { version: 1, own: true, digest: null },
    baselineSource: { version: 1, from: 'profile' as const },
  };
  const version = {
    ...{
      id: 'x',
      modelName: 'm',
      version: 1,
      isLive: true,
      isAdmitted: true,
      threshold: 0.5,
      features,
      evaluation: null,
      task: 'binary-classification' as const,
      classes: [],
    },
    ...{ profileDigest: null, datasetDigest: null, dataOrigin: 'synthetic' as const },
  };
  const findings = assessWindow({
    ...{ version, reference, threshold: 0.5, seed: 1 },
    rows: patients.slice(0, rows).map((patient) => ({ ...patient, features: { ...patient.features, age: 90 } })),
    labelled: labelled.slice(0, rows),
  });
  const at = '2026-11-21T10:00:00.000Z';
  const details: AssessmentDetails = {
    schemaVersion: 2,
    window: {
      ...{
        kind: 'given',
        labelledFrom: at,
        from: at,
        until: at,
        rows,
        assessedRows: rows,
        labelledRows: rows,
        assessedLabelledRows: rows,
      },
      ...{ sampling: 'all', byVersion: [{ version: 1, rows }] },
    },
    version: { version: 1, chosenAs: 'live', isLive: true, isAdmitted: true, threshold: 0.5, dataOrigin: 'synthetic' },
    reference: {
      profileSource: reference.profileSource,
      baselineSource: reference.baselineSource,
      notes: reference.notes,
    },
    ...findings,
    operations: {
      ...{ latencyMsMean: 1, latencyMsP50: 1, latencyMsP95: 2, latencyMsP99: 3 },
      ...{ positiveShare: 0.5, alertRate: null, abstentionRate: null },
    },
    seed: 1,
  };
  return { assessmentId: 'id', modelName: 'm', requestedAt: at, verdict: 'drift', summary: EVIL, details, ...more };
}

describe('the page of an assessment', () => {
  const page = renderReport(subjectOf(300));

  it('escapes everything that came from outside and runs nothing', () => {
    expect(page).not.toContain('<script');
    expect(page).not.toContain(EVIL);
    expect(page).not.toMatch(/\son[a-z]+=['"]/i);
    expect(page.match(/&lt;script&gt;/g)?.length).toBeGreaterThan(5);
  });

  it('fetches nothing: no link, no image, no import, no address', () => {
    expect(page).not.toMatch(/https?:|src=|href=|@import|url\(/i);
  });

  it('shows charts, the no-drift band, intervals and calibration, and that the data are synthetic', () => {
    expect(page.match(/<svg/g)?.length).toBeGreaterThan(8);
    for (const text of ['no-drift band', 'Calibration', 'Brier score', 'Synthetic data', 'Seed of the bootstrap'])
      expect(page).toContain(text);
    expect(page).not.toMatch(/NaN|undefined|\[object/);
  });

  it('can be made of a window with one row, with none, and of no version at all', () => {
    for (const rows of [1, 0]) expect(renderReport(subjectOf(rows))).not.toMatch(/NaN|undefined|\[object/);
    const { details } = subjectOf(0);
    const nobody = {
      version: null,
      reference: null,
      quality: null,
      drift: null,
      performance: null,
      predictions: null,
      operations: null,
    };
    expect(renderReport(subjectOf(0, { verdict: 'insufficient', details: { ...details, ...nobody } }))).toContain(
      'too little to judge',
    );
  });
});

it('keeps markup and escapes the rest', () => {
  expect(html`<b title="${'"'}">${'<&'}${html`<i>${1}</i>`}${[html`x`, '>']}${null}</b>`.text).toBe(
    '<b title="&quot;">&lt;&amp;<i>1</i>x&gt;</b>',
  );
});

it('is the same page for details that were stored before other tasks than the binary one were judged', () => {
  const subject = subjectOf(300);
  const { drift, performance, operations, ...rest } = subject.details;
  const { outputs, ...answers } = drift!.prediction!;
  const { task: _task, classes: _classes, skill, ...judged } = performance!;
  const { alertRate: _alerts, abstentionRate: _abstained, ...figures } = operations!;
  const former = {
    ...{ ...rest, schemaVersion: 1, operations: figures },
    drift: { ...drift, prediction: { ...answers, probability: outputs[0] } },
    performance: { ...judged, skill: { ...skill, metric: undefined } },
  };
  expect(renderReport({ ...subject, details: readDetails(former) })).toBe(renderReport(subject));
});
