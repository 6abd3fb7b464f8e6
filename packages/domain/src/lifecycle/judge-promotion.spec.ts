import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { ComparedWithLive } from './compare-holdouts.js';
import { type CandidateEvidence, judgePromotion, type LiveEvidence, type PromotionGate } from './judge-promotion.js';

const gate: PromotionGate = { f1Min: 0.75, rocAucDropMax: 0.02, brierRiseMax: 0.01, parityMax: 1e-6 };
const holdout = { rows: 90, positives: 41, f1Score: 0.8, rocAuc: 0.9, brier: 0.13 };
const at = (estimate: number, half = 0.05) => ({ estimate, low: estimate - half, high: estimate + half });
const same: ComparedWithLive = { slice: 'holdout', rocAucDifference: at(0), brierDifference: at(0) };
const good: CandidateEvidence = {
  holdout,
  versusLive: [same],
  parity: { worstProbabilityDifference: 3e-7, labelDifferences: 0 },
  datasetDigest: 'a',
  origin: 'trained',
  purpose: 'release',
};
const repair: CandidateEvidence = {
  ...good,
  purpose: 'repair',
  versusLive: [{ ...same, slice: 'recent', brierDifference: at(-0.04) }],
};
const live: LiveEvidence = { version: 1, holdout, datasetDigest: 'a' };
const refusals = (candidate: CandidateEvidence, present: LiveEvidence | null = live) =>
  judgePromotion(candidate, present, gate).refusals.map(({ code }) => code);

it('admits a candidate exactly on every limit', () => {
  const edge: CandidateEvidence = {
    ...good,
    holdout: { ...holdout, f1Score: 0.75 },
    parity: { worstProbabilityDifference: 1e-6, labelDifferences: 0 },
    versusLive: [
      {
        slice: 'holdout',
        rocAucDifference: { estimate: -0.02, low: -0.03, high: -0.01 },
        brierDifference: at(0.01, 0),
      },
    ],
  };
  expect(judgePromotion(edge, live, gate)).toMatchObject({ admitted: true, refusals: [] });
});

it('reports all refusals at once, each with what was measured and its limit', () => {
  const bad: CandidateEvidence = {
    ...good,
    holdout: { ...holdout, f1Score: 0.7 },
    parity: { worstProbabilityDifference: 1e-3, labelDifferences: 2 },
    versusLive: [{ slice: 'holdout', rocAucDifference: at(-0.2), brierDifference: at(0.08) }],
  };
  const verdict = judgePromotion(bad, live, gate);
  expect(verdict.admitted).toBe(false);
  expect(verdict.refusals.map(({ code }) => code)).toEqual([
    'f1-below-minimum',
    'parity-differs',
    'parity-labels-differ',
    'auc-worse-than-live',
    'brier-worse-than-live',
  ]);
  expect(verdict.conditions).toContainEqual({ code: 'f1-below-minimum', holds: false, measured: 0.7, limit: 0.75 });
  expect(verdict.conditions).toContainEqual({
    code: 'brier-worse-than-live',
    holds: false,
    measured: 0.08,
    limit: 0.01,
  });
});

it('keeps the conditions that held', () => {
  expect(judgePromotion(good, live, gate).conditions.map(({ code, holds }) => [code, holds])).toEqual([
    ['f1-below-minimum', true],
    ['parity-differs', true],
    ['parity-labels-differ', true],
    ['auc-worse-than-live', true],
    ['brier-worse-than-live', true],
  ]);
});

// Guards the business rule: a failed evaluation must never look like a pass.
it('refuses NaN measurements', () => {
  const lost = { estimate: Number.NaN, low: Number.NaN, high: Number.NaN };
  expect(refusals({ ...good, holdout: { ...holdout, f1Score: Number.NaN } })).toEqual(['f1-below-minimum']);
  expect(
    refusals({ ...good, parity: { worstProbabilityDifference: Number.NaN, labelDifferences: Number.NaN } }),
  ).toEqual(['parity-differs', 'parity-labels-differ']);
  expect(
    refusals({ ...good, versusLive: [{ ...same, rocAucDifference: { ...lost, high: 0.1 }, brierDifference: lost }] }),
  ).toEqual(['auc-worse-than-live', 'brier-worse-than-live']);
  expect(
    refusals({ ...repair, versusLive: [{ slice: 'recent', rocAucDifference: null, brierDifference: lost }] }),
  ).toEqual(['brier-worse-than-live', 'not-better-than-live']);
});

it('keeps a NaN as null, because JSON has no NaN', () => {
  const verdict = judgePromotion({ ...good, holdout: { ...holdout, f1Score: Number.NaN } }, null, gate);
  expect(verdict.conditions[0]).toEqual({ code: 'f1-below-minimum', holds: false, measured: null, limit: 0.75 });
});

