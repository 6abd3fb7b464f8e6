import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { makeTask } from '../../test/make-task.js';
import { createDataset } from '../dataset/dataset.js';
import { planFolds } from '../dataset/split-rows.js';
import { applyLink } from '../families/apply-link.js';
import { createRandom } from '../random/random.js';
import { assembleCrossValidation } from '../validation/cross-validate.js';
import { type FoldResult, runFold } from '../validation/run-fold.js';
import { chooseCalibration } from './choose-calibration.js';
import { fitIsotonic, poolAdjacentViolators } from './fit-isotonic.js';
import { fitPlatt } from './fit-platt.js';
import { fitTemperature } from './fit-temperature.js';

// Measured by scikit-learn 1.9.1 and SciPy 1.17.1; see make_evaluation_golden.py beside the file.
const golden = JSON.parse(readFileSync(new URL('../../test/golden/evaluation.json', import.meta.url), 'utf8'));
const variants = [
  ['plain', null],
  ['weighted', golden.weights],
] as const;

it.each(variants)('fits Platt scaling as scikit-learn does, %s', (variant, weights) => {
  const { slope, intercept } = fitPlatt({ ...golden.binary, weights });
  expect(slope).toBeCloseTo(golden.platt[variant].slope, 4);
  expect(intercept).toBeCloseTo(golden.platt[variant].intercept, 4);
});

it.each(variants)('pools adjacent violators as scikit-learn does, %s', (variant, weights) => {
  const { margins, target } = golden.binary;
  const blocks = poolAdjacentViolators({ margins, target, weights });
  const kept = margins.filter((_: number, i: number) => weights === null || weights[i] > 0);
  const fitted = kept.map((margin: number) => blocks.find(({ low, high }) => low <= margin && margin <= high)?.value);
  expect(fitted).toEqual(golden.isotonic[variant].map((value: number) => expect.closeTo(value, 12)));
});

it.each(variants)('finds the temperature that a general optimiser finds, %s', (variant, weights) => {
  const { margins, target } = golden.multiclass;
  expect(fitTemperature({ margins, target, weights }).temperature).toBeCloseTo(golden.temperature[variant], 5);
});

const samples = fc
  .array(fc.tuple(fc.integer({ min: -8, max: 8 }), fc.constantFrom(0, 1)), { minLength: 4, maxLength: 50 })
  .filter((rows) => new Set(rows.map(([, label]) => label)).size === 2)
  .map((rows) => ({
    margins: rows.map(([margin]) => margin / 4),
    target: rows.map(([, label]) => label),
    weights: null,
  }));

it('never falls, never promises certainty, and puts every margin of a block on its step', () => {
  fc.assert(
    fc.property(samples, (sample) => {
      const calibration = fitIsotonic(sample);
      const { edges, values } = calibration;
      expect(edges).toHaveLength(values.length - 1);
      expect(values.every((value, i) => value > 0 && value < 1 && value >= (values[i - 1] ?? 0))).toBe(true);
      expect(edges.every((edge, i) => Math.fround(edge) === edge && edge > (edges[i - 1] ?? -9))).toBe(true);
      const blocks = poolAdjacentViolators(sample);
      const answers = applyLink({ link: 'sigmoid', calibration }, Float64Array.from(sample.margins), 1);
      sample.margins.forEach((margin, i) => {
        expect(answers[i]).toBe(values[blocks.findIndex(({ low, high }) => low <= margin && margin <= high)]);
      });
    }),
  );
});

const candidate = { id: 'forest', algorithm: 'random_forest', hyperparameters: {} };

