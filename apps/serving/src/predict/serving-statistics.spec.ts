import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ServingStatistics } from './serving-statistics.js';

const MINUTE = 60_000;
const answer = (version: number, rows: number, latencyMs: number, confidence = 0.5) => ({
  version,
  rows,
  latencyMs,
  confidenceSum: rows * confidence,
});

it('percentiles are within 4.5 % of the exact ones', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: 0.01, max: 60_000, noNaN: true }), { minLength: 1, maxLength: 200 }),
      (latencies) => {
        const statistics = new ServingStatistics();
        for (const latency of latencies) statistics.recordAnswer('m', answer(1, 1, latency), 0);
        const sorted = latencies.toSorted((left, right) => left - right);
        const { latencyMs, predictionCount } = statistics.summarise('m', 60, 0);
        expect(predictionCount).toBe(latencies.length);
        for (const [name, share] of [
          ['p50', 0.5],
          ['p95', 0.95],
          ['p99', 0.99],
        ] as const) {
          const exact = sorted[Math.ceil(share * sorted.length) - 1] ?? 0;
          expect(Math.abs((latencyMs[name] ?? 0) / exact - 1)).toBeLessThan(0.0455);
        }
        expect(latencyMs.mean).toBeCloseTo(latencies.reduce((sum, latency) => sum + latency, 0) / latencies.length, 6);
      },
    ),
  );
});

it('counts rows by version and errors, within the window only', () => {
  const statistics = new ServingStatistics();
  statistics.recordAnswer('m', answer(1, 10, 1), 0);
  statistics.recordAnswer('m', answer(1, 5, 1), 10 * MINUTE);
  statistics.recordAnswer('m', answer(2, 3, 1), 11 * MINUTE);
  statistics.recordError('m', 11 * MINUTE);
  statistics.recordFailure('m', 2, 11 * MINUTE);
  const recent = statistics.summarise('m', 5, 11 * MINUTE);
  expect([recent.predictionCount, recent.errorCount]).toEqual([8, 1]);
  const counts = (predictionCount: number, errorCount: number) => ({
    ...{ predictionCount, errorCount, meanLatencyMs: 1 },
    meanConfidence: 0.5,
  });
  expect([...recent.byVersion]).toEqual([
    [1, counts(5, 0)],
    [2, counts(3, 1)],
  ]);
  expect(statistics.summarise('m', 60, 11 * MINUTE).predictionCount).toBe(18);
});

it('forgets what is older than a day, and knows nothing of a model without traffic', () => {
  const statistics = new ServingStatistics();
  statistics.recordAnswer('m', answer(1, 1, 1), 0);
  statistics.recordAnswer('m', answer(1, 1, 1), 1_441 * MINUTE);
  expect(statistics.summarise('m', 1_440, 1_441 * MINUTE).predictionCount).toBe(1);
  expect(statistics.summarise('x', 60, 0)).toEqual({
    predictionCount: 0,
    errorCount: 0,
    byVersion: new Map(),
    latencyMs: { p50: null, p95: null, p99: null, mean: null },
  });
});

it('tells the last hour to the minute, the day before it to a quarter of an hour, and loses nothing on the way', () => {
  const statistics = new ServingStatistics();
  const beganMs = 29_000_000 * MINUTE;
  for (let minute = 0; minute < 3_000; minute++) {
    const atMs = beganMs + minute * MINUTE;
    for (const version of [1, 2]) statistics.recordAnswer('m', answer(version, 1, 8), atMs);
    statistics.recordError('m', atMs);
    statistics.recordFailure('m', 1, atMs);
    const windows = [1, 30, 60, 61, 75, 600, 1_440];
    for (const window of minute % 7 === 0 ? windows : []) {
      const { predictionCount, errorCount, byVersion, latencyMs } = statistics.summarise('m', window, atMs);
      const exact = Math.min(window, minute + 1);
      expect(errorCount).toBeGreaterThanOrEqual(exact);
      expect(errorCount).toBeLessThan(exact + (window > 60 ? 15 : 1));
      expect(predictionCount).toBe(2 * errorCount);
      expect([...byVersion.values()].reduce((sum, counts) => sum + counts.predictionCount, 0)).toBe(predictionCount);
      expect(byVersion.get(1)?.errorCount).toBe(errorCount);
      expect([latencyMs.mean, byVersion.get(1)?.meanConfidence]).toEqual([8, 0.5]);
      expect(Math.abs((latencyMs.p50 ?? 0) / 8 - 1)).toBeLessThan(0.0455);
    }
  }
  // That the day was added up is seen where a window ends within a quarter.
  expect(statistics.summarise('m', 601, beganMs + 2_999 * MINUTE).errorCount).toBeGreaterThan(601);
});
