import { DatasetDefinition } from '@gimbal/contracts';
import { describe, expect, it } from '@jest/globals';
import type { LoadedData } from '../data/read-parts.js';
import type { ChosenRows, LabelledChoice } from '../labelled/choose-labelled-rows.js';
import { buildTrainingSet, holdoutByPart, labelsOf } from './training-set.js';

const definition = DatasetDefinition.parse({
  name: 'ward',
  title: 'Ward',
  origin: '',
  licence: '',
  citation: '',
  missing_token: '?',
  columns: [
    { name: 'age', type: 'number', description: '', missing: 'allowed' },
    { name: 'grade', type: 'category', description: '', allowed: [0, 1, 2], missing: 'refused' },
  ],
  target: { column: 'grade', positive_above: 0, description: '' },
  codings: {},
  parts: ['north', 'south'].map((name) => ({
    name,
    title: name,
    file: `${name}.csv`,
    file_sha256: 'a'.repeat(64),
    url: 'https://example.org/',
    body_sha256: 'b'.repeat(64),
    rows: 20,
  })),
  rows_min: 1,
  duplicate_share_max: 1,
});
const ages = Float64Array.from({ length: 40 }, (_, row) => (row === 7 ? Number.NaN : row));
const data: LoadedData = {
  definition,
  origin: 'folder',
  table: {
    rowCount: 40,
    columns: new Map([
      ['age', ages],
      ['grade', ages.map((_, row) => row % 3)],
    ]),
  },
  parts: [
    { name: 'north', firstRow: 0, rows: 20, sha256: 'a' },
    { name: 'south', firstRow: 20, rows: 20, sha256: 'b' },
  ],
  expectations: [],
  digest: 'c'.repeat(64),
};
const options = { testSize: 0.3, seed: 20 };
const chosen = (values: readonly number[]): ChosenRows => ({
  columns: new Map([['age', Float64Array.from(values)]]),
  labels: Uint8Array.from(values, () => 1),
  probabilities: Float64Array.from(values, () => 0.5),
});
const choice: LabelledChoice = {
  training: chosen([101, 102]),
  recent: chosen([103]),
  counts: { found: 3, refused: 0, known: 0, repeated: 0, training: 2, recent: 1 },
};

describe('buildTrainingSet', () => {
  it('leaves the target out of the inputs and keeps the share of positives on both sides', () => {
    const { dataset, trainRows, holdoutRows, digest } = buildTrainingSet(data, null, options);
    expect(dataset.features).toEqual([{ name: 'age', kind: 'numeric' }]);
    expect(dataset.columns[0]?.[7]).toBeNaN();
    expect([...trainRows, ...holdoutRows].sort((a, b) => a - b)).toEqual([...Array(40).keys()]);
    const positives = (rows: Int32Array) => rows.filter((row) => labelsOf(data)[row] === 1).length / rows.length;
    expect(Math.abs(positives(trainRows) - positives(holdoutRows))).toBeLessThan(0.05);
    expect(digest).toBe(data.digest);
  });

  it('holds out the same rows of the dataset whether or not labelled predictions take part', () => {
    const without = buildTrainingSet(data, null, options);
    const set = buildTrainingSet(data, choice, options);
    expect([...set.holdoutRows]).toEqual([...without.holdoutRows]);
    expect([...set.trainRows]).toEqual([...without.trainRows, 40, 41]);
    expect([...set.recentRows]).toEqual([42]);
    expect([...set.recentRows].map((row) => set.dataset.columns[0]?.[row])).toEqual([103]);
    expect(set.digest).not.toBe(without.digest);
    expect(set.digest).toBe(buildTrainingSet(data, choice, options).digest);
  });
});

it('names held-out rows by their place in each part', () => {
  expect(holdoutByPart(data, Int32Array.from([0, 3, 19, 20, 39]))).toEqual({ north: [0, 3, 19], south: [0, 19] });
});
