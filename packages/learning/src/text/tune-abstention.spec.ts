import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { tuneAbstention } from './tune-abstention.js';

it('answers as many as it can with the accuracy that is asked for', () => {
  const answers = { confidences: [0.9, 0.8, 0.7, 0.6, 0.5], hits: [1, 1, 0, 1, 0] };
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
  const missed = tuneAbstention({ confidences: [0.9, 0.8, 0.7], hits: [0, 1, 0] }, 0.9);
  expect(missed).toMatchObject({ reached: false, accuracy: 0.5 });
  expect(missed.coverage).toBeCloseTo(2 / 3, 12);
});

it('does on its own texts exactly what it promises, ties included', () => {
  const rows = fc.array(fc.tuple(fc.integer({ min: 1, max: 30 }), fc.boolean()), { minLength: 1, maxLength: 60 });
  fc.assert(
    fc.property(rows, fc.integer({ min: 0, max: 10 }), (drawn, tenths) => {
      const confidences = Float32Array.from(drawn, ([level]) => level / 31);
      const hits = Uint8Array.from(drawn, ([, isHit]) => Number(isHit));
      const { threshold, coverage, accuracy, reached } = tuneAbstention({ confidences, hits }, tenths / 10);
      const answered = Array.from(confidences.keys()).filter((row) => confidences[row]! >= threshold);
      expect(answered.length / confidences.length).toBeCloseTo(coverage, 12);
      expect(answered.reduce((sum, row) => sum + hits[row]!, 0) / answered.length).toBeCloseTo(accuracy, 12);
      if (reached) expect(accuracy).toBeGreaterThanOrEqual(tenths / 10);
    }),
  );
});
