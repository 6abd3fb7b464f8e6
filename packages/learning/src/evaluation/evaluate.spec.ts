import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createRandom } from '../random/random.js';
import { bootstrapMetrics } from './bootstrap-metrics.js';
import { thinCurve, traceClassCurves, traceCurves } from './curves.js';
import { evaluate, type JudgedRows } from './evaluate.js';
import { evaluateAnomaly } from './evaluate-anomaly.js';
import { evaluateBinary } from './evaluate-binary.js';
import { evaluateMulticlass } from './evaluate-multiclass.js';
import { evaluateRegression } from './evaluate-regression.js';
import { tuneThreshold } from './tune-threshold.js';

const TWO = ['no', 'yes'];

const weighed = fc
  .array(fc.tuple(fc.constantFrom(0, 1), fc.integer({ min: 1, max: 31 }), fc.integer({ min: 1, max: 4 })), {
    minLength: 4,
    maxLength: 60,
  })
  .filter((rows) => new Set(rows.map(([label]) => label)).size === 2)
  .map((rows) => rows.map(([label, score, weight]) => ({ label, score: score / 32, weight })));

// What a weight means: everything comes out as if the row stood there so many times.
it('counts a row of weight w like w rows', () => {
  fc.assert(
    fc.property(weighed, (rows) => {
      const repeated = rows.flatMap((row) => Array.from({ length: row.weight }, () => row));
      const labels = (list: typeof rows): number[] => list.map(({ label }) => label);
      const scores = (list: typeof rows): number[] => list.map(({ score }) => score);
      const weights = rows.map(({ weight }) => weight);
      const threshold = tuneThreshold(labels(rows), scores(rows), weights);
      const again = tuneThreshold(labels(repeated), scores(repeated));
      expect(threshold.f1).toBeCloseTo(again.f1, 12);
      const one = evaluateBinary(labels(rows), scores(rows), threshold.threshold, weights);
      const other = evaluateBinary(labels(repeated), scores(repeated), threshold.threshold);
      const { rows: _, positives: __, ...metrics } = other.metrics;
      for (const [name, value] of Object.entries(metrics))
        expect(one.metrics).toHaveProperty(name, expect.closeTo(value, 9));
      expect(one.confusion).toEqual(other.confusion);
      expect(traceCurves(labels(rows), scores(rows), { weights })).toEqual(
        traceCurves(labels(repeated), scores(repeated)).map((point) => ({
          threshold: point.threshold,
          truePositiveRate: expect.closeTo(point.truePositiveRate, 12),
          falsePositiveRate: expect.closeTo(point.falsePositiveRate, 12),
          precision: expect.closeTo(point.precision, 12),
        })),
      );
    }),
  );
});

it('averages over the classes that are present or called', () => {
  const rows = [
    [0.7, 0.2, 0.1, 0],
    [0.1, 0.8, 0.1, 0],
    [0.6, 0.3, 0.1, 0],
  ];
  const { metrics, classes, confusion, mistakes } = evaluateMulticlass([0, 1, 1], rows.flat(), ['a', 'b', 'c', 'd']);
  expect(metrics.macroF1).toBeCloseTo((2 / 3 + 2 / 3) / 2, 12);
  expect(classes.map(({ rocAuc }) => rocAuc)).toEqual([1, 0.5 + 0.5, null, null].map((auc) => auc));
  expect(confusion?.[1]).toEqual([1, 1, 0, 0]);
  expect(mistakes).toEqual([{ truth: 'b', called: 'a', weight: 1 }]);
});

it('leaves targets of 0 out of the percentage error and says so', () => {
  const { metrics } = evaluateRegression([0, 2, 4], [1, 3, 4]);
  expect(metrics.mape).toBeCloseTo(0.25, 12);
  expect(metrics.mapeRows).toBe(2);
  expect(evaluateRegression([0, 0], [1, 2]).metrics).toMatchObject({ mape: null, mapeRows: 0, r2: null });
});

it('judges anomalies by labels as far as there are some', () => {
  const scores = [0.9, 0.8, 0.2, 0.1];
  const labelled = evaluateAnomaly([1, 0, 0, 0], scores, 0.5);
  expect(labelled.metrics).toMatchObject({ anomalies: 1, flaggedShare: 0.5, rocAuc: 1, precision: 0.5, recall: 1 });
  const unknown = evaluateAnomaly([0, 0, 0, 0], scores, 0.5);
  expect(unknown.metrics).toMatchObject({ flaggedShare: 0.5, rocAuc: null, averagePrecision: null, precision: null });
  expect(unknown.confusion).toBeNull();
});

