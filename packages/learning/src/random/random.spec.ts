import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createRandom, deriveSeed, sampleWithoutReplacement, shuffle } from './random.js';

it('gives the same stream for the same seed and another one for another seed', () => {
  const draw = (seed: number): number[] => {
    const random = createRandom(seed);
    return Array.from({ length: 8 }, () => random.nextUint32());
  };
  expect(draw(7)).toEqual(draw(7));
  expect(draw(7)).not.toEqual(draw(8));
});

// The stream decides every model: a change of these numbers is a change of KERNEL_VERSION.
it('keeps its stream across releases', () => {
  const random = createRandom(deriveSeed(42, 'tree', 3));
  expect([random.nextUint32(), random.nextUint32(), random.nextUint32()]).toMatchInlineSnapshot(`
[
  3531042831,
  4105343413,
  1869186062,
]
`);
});

it('derives different seeds for different parts, telling numbers from text', () => {
  const seeds = [
    deriveSeed(1, 'tree', 1),
    deriveSeed(1, 'tree', 2),
    deriveSeed(1, 'fold', 1),
    deriveSeed(1, 'tree', '1'),
    deriveSeed(2, 'tree', 1),
    deriveSeed(2 ** 32 + 1, 'tree', 1),
  ];
  expect(new Set(seeds).size).toBe(seeds.length);
});

it('draws integers evenly', () => {
  const random = createRandom(5);
  const counts = new Float64Array(7);
  for (let i = 0; i < 70_000; i++) counts[random.nextInteger(7)]!++;
  const chiSquare = counts.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0);
  expect(chiSquare).toBeLessThan(22.46); // 99.9 % quantile, 6 degrees of freedom
});

it('shuffles and samples without losing or repeating anything', () => {
  fc.assert(
    fc.property(fc.integer(), fc.integer({ min: 1, max: 300 }), fc.nat(), (seed, size, part) => {
      const values = shuffle(
        Int32Array.from({ length: size }, (_, i) => i),
        createRandom(seed),
      );
      expect(Array.from(values).sort((a, b) => a - b)).toEqual(Array.from({ length: size }, (_, i) => i));
      const count = part % (size + 1);
      const sample = sampleWithoutReplacement(size, count, createRandom(seed));
      expect(sample).toHaveLength(count);
      expect(sample.every((value, i) => value < size && (i === 0 || value > sample[i - 1]!))).toBe(true);
    }),
  );
});
