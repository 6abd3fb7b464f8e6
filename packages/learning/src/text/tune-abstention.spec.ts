import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { tuneAbstention } from './tune-abstention.js';

it('answers as many as it can with the accuracy that is asked for', () => {
  const answers = { confidences: [0.9, 0.8, 0.7, 0.6, 0.5], hits: [1, 1, 0, 1, 0], weights: null };
  expect(tuneAbstention(answers, 0.7)).toEqual({
    threshold: Math.fround((0.6 + 0.5) / 2),
    targetAccuracy: 0.7,
    coverage: 0.8,
    accuracy: 0.75,
    reached: true,
  });
  expect(tuneAbstention(answers, 1)).toMatchObject({ coverage: 0.4, accuracy: 1, reached: true });
  expect(tuneAbstention(answers, 0)).toMatchObject({ threshold: 0, coverage: 1 });
});

it('says that the target is missed, and takes the best there is', () => {
  const missed = tuneAbstention({ confidences: [0.9, 0.8, 0.7], hits: [0, 1, 0], weights: null }, 0.9);
  expect(missed).toMatchObject({ reached: false, accuracy: 0.5 });
  expect(missed.coverage).toBeCloseTo(2 / 3, 12);
});

it('does on its own texts exactly what it promises, ties included', () => {
  const row = fc.tuple(fc.integer({ min: 1, max: 30 }), fc.boolean(), fc.integer({ min: 1, max: 5 }));
  const rows = fc.array(row, { minLength: 1, maxLength: 60 });
  fc.assert(
    fc.property(rows, fc.integer({ min: 0, max: 10 }), (drawn, tenths) => {
      const confidences = Float32Array.from(drawn, ([level]) => level / 31);
      const hits = Uint8Array.from(drawn, ([, isHit]) => Number(isHit));
      const weights = drawn.map(([, , weight]) => weight);
      const { threshold, coverage, accuracy, reached } = tuneAbstention({ confidences, hits, weights }, tenths / 10);
      const weigh = (rows: readonly number[]): number => rows.reduce((sum, row) => sum + weights[row]!, 0);
      const all = Array.from(confidences.keys());
      const answered = all.filter((row) => confidences[row]! >= threshold);
      expect(weigh(answered) / weigh(all)).toBeCloseTo(coverage, 12);
      expect(weigh(answered.filter((row) => hits[row] === 1)) / weigh(answered)).toBeCloseTo(accuracy, 12);
      if (reached) expect(accuracy).toBeGreaterThanOrEqual(tenths / 10);
    }),
  );
});
