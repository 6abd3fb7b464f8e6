import type { ServingHealth, ServingStatistics as ServingStatisticsAnswer } from '@gimbal/contracts';
import type { z } from 'zod';
import { findStandIn } from '../predict/find-stand-in.js';
import type { PredictionCache } from '../predict/prediction-cache.js';
import type { ServingStatistics } from '../predict/serving-statistics.js';
import type { PredictionLog } from '../prediction-log/prediction-log.js';
import { type ServedModel, type ServedModels, type ServedVersion, versionsByNumber } from '../traffic/served-models.js';

export interface ServingParts {
  readonly models: ServedModels;
  readonly statistics: ServingStatistics;
  readonly cache: PredictionCache;
  readonly log: Pick<PredictionLog, 'state'>;
}

/** Times at which it is described: of the wall, for windows, and of the process, for breakers. Both in ms. */
export interface DescriptionTime {
  readonly wallMs: number;
  readonly processMs: number;
}

/**
 * `idle`: nothing is live; `unavailable`: what is live can't answer, and nothing can for it; `degraded`: some version of the plan can't, or
 * its breaker is not closed.
 */
export type ModelStatus = 'healthy' | 'degraded' | 'unavailable' | 'idle';

const DAY_MINUTES = 1_440;

export function statusOfModel(model: ServedModel, processMs: number): ModelStatus {
  const { plan, versions } = model;
  if (plan.live === null && !plan.ab) return 'idle';
  const live = plan.live === null ? undefined : versions.get(plan.live);
  if (plan.live !== null && !live) return 'unavailable';
  if (live && (live.graph.fault !== undefined || live.graph.breaker.state(processMs) === 'open'))
    return findStandIn(model, live, processMs) ? 'degraded' : 'unavailable';
  const isWell = ({ graph }: ServedVersion): boolean =>
    graph.fault === undefined && graph.breaker.state(processMs) === 'closed';
  return [...versions.values()].every(isWell) ? 'healthy' : 'degraded';
}

const errorRate = (errors: number, predictions: number): number =>
  errors + predictions === 0 ? 0 : errors / (errors + predictions);

/** The answer of GET `/monitoring/health`: counts of the last day, `avg_latency` in seconds. */
export function describeHealth(
  parts: ServingParts,
  { wallMs, processMs }: DescriptionTime,
): z.output<typeof ServingHealth> {
  const statuses = new Map([...parts.models.all].map((model) => [model.name, statusOfModel(model, processMs)]));
  const models = [...statuses].map(([name, status]) => {
    const { predictionCount, errorCount, latencyMs } = parts.statistics.summarise(name, DAY_MINUTES, wallMs);
    return [
      name,
      {
        status,
        prediction_count: predictionCount,
        error_rate: errorRate(errorCount, predictionCount),
        avg_latency: (latencyMs.mean ?? 0) / 1_000,
      },
    ] as const;
  });
  const { size, hits, misses } = parts.cache.state;
  const { isFailing, isBlocked } = parts.log.state;
  const all = [...statuses.values()];
  const unhealthy = isFailing || all.includes('unavailable') || !parts.models.isInformed;
  return {
    status: unhealthy ? 'unhealthy' : isBlocked || all.includes('degraded') ? 'degraded' : 'healthy',
    models: Object.fromEntries(models),
    cache: { prediction_cache: { size, hits, misses, hit_rate: hits + misses === 0 ? 0 : hits / (hits + misses) } },
  };
}

/** The answer of GET `/monitoring/statistics`. */
export function describeStatistics(
  parts: ServingParts,
  windowMinutes: number,
  { wallMs, processMs }: DescriptionTime,
): z.output<typeof ServingStatisticsAnswer> {
  const models = [...parts.models.all].map((model) => {
    const { name, plan } = model;
    const versions = versionsByNumber(model);
    const { predictionCount, errorCount, latencyMs, byVersion } = parts.statistics.summarise(
      name,
      windowMinutes,
      wallMs,
    );
    const live = plan.live === null ? undefined : versions.get(plan.live);
    return [
      name,
      {
        prediction_count: predictionCount,
        error_count: errorCount,
        error_rate: errorRate(errorCount, predictionCount),
        latency_ms: latencyMs,
        by_version: Object.fromEntries(
          [...byVersion].map(([version, counts]) => [String(version), counts.predictionCount]),
        ),
        versions: Object.fromEntries(
          [...byVersion].map(([version, counts]) => [
            String(version),
            {
              prediction_count: counts.predictionCount,
              error_count: counts.errorCount,
              error_rate: errorRate(counts.errorCount, counts.predictionCount),
              mean_latency_ms: counts.meanLatencyMs,
              mean_confidence: counts.meanConfidence,
              circuit_breaker: versions.get(version)?.graph.breaker.state(processMs) ?? null,
            },
          ]),
        ),
        circuit_breaker: live?.graph.breaker.state(processMs) ?? 'closed',
      },
    ] as const;
  });
  const { waitingRows, waitingBytes, shippedRows } = parts.log.state;
  return {
    windowMinutes,
    models: Object.fromEntries(models),
    cache: parts.cache.state,
    spool: { waiting_rows: waitingRows, waiting_bytes: waitingBytes, shipped_rows: shippedRows },
  };
}