it('refuses scores that would make a metric silently wrong', () => {
  expect(() => evaluateMulticlass([0, 1], [0.5, 0.5, 0.9, 0.3], TWO)).toThrow('The probabilities of row 1 sum to');
  expect(() => evaluateMulticlass([0, 2], [0.5, 0.5, 0.5, 0.5], TWO)).toThrow('The label of row 1 is not the index');
  expect(() => evaluateMulticlass([0], [0.5], TWO)).toThrow('1 probabilities for 1 x 2.');
  expect(() => evaluateRegression([1, 2], [1, Number.NaN])).toThrow('The prediction of row 1 is not finite.');
  expect(() => evaluateRegression([1, 2], [1, 2], [1])).toThrow('1 weights for 2 rows.');
  expect(() => evaluateRegression([1, 2], [1, 2], [0, 0])).toThrow('all have the weight 0');
  expect(() => evaluateRegression([1, 2], [1, 2], [1, -1])).toThrow('The weight of row 1 is not a number >= 0.');
  const rows: JudgedRows = { task: 'binary-classification', classes: TWO, target: [0, 1], outputs: [0, 1] };
  expect(() => evaluate(rows)).toThrow('A binary-classification is judged at a threshold.');
});

function drawScores(rows: number, seed: number): { target: number[]; outputs: number[] } {
  const random = createRandom(seed);
  const target = Array.from({ length: rows }, () => Number(random.nextFloat() < 0.4));
  return { target, outputs: target.map((label) => Math.min(1, 0.35 * label + 0.65 * random.nextFloat())) };
}

it('keeps the shape of curves when it thins them', () => {
  const { target, outputs } = drawScores(5000, 1);
  const area = (points: ReturnType<typeof traceCurves>): number =>
    points.reduce((sum, point, i) => {
      const last = points[i - 1] ?? { falsePositiveRate: 0, truePositiveRate: 0 };
      return (
        sum +
        ((point.falsePositiveRate - last.falsePositiveRate) * (point.truePositiveRate + last.truePositiveRate)) / 2
      );
    }, 0);
  const whole = traceCurves(target, outputs);
  const thin = traceCurves(target, outputs, { pointsMax: 100 });
  expect(thin.length).toBeLessThanOrEqual(100);
  expect(thin.length).toBeGreaterThan(60);
  expect([thin[0], thin.at(-1)]).toEqual([whole[0], whole.at(-1)]);
  expect(Math.abs(area(thin) - area(whole))).toBeLessThan(0.002);
  expect(() => thinCurve(whole, 1)).toThrow('pointsMax must be');
  const outputs2 = outputs.flatMap((score) => [1 - score, score]);
  expect(traceClassCurves(target, outputs2, { classCount: 2, label: 1 })).toEqual(whole);
});

it('repeats its intervals for a seed, and covers the truth about as often as it says', () => {
  const many = drawScores(30_000, 99);
  const truth = evaluateBinary(many.target, many.outputs, 0.5).metrics.rocAuc;
  let covered = 0;
  const trials = 60;
  for (let trial = 0; trial < trials; trial++) {
    const rows: JudgedRows = { task: 'binary-classification', classes: TWO, ...drawScores(150, trial), threshold: 0.5 };
    const settings = { seed: trial, replicates: 200, level: 0.9 };
    const found = bootstrapMetrics(rows, settings);
    if (trial === 0) expect(bootstrapMetrics(rows, settings)).toEqual(found);
    const { interval } = found.find(({ metric }) => metric === 'rocAuc')!;
    if (interval!.lower <= truth && truth <= interval!.upper) covered++;
  }
  expect(covered).toBeGreaterThan(46);
  expect(covered).toBeLessThan(60);
});

it('gives intervals for every task, and none where the metric is undefined', () => {
  const { target, outputs } = drawScores(300, 7);
  const weights = target.map((_, i) => 1 + (i % 2));
  const tasks: JudgedRows[] = [
    { task: 'binary-classification', classes: TWO, target, outputs, threshold: 0.5, weights },
    { task: 'multiclass-classification', classes: TWO, target, outputs: outputs.flatMap((p) => [1 - p, p]), weights },
    { task: 'regression', classes: [], target, outputs, weights },
    { task: 'anomaly-detection', classes: TWO, target, outputs, threshold: 0.5, weights },
  ];
  for (const rows of tasks) {
    for (const { metric, value, interval } of bootstrapMetrics(rows, { seed: 3, replicates: 200 })) {
      expect({ metric, isInside: interval!.lower <= value! && value! <= interval!.upper }).toEqual({
        metric,
        isInside: true,
      });
    }
  }
  const unlabelled = { ...tasks[3]!, target: target.map(() => 0) };
  expect(bootstrapMetrics(unlabelled, { seed: 3 })).toEqual([
    { metric: 'rocAuc', value: null, interval: null },
    { metric: 'averagePrecision', value: null, interval: null },
  ]);
  expect(() => bootstrapMetrics(tasks[0]!, { seed: 3, replicates: 5 })).toThrow('replicates must be');
  expect(() => bootstrapMetrics(tasks[0]!, { seed: 3, level: 95 })).toThrow('level must be in (0, 1), got 95.');
});
