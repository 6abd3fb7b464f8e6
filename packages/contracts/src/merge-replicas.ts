import type { z } from 'zod';
import type { ServedModelStatistics, ServedModels, ServingHealth, ServingStatistics } from './http/prediction.js';

/**
 * What several processes of serving say of themselves, as one process would say it of all. Counts are added, means weighted by their counts;
 * of percentiles, which cannot be added, and of states the worst is named. Of an empty list nothing can be said: RangeError.
 */
type Health = z.output<typeof ServingHealth>;
type Statistics = z.output<typeof ServingStatistics>;
type ModelStatistics = z.output<typeof ServedModelStatistics>;
type Latency = Statistics['models'][string]['latency_ms'];
type VersionStatistics = ModelStatistics['versions'][number];
type Times = VersionStatistics['answered'];

const sum = <T>(all: readonly T[], of: (one: T) => number): number => all.reduce((total, one) => total + of(one), 0);
function firstOf<T>(all: readonly T[]): T {
  const [first] = all;
  if (first === undefined) throw new RangeError('Nobody said anything.');
  return first;
}

const share = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);

/** @param order from the best to the worst; what is not in it is better than all */
const worst = <T>(all: readonly T[], order: readonly T[]): T =>
  all.reduce((one, other) => (order.indexOf(other) > order.indexOf(one) ? other : one));

const HEALTH = ['healthy', 'degraded', 'unhealthy'] as const;
const MODEL_STATUS: readonly string[] = ['idle', 'healthy', 'degraded', 'unavailable'];
const BREAKER = ['closed', 'half-open', 'open'] as const;

const weightedMean = <T>(all: readonly T[], value: (one: T) => number | null, weight: (one: T) => number) => {
  const known = all.filter((one) => value(one) !== null && weight(one) > 0);
  return known.length === 0
    ? null
    : sum(known, (one) => (value(one) ?? 0) * weight(one)) / sum(known, (one) => weight(one));
};

const highest = (values: readonly (number | null)[]): number | null => {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : Math.max(...known);
};

/** Entries of one key, of those that have it. */
function mergeRecords<T>(
  records: readonly Readonly<Record<string, T>>[],
  merge: (all: readonly T[]) => T,
): Record<string, T> {
  const found = new Map<string, T[]>();
  for (const record of records) {
    for (const [key, value] of Object.entries(record)) {
      const known = found.get(key);
      if (known) known.push(value);
      else found.set(key, [value]);
    }
  }
  return Object.fromEntries(Array.from(found, ([key, all]) => [key, merge(all)]));
}

export function mergeServingHealth(all: readonly Health[]): Health {
  return {
    status: worst(
      all.map(({ status }) => status),
      HEALTH,
    ),
    models: mergeRecords(
      all.map(({ models }) => models),
      (same) => {
        const count = (one: (typeof same)[number]) => one.prediction_count;
        return {
          status: worst(
            same.map(({ status }) => status),
            MODEL_STATUS,
          ),
          prediction_count: sum(same, count),
          error_rate:
            weightedMean(same, (one) => one.error_rate, count) ?? highest(same.map((one) => one.error_rate)) ?? 0,
          avg_latency: weightedMean(same, (one) => one.avg_latency, count) ?? 0,
        };
      },
    ),
    cache: mergeRecords(
      all.map(({ cache }) => cache),
      (same) => {
        const hits = sum(same, (one) => one.hits);
        const misses = sum(same, (one) => one.misses);
        return { size: sum(same, (one) => one.size), hits, misses, hit_rate: share(hits, hits + misses) };
      },
    ),
  };
}

export function mergeServingStatistics(all: readonly Statistics[]): Statistics {
  return {
    windowMinutes: firstOf(all).windowMinutes,
    models: mergeRecords(
      all.map(({ models }) => models),
      (same) => {
        const predictions = sum(same, (one) => one.prediction_count);
        const errors = sum(same, (one) => one.error_count);
        return {
          prediction_count: predictions,
          error_count: errors,
          error_rate: share(errors, errors + predictions),
          latency_ms: mergeLatency(
            same,
            (one) => one.latency_ms,
            (one) => one.prediction_count,
          ),
          by_version: mergeRecords(
            same.map((one) => one.by_version),
            (counts) => sum(counts, (count) => count),
          ),
          versions: mergeRecords(
            same.map((one) => one.versions),
            mergeVersionCounts,
          ),
          circuit_breaker: worst(
            same.map((one) => one.circuit_breaker),
            BREAKER,
          ),
        };
      },
    ),
    cache: {
      size: sum(all, ({ cache }) => cache.size),
      hits: sum(all, ({ cache }) => cache.hits),
      misses: sum(all, ({ cache }) => cache.misses),
      shared: sum(all, ({ cache }) => cache.shared),
    },
    spool: {
      waiting_rows: sum(all, ({ spool }) => spool.waiting_rows),
      waiting_bytes: sum(all, ({ spool }) => spool.waiting_bytes),
      shipped_rows: sum(all, ({ spool }) => spool.shipped_rows),
    },
  };
}

