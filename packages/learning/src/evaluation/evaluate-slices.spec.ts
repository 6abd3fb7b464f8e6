import { expect, it } from '@jest/globals';
import { createDataset } from '../dataset/dataset.js';
import { createRandom } from '../random/random.js';
import { evaluateSlices, type SliceRequest } from './evaluate-slices.js';
import { sliceRows } from './slice-rows.js';

/** Values told well except where `city` is Ulm, and somewhat worse at a high `age`. */
function makeRequest(rows: number): SliceRequest & { readonly target: Float64Array } {
  const random = createRandom(5);
  const city = Array.from({ length: rows }, (_, i) => (i < 10 ? 3 : i % 3));
  const age = Array.from({ length: rows }, (_, i) => (i % 20 === 0 ? Number.NaN : random.nextInteger(80)));
  const target = Float64Array.from({ length: rows }, () => 100 * random.nextFloat());
  const outputs = target.map((value, i) => value + (city[i] === 1 ? 9 : 3) * (random.nextFloat() - 0.5));
  const table = createDataset({
    features: [
      { name: 'city', kind: 'categorical', categories: ['Bonn', 'Ulm', 'Kiel', 'Rare'] },
      { name: 'age', kind: 'numeric' },
    ],
    columns: [city, age],
    target,
    task: 'regression',
  });
  return {
    task: 'regression',
    classes: [],
    table,
    rows: Int32Array.from(target, (_, i) => i),
    target,
    outputs,
    seed: 1,
  };
}

it('lists the worst slices first, tells which are worse beyond doubt, and leaves small ones out', () => {
  const report = evaluateSlices(makeRequest(900));
  expect(report).toMatchObject({ lossName: 'RMSE', leftOut: 1 });
  const [worst, ...others] = report.slices;
  expect(worst).toMatchObject({ feature: 'city', label: 'Ulm', isWorse: true });
  expect(worst!.rows).toBe(297);
  expect(worst!.difference).toBeCloseTo(worst!.loss - report.loss!, 12);
  expect(worst!.metrics).toMatchObject({ rmse: worst!.loss });
  expect(worst!.interval.lower).toBeLessThan(worst!.loss);
  expect(worst!.interval.upper).toBeGreaterThan(worst!.loss);
  expect(others.some(({ isWorse }) => isWorse)).toBe(false);
  expect(report.slices.map(({ loss }) => loss)).toEqual(
    report.slices.map(({ loss }) => loss).toSorted((a, b) => b - a),
  );
  expect(evaluateSlices(makeRequest(900))).toEqual(report);
  expect(evaluateSlices({ ...makeRequest(900), features: ['age'] }).slices.map(({ label }) => label)).toContain(
    'missing',
  );
  expect(evaluateSlices({ ...makeRequest(900), slicesMax: 2 }).slices).toHaveLength(2);
});

it('puts every row of a feature into one slice, rows of one value together', () => {
  const { table, rows } = makeRequest(300);
  for (const feature of [0, 1]) {
    const slices = sliceRows(table, feature, rows, 4);
    expect(slices.flatMap(({ positions }) => Array.from(positions)).sort((a, b) => a - b)).toEqual(Array.from(rows));
    const bands = slices.map(({ positions }) => new Set(Array.from(positions, (row) => table.columns[feature]![row]!)));
    expect(bands.reduce((sum, { size }) => sum + size, 0)).toBe(new Set(table.columns[feature]).size);
  }
});

it('judges slices that hold one class, by weight', () => {
  const { table, rows } = makeRequest(300);
  const request: SliceRequest = {
    task: 'binary-classification',
    classes: ['no', 'yes'],
    threshold: 0.5,
    table,
    rows,
    target: Float64Array.from(rows, (row) => Number(table.columns[0]![row] === 1)),
    outputs: Float64Array.from(rows, (row) => (table.columns[0]![row] === 1 ? 0.6 : 0.2)),
    weights: Float64Array.from(rows, (row) => 1 + (row % 3)),
    seed: 2,
  };
  const { slices } = evaluateSlices(request);
  expect(slices[0]).toMatchObject({
    label: 'Ulm',
    loss: expect.closeTo(-Math.log(0.6), 6),
    metrics: { rocAuc: null, recall: 1 },
  });
});

it('tells nothing of anomalies without labels, and refuses what it can not slice', () => {
  const request = makeRequest(100);
  const scores = {
    ...request,
    task: 'anomaly-detection' as const,
    target: request.target.map(() => 0),
    outputs: request.target.map(() => 0.5),
    threshold: 0.5,
  };
  expect(evaluateSlices(scores)).toEqual({ lossName: 'ranking loss', loss: null, slices: [], leftOut: 0 });
  expect(() => evaluateSlices({ ...request, features: ['x'] })).toThrow('"x" is no feature.');
  expect(() => evaluateSlices({ ...request, rowsMin: 1 })).toThrow('rowsMin must be');
  expect(() => evaluateSlices({ ...request, bands: 1 })).toThrow('bands must be');
  expect(() => evaluateSlices({ ...request, rows: request.rows.slice(1) })).toThrow('99 rows for 100 targets.');
});
