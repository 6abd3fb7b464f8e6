import { describe, expect, it } from '@jest/globals';
import { compareWithLive } from './compare-with-live.js';
import { measureRows } from './measure-rows.js';

const labels = Uint8Array.from({ length: 200 }, (_, i) => i % 2);
const sure = Array.from(labels, (label, i) => (label === 1 ? 0.9 : 0.1) + (i % 7) / 200);
const vague = Array.from(labels, (label, i) => (label === 1 ? 0.6 : 0.4) + (((i * 37) % 11) - 5) / 20);
const compare = (candidate: readonly number[], live: readonly number[]) =>
  compareWithLive({
    liveVersion: 3,
    slice: 'recent',
    labels,
    candidate: { probabilities: candidate, threshold: 0.5 },
    live: { probabilities: live, threshold: 0.4 },
    seed: 20,
  });

describe('compareWithLive', () => {
  it('finds the better one beyond doubt, with the estimate inside its interval', () => {
    const { brierDifference, rocAucDifference, candidate, live, rows } = compare(sure, vague);
    expect(rows).toBe(200);
    expect(brierDifference.estimate).toBeCloseTo(candidate.brier - live.brier, 12);
    expect(brierDifference.high).toBeLessThan(0);
    expect(rocAucDifference?.estimate).toBeGreaterThan(0);
    expect(brierDifference.low).toBeLessThanOrEqual(brierDifference.estimate);
    expect(brierDifference.estimate).toBeLessThanOrEqual(brierDifference.high);
  });

  it('finds nothing between two that answer alike, because rows are resampled in pairs', () => {
    expect(compare(vague, vague).brierDifference).toMatchObject({ estimate: 0, low: 0, high: 0 });
  });

  it('turns its sign when the two change places, and draws the same for the same seed', () => {
    expect(compare(sure, vague).brierDifference.estimate).toBeCloseTo(
      -compare(vague, sure).brierDifference.estimate,
      12,
    );
    expect(compare(sure, vague)).toEqual(compare(sure, vague));
  });

  it('has no AUC where there is one class only', () => {
    const one = { labels: Uint8Array.from([1, 1]), probabilities: [0.4, 0.8], threshold: 0.5 };
    expect(measureRows(one)).toMatchObject({ rocAuc: null, recall: 0.5, precision: 1, positives: 2 });
    expect(
      compareWithLive({ liveVersion: 1, slice: 'recent', labels: one.labels, candidate: one, live: one, seed: 1 }),
    ).toMatchObject({ rocAucDifference: null });
  });
});

it('measures nothing without rows, and says so', () => {
  expect(() => measureRows({ labels: new Uint8Array(0), probabilities: [], threshold: 0.5 })).toThrow(
    'not-enough-data',
  );
});
