import { createDataset, type Dataset } from '@gimbal/learning';
import { describe, expect, it } from '@jest/globals';
import { type FoldGround, planShare } from './plan-share.js';

/** Rows of two classes, of which the second has `rare`. */
function makeDataset(rows: number, rare: number): Dataset {
  return createDataset({
    task: 'binary-classification',
    features: [{ name: 'x', kind: 'numeric' }],
    columns: [Float32Array.from({ length: rows }, (_, i) => i)],
    target: Float64Array.from({ length: rows }, (_, i) => (i < rare ? 1 : 0)),
  });
}

const groundOf = (dataset: Dataset): FoldGround => ({
  ...{ dataset, folds: 5, seed: 7 },
  trainRows: Int32Array.from({ length: dataset.rowCount / 2 }, (_, i) => 2 * i),
});
describe('planShare', () => {
  it('takes the same share of each class, never a row of the holdout', () => {
    const dataset = makeDataset(2_000, 400);
    const rows = planShare(groundOf(dataset), 1 / 4).flatMap(({ testRows }) => [...testRows]);
    expect(rows).toHaveLength(250);
    expect(rows.filter((row) => dataset.target[row] === 1)).toHaveLength(50);
    expect(rows.every((row) => row % 2 === 0)).toBe(true);
  });

  it('takes all rows where a share would leave a class too few', () => {
    const ground = groundOf(makeDataset(2_000, 20));
    expect(planShare(ground, 1 / 4)).toEqual(planShare(ground, 1));
  });
});
