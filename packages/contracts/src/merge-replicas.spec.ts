import { expect, it } from '@jest/globals';
import { mergeServedModels, mergeServingHealth, mergeServingStatistics } from './merge-replicas.js';

const health = (
  status: 'healthy' | 'degraded' | 'unhealthy',
  model: { status: string; count: number; errors: number; latency: number },
) => ({
  status,
  models: {
    heart: {
      status: model.status,
      prediction_count: model.count,
      error_rate: model.errors,
      avg_latency: model.latency,
    },
  },
  cache: { prediction_cache: { size: 1, hits: 3, misses: 1, hit_rate: 0.75 } },
});

it('health is as bad as that of the worst, counts are added and means weighted', () => {
  const merged = mergeServingHealth([
    health('healthy', { status: 'healthy', count: 90, errors: 0, latency: 0.001 }),
    health('degraded', { status: 'degraded', count: 10, errors: 0.5, latency: 0.011 }),
  ]);
  expect(merged.status).toBe('degraded');
  expect(merged.models['heart']).toMatchObject({ status: 'degraded', prediction_count: 100 });
  expect(merged.models['heart']?.error_rate).toBeCloseTo(0.05, 10);
  expect(merged.models['heart']?.avg_latency).toBeCloseTo(0.002, 10);
  expect(merged.cache['prediction_cache']).toEqual({ size: 2, hits: 6, misses: 2, hit_rate: 0.75 });
});

it('of percentiles the highest is named, and a model that only one process knows is there', () => {
  const latency = (p99: number | null) => ({ p50: 1, p95: 2, p99, mean: p99 });
  const model = (count: number, p99: number | null, breaker: 'closed' | 'open') => ({
    ...{ prediction_count: count, error_count: 0, error_rate: 0, latency_ms: latency(p99), versions: {} },
    ...{ by_version: { '1': count }, circuit_breaker: breaker },
  });
  const one = {
    windowMinutes: 60,
    cache: { size: 1, hits: 1, misses: 1, shared: 0 },
    spool: { waiting_rows: 1, waiting_bytes: 10, shipped_rows: 5 },
  };
  const merged = mergeServingStatistics([
    { ...one, models: { heart: model(30, 4, 'closed') } },
    { ...one, models: { heart: model(10, 8, 'open'), intent: model(1, null, 'closed') } },
  ]);
  expect(merged.models['heart']).toMatchObject({
    ...{ prediction_count: 40, by_version: { '1': 40 }, circuit_breaker: 'open' },
    latency_ms: { p50: 1, p99: 8, mean: 5 },
  });
  expect(merged.models['intent']).toMatchObject({ prediction_count: 1, latency_ms: { p99: null } });
  expect(merged.spool).toEqual({ waiting_rows: 2, waiting_bytes: 20, shipped_rows: 10 });
});

it('a version is live when every process answers with it at the same threshold', () => {
  const served = (liveVersion: number | null, threshold = 0.5) => [
    { modelName: 'heart', liveVersion, threshold, loadedVersions: liveVersion === null ? [] : [liveVersion] },
  ];
  const liveOf = (...all: ReturnType<typeof served>[]) => mergeServedModels(all)[0]?.liveVersion;
  expect(liveOf(served(2), served(2))).toBe(2);
  expect(liveOf(served(2), served(1))).toBeNull();
  expect(liveOf(served(2), served(2, 0.4))).toBeNull();
  expect(liveOf(served(2), [])).toBeNull();
});
