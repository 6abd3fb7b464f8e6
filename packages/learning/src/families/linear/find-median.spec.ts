import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { findWeightedMedian, MedianFinder } from './find-median.js';

const findMedian = (list: Float32Array): number => new MedianFinder(list.length).find(list);

const values = fc.array(fc.oneof(fc.float({ noNaN: true, noDefaultInfinity: true }), fc.constantFrom(0, 1, 1.5)), {
  maxLength: 300,
});

it('finds the middle of a sorted list', () => {
  fc.assert(
    fc.property(values, (list) => {
      const sorted = Float32Array.from(list).sort();
      const middle = sorted.length >> 1;
      const expected =
        sorted.length % 2 ? sorted[middle]! : Math.fround((sorted[middle - 1] ?? 0) / 2 + (sorted[middle] ?? 0) / 2);
      expect(findMedian(Float32Array.from(list)) + 0).toBe(expected + 0);
    }),
  );
});

it('counts a value as often as its weight says', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.integer({ min: -5, max: 5 }), fc.nat(3)), { maxLength: 40 }), (pairs) => {
      const copies = pairs.flatMap(([value, weight]) => new Array<number>(weight).fill(value));
      const weighted = findWeightedMedian(
        Float32Array.from(pairs, ([value]) => value),
        pairs.map(([, weight]) => weight),
      );
      expect(weighted).toBe(findMedian(Float32Array.from(copies)));
    }),
  );
});

it.each(['even', 'odd'])('finds the middle of many values, ties and drifts among them (%s)', (parity) => {
  const count = 40_000 + Number(parity === 'odd');
  const lists = [
    Float32Array.from({ length: count }, (_, i) => Math.sin(i) * 1e3),
    Float32Array.from({ length: count }, (_, i) => i - 7), // the guess is right on a line
    Float32Array.from({ length: count }, (_, i) => i % 3),
    Float32Array.from({ length: count }, (_, i) => (i % 39 === 0 ? 1 : -i)), // and wrong where the probes meet a period
    new Float32Array(count).fill(-2.5),
  ];
  for (const list of lists) {
    const sorted = list.slice().sort();
    const [low, high] = [sorted[(count - 1) >> 1]!, sorted[count >> 1]!];
    expect(findMedian(list)).toBe(Math.fround(low / 2 + high / 2));
  }
});
