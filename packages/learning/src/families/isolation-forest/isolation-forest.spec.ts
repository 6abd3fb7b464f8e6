import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { createDataset, createFeatureTable, type Dataset } from '../../dataset/dataset.js';
import { createRandom } from '../../random/random.js';
import { fitModel } from '../fit-model.js';
import { predict } from '../predict.js';
import { expectedPathLength } from './path-length.js';
import { tuneAnomalyThreshold } from './tune-anomaly-threshold.js';

const ROWS = 2000;
const STRANGE = 20;

/** A cloud with a few rows far from it: numbers, a rare category, gaps anywhere. */
function makeCloud(seed: number): Dataset {
  const random = createRandom(seed);
  const columns: number[][] = [[], [], []];
  const target: number[] = [];
  for (let i = 0; i < ROWS; i++) {
    const isStrange = i < STRANGE;
    const shift = isStrange ? 6 : 0;
    columns[0]!.push(random.nextFloat() + random.nextFloat() + shift);
    columns[1]!.push(random.nextFloat() < 0.05 ? Number.NaN : random.nextFloat() - shift);
    columns[2]!.push(random.nextInteger(3));
    target.push(Number(isStrange));
  }
  const kinds = ['numeric', 'numeric', 'categorical'] as const;
  const features = kinds.map((kind, j) => ({ name: `x${j}`, kind }));
  return createDataset({ task: 'anomaly-detection', features, columns, target });
}

const cloud = makeCloud(1);

// scikit-learn 1.9.1: sklearn.ensemble._iforest._average_path_length([1, 2, 3, 10, 256])
it('expects the path lengths that scikit-learn expects', () => {
  const expected = [0, 1, 1.207392357586557, 3.7488806, 10.244770920116851];
  [1, 2, 3, 10, 256].forEach((rows, i) => {
    expect(expectedPathLength(rows)).toBeCloseTo(expected[i]!, 6);
  });
});

it('gives the strangest rows the highest scores, also rows it has not seen', () => {
  const model = fitModel({ dataset: cloud, algorithm: 'isolation_forest', seed: 1 });
  for (const table of [cloud, makeCloud(2)]) {
    const scores = predict(model, table);
    const strange = Math.min(...scores.subarray(0, STRANGE));
    const usual = Math.max(...scores.subarray(STRANGE));
    expect(strange).toBeGreaterThan(usual);
    expect(scores.every((score) => score > 0 && score < 1)).toBe(true);
  }
});

it('does not look at labels', () => {
  const blind = { ...cloud, target: new Float64Array(ROWS) };
  const request = { algorithm: 'isolation_forest', seed: 4 };
  expect(fitModel({ ...request, dataset: blind })).toEqual(fitModel({ ...request, dataset: cloud }));
});

it('leaves out rows of weight 0', () => {
  const weights = Float32Array.from(cloud.target, (label) => 1 - label);
  const clean = fitModel({ dataset: { ...cloud, weights }, algorithm: 'isolation_forest', seed: 1 });
  const all = clean.kind === 'trees' ? clean.trees.flatMap(({ threshold }) => threshold) : [];
  expect(Math.max(...all)).toBeLessThan(4); // no cut lies among the strange rows
});

it('scores rows that nothing tells apart as ordinary', () => {
  const columns = [new Array<number>(50).fill(2), new Array<number>(50).fill(Number.NaN)];
  const features = ['a', 'b'].map((name) => ({ name, kind: 'numeric' as const }));
  const dataset = createDataset({
    task: 'anomaly-detection',
    features,
    columns,
    target: new Array<number>(50).fill(0),
  });
  const scores = predict(fitModel({ dataset, algorithm: 'isolation_forest', seed: 1 }), dataset);
  scores.forEach((score) => {
    expect(score).toBeCloseTo(0.5, 5);
  });
});

it('cuts values at the limits of float32', () => {
  const columns = [Array.from({ length: 40 }, (_, i) => (i % 2 === 0 ? -3.4e38 : 3.4e38))];
  const features = [{ name: 'a', kind: 'numeric' as const }];
  const dataset = createDataset({
    task: 'anomaly-detection',
    features,
    columns,
    target: new Array<number>(40).fill(0),
  });
  const model = fitModel({ dataset, algorithm: 'isolation_forest', seed: 1 });
  expect(predict(model, createFeatureTable({ features, columns })).every(Number.isFinite)).toBe(true);
});

