import { createDataset } from '@gimbal/learning';
import { expect, it } from '@jest/globals';
import { countHelpers, SHARED_VALUES_MIN } from './count-helpers.js';

const dataset = createDataset({
  features: ['a', 'b'].map((name) => ({ name, kind: 'numeric' })),
  columns: [
    [1, 2],
    [3, 4],
  ],
  target: [0, 1],
});
const large = { dataset, rows: new Int32Array(SHARED_VALUES_MIN / 2), algorithm: 'lightgbm' };

it.each([
  ['every idle thread but the one that trains helps with a large table', large, 3, 2],
  ['nobody helps with a smaller one', { ...large, rows: large.rows.subarray(1) }, 3, 0],
  ['nor where threads could not help', { ...large, algorithm: 'random_forest' }, 3, 0],
  ['nor when all are at work', large, 1, 0],
  ['not even when tasks wait for a thread', large, 0, 0],
])('%s', (_, task, idle, helpers) => {
  expect(countHelpers(task, idle)).toBe(helpers);
});
