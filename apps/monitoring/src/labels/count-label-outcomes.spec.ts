import type { StatedLabel } from '@gimbal/domain';
import { expect, it } from '@jest/globals';
import { countLabelOutcomes, firstLabels, type StandingLabel } from './count-label-outcomes.js';

const label = (predictionId: string, actual: number) => ({ predictionId, stated: actual, actual });
const early = (predictionId: string, stated: StatedLabel) => ({ predictionId, stated, actual: null });
const standing = (entries: Record<string, StandingLabel>) => new Map(Object.entries(entries));

it('takes the first entry of a request for each prediction', () => {
  expect(firstLabels([label('a', 1), label('b', 0), label('a', 0)])).toEqual([label('a', 1), label('b', 0)]);
});

it('counts every entry once, so that the four counts add up to the entries', () => {
  const { outcomes, conflicts } = countLabelOutcomes(
    [
      label('new', 1),
      early('late', 0),
      label('old', 1),
      label('old', 0),
      label('new', 0),
      label('new', 0),
      early('late', '0'),
    ],
    standing({
      new: { actual: 1, stated: null, isNew: true, isMatched: true },
      late: { actual: null, stated: 0, isNew: true, isMatched: false },
      old: { actual: 1, stated: null, isNew: false, isMatched: true },
    }),
  );
  expect(outcomes).toEqual({ accepted: 1, unknown: 1, duplicate: 2, conflict: 3 });
  expect(conflicts).toEqual([
    { predictionId: 'old', stated: 0, count: 1 },
    { predictionId: 'new', stated: 0, count: 2 },
  ]);
});

it('calls the label of a prediction that is still unknown a duplicate when it is said again', () => {
  const { outcomes } = countLabelOutcomes(
    [early('late', 'lemon')],
    standing({ late: { actual: null, stated: 'lemon', isNew: false, isMatched: false } }),
  );
  expect(outcomes).toEqual({ accepted: 0, unknown: 0, duplicate: 1, conflict: 0 });
});