it('holds only the absolute rules when nothing is live', () => {
  expect(refusals({ ...repair, versusLive: [] }, null)).toEqual([]);
  expect(refusals({ ...good, versusLive: [], holdout: { ...holdout, f1Score: 0.1 } }, null)).toEqual([
    'f1-below-minimum',
  ]);
});

it('needs a proof of parity from training, not from an upload', () => {
  expect(refusals({ ...good, parity: null })).toEqual(['parity-missing']);
  expect(refusals({ ...good, parity: null, origin: 'uploaded' })).toEqual([]);
});

// Two fits judged on 80 rows differ by -.06 to +.09 in AUC for no reason.
it('takes a drop of AUC whose interval holds zero for noise', () => {
  const noisy: ComparedWithLive = { ...same, rocAucDifference: { estimate: -0.06, low: -0.14, high: 0.02 } };
  expect(refusals({ ...good, versusLive: [noisy] })).toEqual([]);
  const certain: ComparedWithLive = { ...same, rocAucDifference: { estimate: -0.06, low: -0.09, high: -0.03 } };
  expect(refusals({ ...good, versusLive: [certain] })).toEqual(['auc-worse-than-live']);
});

it('has nothing to say about AUC where only one class was seen', () => {
  expect(refusals({ ...good, versusLive: [{ ...same, rocAucDifference: null }] })).toEqual([]);
});

it('judges every slice', () => {
  const worse: ComparedWithLive = { slice: 'recent', rocAucDifference: at(0), brierDifference: at(0.05) };
  expect(refusals({ ...good, versusLive: [same, worse] })).toEqual(['brier-worse-than-live']);
});

it('lets a repair pass only when it is better than live on recent rows', () => {
  expect(refusals(repair)).toEqual([]);
  expect(refusals({ ...repair, versusLive: [{ ...same, slice: 'recent' }] })).toEqual(['not-better-than-live']);
  expect(refusals({ ...repair, versusLive: [{ ...same, brierDifference: at(-0.1) }] })).toEqual([
    'not-compared-with-live',
  ]);
  expect(refusals({ ...repair, versusLive: [] })).toEqual(['not-compared-with-live']);
});

it('falls back on the recorded holdouts when a release was never run beside live', () => {
  expect(refusals({ ...good, versusLive: [] })).toEqual([]);
  expect(refusals({ ...good, versusLive: [], holdout: { ...holdout, brier: 0.2 } })).toEqual(['brier-worse-than-live']);
  expect(refusals({ ...good, versusLive: [], holdout: { ...holdout, rocAuc: 0.5 } })).toEqual(['auc-worse-than-live']);
  expect(refusals({ ...good, versusLive: [], holdout: { ...holdout, rocAuc: 0.86 } })).toEqual([]);
});

it('does not compare holdouts of different data', () => {
  expect(refusals({ ...good, versusLive: [], datasetDigest: 'b' })).toEqual(['not-compared-with-live']);
});

it('admits exactly when there is no refusal, and asks each rule of every candidate', () => {
  const number = fc.oneof(fc.double({ min: -1, max: 1 }), fc.constant(Number.NaN));
  const difference = fc.record({ estimate: number, low: number, high: number });
  const candidate = fc.record({
    holdout: fc.record({
      rows: fc.nat(500),
      positives: fc.nat(500),
      f1Score: number,
      rocAuc: fc.option(number),
      brier: number,
    }),
    versusLive: fc.array(
      fc.record({
        slice: fc.constantFrom('holdout', 'recent'),
        rocAucDifference: fc.option(difference),
        brierDifference: difference,
      }),
    ),
    parity: fc.option(fc.record({ worstProbabilityDifference: number, labelDifferences: fc.nat(3) })),
    datasetDigest: fc.option(fc.constantFrom('a', 'b')),
    origin: fc.constantFrom('trained' as const, 'uploaded' as const),
    purpose: fc.constantFrom('repair' as const, 'release' as const),
  });
  fc.assert(
    fc.property(candidate, fc.boolean(), (evidence, first) => {
      const verdict = judgePromotion(evidence, first ? null : live, gate);
      expect(verdict.admitted).toBe(verdict.refusals.length === 0);
      expect(verdict.refusals.length).toBe(verdict.conditions.filter(({ holds }) => !holds).length);
      if (verdict.admitted) expect(evidence.holdout.f1Score).toBeGreaterThanOrEqual(gate.f1Min);
      for (const { measured } of verdict.conditions) expect(measured === null || Number.isFinite(measured)).toBe(true);
    }),
  );
});
