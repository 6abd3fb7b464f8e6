import { expect, it } from '@jest/globals';
import { rankFloat32 } from './rank-float32.js';
import { createSeededRng } from './seeded-rng.js';

it.each([50, 5_000])('ranks %i values as a stable sort does: ties keep their order, and -0 is 0', (rows) => {
  const rng = createSeededRng(rows);
  const values = Float32Array.from({ length: rows }, () => Math.round(40 * rng() - 20) / 7);
  values.set([-0, 0, -0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e-45, -1e-45], 3);
  const expected = [...values.keys()].sort((a, b) => Number(values[a]! > values[b]!) - Number(values[a]! < values[b]!));
  expect([...rankFloat32(values)]).toEqual(expected);
  expect([...rankFloat32(values.subarray(5))]).toEqual(expected.filter((row) => row >= 5).map((row) => row - 5));
});