/** Margins of a model that is right about the order, and off by `steepness` about its confidence. */
function drawFolds(rows: number, steepness: number) {
  const random = createRandom(8);
  const truth = Array.from({ length: rows }, () => 6 * random.nextFloat() - 3);
  const target = truth.map((margin) => Number(random.nextFloat() < 1 / (1 + Math.exp(-margin))));
  const dataset = createDataset({ features: [{ name: 'a', kind: 'numeric' }], columns: [truth], target });
  const folds = planFolds(dataset, { foldCount: 5, seed: 1 });
  const results: FoldResult[] = folds.map(({ index, testRows }) => {
    const margins = Float32Array.from(testRows, (row) => steepness * truth[row]!);
    return { candidateId: 'forest', foldIndex: index, link: 'sigmoid', calibration: null, margins };
  });
  return { dataset, folds, results };
}

it('calibrates what is too sure of itself, and leaves what is honest', () => {
  const steep = drawFolds(2000, 3);
  const choice = chooseCalibration(steep.dataset, steep.folds, candidate, steep.results);
  expect(choice.calibration?.kind).toBe('platt');
  expect(choice.calibration).toMatchObject({ slope: expect.closeTo(1 / 3, 1), intercept: expect.closeTo(0, 0) });
  expect(choice.trials.map(({ kind, helps }) => [kind, helps])).toEqual([
    ['platt', true],
    ['isotonic', true],
  ]);
  const before = assembleCrossValidation(steep.dataset, steep.folds, candidate, steep.results);
  const after = assembleCrossValidation(steep.dataset, steep.folds, candidate, choice.results);
  expect(after.pooled.metrics.logLoss).toBeLessThan(before.pooled.metrics.logLoss - 0.1);
  expect(after.pooled.metrics.logLoss).toBeCloseTo(choice.trials[0]!.logLoss, 12);
  expect(before.pooled.metrics.logLoss).toBeCloseTo(choice.ownLogLoss!, 12);
  expect(after.pooled.metrics.expectedCalibrationError).toBeLessThan(
    before.pooled.metrics.expectedCalibrationError / 2,
  );
  expect(choice.threshold).toBeGreaterThan(0.3);
  expect(choice.threshold).toBeLessThan(0.7);

  const honest = drawFolds(2000, 1);
  const kept = chooseCalibration(honest.dataset, honest.folds, candidate, honest.results);
  expect(kept).toMatchObject({ calibration: null, threshold: null, results: honest.results });
  expect(
    chooseCalibration(steep.dataset, steep.folds, { ...candidate, algorithm: 'logistic_regression' }, steep.results)
      .trials,
  ).toHaveLength(1);
});

// Guards the choice against flattery: on a sample this small, what was fitted to the judged rows themselves would look good.
it('adopts nothing from labels that are noise', () => {
  const { dataset, folds, results } = drawFolds(60, 1);
  const random = createRandom(5);
  const noise = { ...dataset, target: dataset.target.map(() => Number(random.nextFloat() < 0.5)) };
  const zero = results.map((result) => ({
    ...result,
    margins: result.margins.map(() => random.nextFloat() / 10),
  }));
  expect(chooseCalibration(noise, folds, candidate, zero).calibration).toBeNull();
});

it("finds a temperature for many classes by the kernel's own margins, and nothing to calibrate in values", () => {
  const dataset = makeTask({ task: 'multiclass-classification', rows: 400, seed: 4, weighted: true });
  const folds = planFolds(dataset, { foldCount: 4, seed: 1 });
  const results = folds.map((fold) => runFold({ dataset, fold, candidate, seed: 1 }));
  const choice = chooseCalibration(dataset, folds, candidate, results);
  expect(choice.trials.map(({ kind }) => kind)).toEqual(['temperature']);
  const values = makeTask({ task: 'regression', rows: 100, seed: 4 });
  const parts = planFolds(values, { foldCount: 2, seed: 1 });
  const found = chooseCalibration(
    values,
    parts,
    candidate,
    parts.map((fold) => runFold({ dataset: values, fold, candidate, seed: 1 })),
  );
  expect(found).toMatchObject({ calibration: null, trials: [], ownLogLoss: null });
});
