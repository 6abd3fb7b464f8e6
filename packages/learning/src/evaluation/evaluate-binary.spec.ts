import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { traceCurves } from './curves.js';
import { evaluateBinary } from './evaluate-binary.js';
import { tuneThreshold } from './tune-threshold.js';

const scored = fc
  .array(fc.tuple(fc.constantFrom(0, 1), fc.integer({ min: 0, max: 20 })), { minLength: 2, maxLength: 60 })
  .filter((rows) => new Set(rows.map(([label]) => label)).size === 2)
  .map((rows) => ({ target: rows.map(([label]) => label), probabilities: rows.map(([, score]) => score / 20) }));

const f1At = (target: readonly number[], probabilities: readonly number[], threshold: number): number =>
  evaluateBinary(target, probabilities, threshold).metrics.f1;

it('finds no better F1 at any threshold than the tuned one', () => {
  fc.assert(
    fc.property(scored, ({ target, probabilities }) => {
      const tuned = tuneThreshold(target, probabilities);
      expect(f1At(target, probabilities, tuned.threshold)).toBeCloseTo(tuned.f1, 12);
      const decisive = Array.from({ length: 20 }, (_, i) => (i + 0.5) / 20).filter(
        (at) => at > Math.min(...probabilities),
      );
      const others = decisive.map((threshold) => f1At(target, probabilities, threshold));
      expect(tuned.f1).toBeGreaterThanOrEqual(Math.max(...others) - 1e-12);
    }),
  );
});

it('keeps the threshold off every prediction it was tuned on, unless it is 0.5', () => {
  fc.assert(
    fc.property(scored, ({ target, probabilities }) => {
      const { threshold } = tuneThreshold(target, probabilities);
      expect(threshold === 0.5 || !probabilities.map(Math.fround).includes(threshold)).toBe(true);
    }),
  );
});

it('breaks ties towards 0.5, then downwards', () => {
  expect(tuneThreshold([0, 1], [0.1, 0.9])).toEqual({ threshold: 0.5, f1: 1 });
  expect(tuneThreshold([0, 1], [0.1, 0.2]).threshold).toBeCloseTo(0.15, 7);
  // 0.375 and 0.625 both call the same share right and are equally far from 0.5.
  expect(tuneThreshold([1, 0, 1, 0, 0, 0], [0.75, 0.5, 0.25, 0, 0, 0]).threshold).toBe(0.125);
});

it('traces curves whose ROC area is the measured one and whose end calls everything positive', () => {
  fc.assert(
    fc.property(scored, ({ target, probabilities }) => {
      const points = traceCurves(target, probabilities);
      let area = 0;
      let [lastX, lastY] = [0, 0];
      for (const { falsePositiveRate, truePositiveRate } of points) {
        area += ((falsePositiveRate - lastX) * (truePositiveRate + lastY)) / 2;
        [lastX, lastY] = [falsePositiveRate, truePositiveRate];
      }
      expect(area).toBeCloseTo(evaluateBinary(target, probabilities, 0.5).metrics.rocAuc, 12);
      expect([lastX, lastY]).toEqual([1, 1]);
    }),
  );
});

it('sees a calibration gap', () => {
  const { metrics, calibration } = evaluateBinary([1, 0, 0, 0], [0.75, 0.75, 0.75, 0.75], 0.5);
  expect(calibration).toHaveLength(1);
  expect(metrics.expectedCalibrationError).toBeCloseTo(0.5, 12);
});

it('refuses scores that would make a metric silently wrong', () => {
  expect(() => evaluateBinary([0, 1], [0.5, Number.NaN], 0.5)).toThrow('The probability of row 1 is not in [0, 1].');
  expect(() => tuneThreshold([0, 1], [0.5, 1.1])).toThrow('The probability of row 1 is not in [0, 1].');
  expect(() => traceCurves([0, 2], [0.5, 0.5])).toThrow('The label of row 1 is neither 0 nor 1.');
  expect(() => evaluateBinary([0, 1], [0.5], 0.5)).toThrow('1 probabilities for 2 labels.');
  expect(() => evaluateBinary([], [], 0.5)).toThrow('0 probabilities for 0 labels.');
  expect(() => evaluateBinary([1, 1], [0.5, 0.5], 0.5)).toThrow('all have the same label');
});
