import { expect, it } from '@jest/globals';
import { makeCohort } from '../../test/make-cohort.js';
import { planFolds } from '../dataset/split-rows.js';
import { applyLink } from '../families/apply-link.js';
import { assembleCrossValidation, crossValidate } from './cross-validate.js';
import { rankCandidates } from './rank-candidates.js';
import { type Candidate, type FoldResult, runFold } from './run-fold.js';

const dataset = makeCohort({ rows: 300, seed: 21, missingShare: 0.03 });
const folds = planFolds(dataset, { foldCount: 5, seed: 1 });
const forest: Candidate = { id: 'forest', algorithm: 'random_forest', hyperparameters: { n_estimators: 20 } };
const linear: Candidate = { id: 'linear', algorithm: 'logistic_regression', hyperparameters: {} };

// What makes training independent of the number of workers: each unit crosses to a worker and back as a clone, in any order.
it('gives the same outcome to the last bit when folds run apart, in another order, mixed with other candidates', () => {
  const units = [...folds]
    .reverse()
    .flatMap((fold) => [forest, linear].map((candidate) => ({ dataset, fold, candidate, seed: 9 })));
  const results: FoldResult[] = units.map((unit) => structuredClone(runFold(structuredClone(unit))));
  expect(assembleCrossValidation(dataset, folds, forest, results)).toEqual(
    crossValidate({ dataset, folds, candidate: forest, seed: 9 }),
  );
});

it('predicts every row once, by a model that had not seen it', () => {
  const validation = crossValidate({ dataset, folds, candidate: forest, seed: 9 });
  expect(Array.from(validation.rows)).toEqual(Array.from({ length: 300 }, (_, i) => i));
  for (const fold of folds) {
    const result = runFold({ dataset, fold, candidate: forest, seed: 9 });
    const outputs = applyLink(result, result.margins, 1);
    expect(Array.from(fold.testRows, (row) => validation.outOfFoldProbabilities[row])).toEqual(Array.from(outputs));
  }
  // A model judged on rows it has seen would be near 1 here.
  expect(validation.pooled.metrics.rocAuc).toBeLessThan(0.95);
  expect(validation.pooled.metrics.rocAuc).toBeGreaterThan(0.75);
});

it('judges each fold by a threshold that the labels of that fold had no part in', () => {
  const fold = folds[2]!;
  const flipped = { ...dataset, target: dataset.target.slice() };
  const results = folds.map((each) => runFold({ dataset, fold: each, candidate: linear, seed: 9 }));
  for (const row of fold.testRows) flipped.target[row] = 1 - flipped.target[row]!;
  const before = assembleCrossValidation(dataset, folds, linear, results);
  const after = assembleCrossValidation(flipped, folds, linear, results);
  expect(after.folds[2]!.metrics.threshold).toBe(before.folds[2]!.metrics.threshold);
  expect(after.folds[2]!.metrics.f1).not.toBe(before.folds[2]!.metrics.f1);
});

it('summarises folds by mean and deviation', () => {
  const { folds: judged, summary } = crossValidate({ dataset, folds, candidate: linear, seed: 9 });
  const values = judged.map(({ metrics }) => metrics.f1);
  const mean = values.reduce((sum, value) => sum + value, 0) / 5;
  expect(summary.f1.mean).toBeCloseTo(mean, 12);
  expect(summary.f1.deviation).toBeCloseTo(
    Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 4),
    12,
  );
});

it('refuses to assemble with a fold missing or doubled', () => {
  const results = folds.map((fold) => runFold({ dataset, fold, candidate: linear, seed: 9 }));
  expect(() => assembleCrossValidation(dataset, folds, linear, results.slice(1))).toThrow(
    'Candidate linear has 0 results for fold 0.',
  );
  expect(() => assembleCrossValidation(dataset, folds, linear, [...results, results[4]!])).toThrow(
    'Candidate linear has 2 results for fold 4.',
  );
});

it('reports progress over all folds and stops when told to', () => {
  const seen: number[] = [];
  const onProgress = (done: number): void => void seen.push(done);
  crossValidate({ dataset, folds, candidate: forest, seed: 9 }, { onProgress });
  expect(seen.at(-1)).toBe(1);
  expect(seen.every((done, i) => i === 0 || done >= seen[i - 1]!)).toBe(true);
  const shouldStop = (): boolean => seen.length > 150;
  expect(() => crossValidate({ dataset, folds, candidate: forest, seed: 9 }, { onProgress, shouldStop })).toThrow(
    'training-cancelled',
  );
});

it('ranks by F1, then Brier score, then ROC-AUC, then id', () => {
  const base = crossValidate({ dataset, folds, candidate: linear, seed: 9 });
  const variant = (candidateId: string, f1: number, brier: number, rocAuc: number) => {
    const spread = (mean: number) => ({ mean, deviation: 0 });
    return {
      ...base,
      candidateId,
      summary: { ...base.summary, f1: spread(f1), brier: spread(brier), rocAuc: spread(rocAuc) },
    };
  };
  const ranked = rankCandidates([
    variant('e', 0.7, 0.1, 0.99),
    variant('d', 0.8, 0.2, 0.9),
    variant('c', 0.8 + 1e-13, 0.1, 0.8),
    variant('b', 0.8, 0.1, 0.9),
    variant('a', 0.8, 0.1, 0.9),
  ]);
  expect(ranked.map(({ candidateId }) => candidateId)).toEqual(['a', 'b', 'c', 'd', 'e']);
});