type VersionCounts = Statistics['models'][string]['versions'][string];

function mergeVersionCounts(same: readonly VersionCounts[]): VersionCounts {
  const rows = (one: VersionCounts) => one.prediction_count;
  const predictions = sum(same, rows);
  const errors = sum(same, (one) => one.error_count);
  return {
    prediction_count: predictions,
    error_count: errors,
    error_rate: share(errors, errors + predictions),
    mean_latency_ms: weightedMean(same, (one) => one.mean_latency_ms, rows),
    mean_confidence: weightedMean(same, (one) => one.mean_confidence, rows),
    circuit_breaker: worst(
      same.map((one) => one.circuit_breaker),
      BREAKER,
    ),
  };
}

/** A version is live when every process answers with it: a promotion that one has not heard of is not done. */
export function mergeServedModels(all: readonly ServedModels[]): ServedModels {
  const names = new Set(all.flat().map(({ modelName }) => modelName));
  return Array.from(names, (modelName) => {
    const same = all.map((models) => models.find((model) => model.modelName === modelName));
    const [first] = same;
    const agree = same.every((one) => one?.liveVersion === first?.liveVersion && one?.threshold === first?.threshold);
    return {
      modelName,
      liveVersion: agree ? (first?.liveVersion ?? null) : null,
      threshold: agree ? (first?.threshold ?? null) : null,
      loadedVersions: (first?.loadedVersions ?? []).filter((version) =>
        same.every((one) => one?.loadedVersions.includes(version)),
      ),
    };
  });
}

export function mergeModelStatistics(all: readonly ModelStatistics[]): ModelStatistics {
  const predictionCount = sum(all, (one) => one.predictionCount);
  const errorCount = sum(all, (one) => one.errorCount);
  const versions = Map.groupBy(
    all.flatMap((one) => one.versions),
    ({ version }) => version,
  );
  return {
    ...firstOf(all),
    status: worst(
      all.map(({ status }) => status),
      MODEL_STATUS,
    ),
    predictionCount,
    errorCount,
    errorRate: share(errorCount, errorCount + predictionCount),
    latencyMs: mergeLatency(
      all,
      (one) => one.latencyMs,
      (one) => one.predictionCount,
    ),
    versions: Array.from(versions.values(), mergeVersions),
  };
}

const TIMES = ['answered', 'failed', 'waiting', 'reading', 'computing', 'deciding', 'runs'] as const;

function mergeVersions(same: readonly VersionStatistics[]): VersionStatistics {
  const times = Object.fromEntries(TIMES.map((name) => [name, mergeTimes(same.map((one) => one[name]))])) as Record<
    (typeof TIMES)[number],
    Times
  >; // one per name
  const lastPredictions = same.map((one) => one.lastPredictionAt).filter((at) => at !== null);
  return {
    ...firstOf(same),
    ...times,
    predictionCount: sum(same, (one) => one.predictionCount),
    circuitBreaker: worst(
      same.map((one) => one.circuitBreaker),
      BREAKER,
    ),
    meanConfidence: weightedMean(
      same,
      (one) => one.meanConfidence,
      (one) => one.predictionCount,
    ),
    batchRows: highest(same.map((one) => one.batchRows)),
    rowsPerRun: weightedMean(
      same,
      (one) => one.rowsPerRun,
      (one) => one.runs.count,
    ),
    cache: { hits: sum(same, (one) => one.cache.hits), misses: sum(same, (one) => one.cache.misses) },
    lastPredictionAt: lastPredictions.sort().at(-1) ?? null,
  };
}

const mergeTimes = (all: readonly Times[]): Times => ({
  count: sum(all, ({ count }) => count),
  meanMs: weightedMean(
    all,
    ({ meanMs }) => meanMs,
    ({ count }) => count,
  ),
});

function mergeLatency<T>(all: readonly T[], latency: (one: T) => Latency, count: (one: T) => number): Latency {
  const highestOf = (name: 'p50' | 'p95' | 'p99') => highest(all.map((one) => latency(one)[name]));
  return {
    ...{ p50: highestOf('p50'), p95: highestOf('p95'), p99: highestOf('p99') },
    mean: weightedMean(all, (one) => latency(one).mean, count),
  };
}