it('refuses less than two rows and more anomalies than half', () => {
  const fit =
    (rows: Int32Array, hyperparameters = {}) =>
    () =>
      fitModel({ dataset: cloud, rows, algorithm: 'isolation_forest', hyperparameters, seed: 1 });
  expect(fit(Int32Array.of(3))).toThrow('An isolation forest needs 2 rows, got 1.');
  expect(fit(Int32Array.of(1, 2, 3), { contamination: 0.6 })).toThrow(
    'contamination must be auto or a share in (0, 0.5]',
  );
});

it('sets the threshold by labels, by share or where the paper puts it', () => {
  const scores = [0.9, 0.8, 0.7, 0.4, 0.3, 0.3, 0.2, 0.1, 0.1, 0.1];
  const labels = [1, 1, 0, 0, 0, 0, 0, 0, 0, 0];
  const byLabels = tuneAnomalyThreshold({ scores, labels });
  expect(byLabels).toEqual({ threshold: Math.fround(0.75), flagged: 2, f1: 1 });
  expect(tuneAnomalyThreshold({ scores, contamination: 0.1 })).toEqual({
    threshold: Math.fround(0.85),
    flagged: 1,
    f1: null,
  });
  expect(tuneAnomalyThreshold({ scores, contamination: 0.5 }).flagged).toBe(4); // the fifth ties with the sixth
  expect(tuneAnomalyThreshold({ scores, contamination: 'auto' })).toEqual({ threshold: 0.5, flagged: 3, f1: null });
  expect(tuneAnomalyThreshold({ scores: [0.5, 0.5, 0.5], contamination: 0.3 }).flagged).toBe(0);
});

it('refuses what it can not set a threshold by', () => {
  expect(() => tuneAnomalyThreshold({ scores: [], contamination: 'auto' })).toThrow('too-few-rows');
  expect(() => tuneAnomalyThreshold({ scores: [0.5], contamination: 0.7 })).toThrow('got 0.7');
  expect(() => tuneAnomalyThreshold({ scores: [Number.NaN], contamination: 'auto' })).toThrow('invalid-score');
  expect(() => tuneAnomalyThreshold({ scores: [0.5, 0.6], labels: [0, 0] })).toThrow('All labels are the same');
  expect(() => tuneAnomalyThreshold({ scores: [0.5, 0.6], labels: [0] })).toThrow('2 scores but 1 labels');
});

const folder = process.env['GIMBAL_DATA_DIR'] ?? '';
const file = join(folder, 'occupancy.csv');
const withData = existsSync(file) ? it : it.skip;

// scikit-learn 1.9.1 on the same columns, 100 trees of 256 rows, seeds 0 to 5: .834 to .876.
withData('finds occupied minutes of UCI Occupancy Detection as strange as scikit-learn does', () => {
  const lines = readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.split(','));
  const header = lines[0]!;
  const column = (name: string): number[] => lines.slice(1).map((cells) => Number(cells[header.indexOf(name)]));
  const names = ['temperature', 'humidity', 'light', 'co2', 'humidity_ratio'];
  const target = column('occupancy');
  const features = names.map((name) => ({ name, kind: 'numeric' as const }));
  const dataset = createDataset({ task: 'anomaly-detection', features, columns: names.map(column), target });
  const areas = [0, 1, 2, 3, 4, 5, 6, 7].map((seed) => {
    const scores = predict(fitModel({ dataset, algorithm: 'isolation_forest', seed }), dataset);
    return rocArea(target, scores);
  });
  const mean = areas.reduce((sum, area) => sum + area, 0) / areas.length;
  expect(mean).toBeGreaterThan(0.835);
  expect(mean).toBeLessThan(0.885);
});

/** Share of pairs in which the positive has the higher score; ties are too few to matter here. */
function rocArea(target: readonly number[], scores: Float64Array): number {
  const order = Array.from(scores, (_, i) => i).sort((a, b) => scores[a]! - scores[b]!);
  let negatives = 0;
  let pairs = 0;
  for (const i of order) {
    if (target[i] === 1) pairs += negatives;
    else negatives++;
  }
  return pairs / (negatives * (target.length - negatives));
}
