import type { ServedModelStatistics } from '@gimbal/contracts';
import type { z } from 'zod';
import type { Tally } from '../inference/version-statistics.js';
import type { VersionCounts } from '../predict/serving-statistics.js';
import { type ServedModel, type ServedVersion, versionsByNumber } from '../traffic/served-models.js';
import { type DescriptionTime, type ServingParts, statusOfModel } from './describe-serving.js';

type Description = z.output<typeof ServedModelStatistics>;
type DescribedVersion = Description['versions'][number];

const timesOf = ({ count, ms }: Tally): DescribedVersion['answered'] => ({
  count,
  meanMs: count === 0 ? null : ms / count,
});

/** What the traffic plan makes of a version. */
function roleOf({ plan, standby }: ServedModel, version: number): DescribedVersion['role'] {
  if (version === plan.live) return 'live';
  if (version === plan.canary?.version) return 'canary';
  if (plan.ab?.arms.some((arm) => arm.version === version)) return 'arm';
  if (plan.shadow?.includes(version)) return 'shadow';
  return version === standby?.planned.version ? 'standby' : 'other';
}

function describeVersion(
  model: ServedModel,
  { planned: { version }, graph }: ServedVersion,
  counts: VersionCounts | undefined,
  processMs: number,
): DescribedVersion {
  const { statistics } = graph;
  let runs = 0;
  let runMs = 0;
  let rows = 0;
  for (const [rowsOfRun, { count, ms }] of statistics.runs) {
    runs += count;
    runMs += ms;
    rows += rowsOfRun * count;
  }
  const { lastAnsweredAtMs } = statistics;
  return {
    version,
    role: roleOf(model, version),
    predictionCount: counts?.predictionCount ?? 0,
    circuitBreaker: graph.breaker.state(processMs),
    meanConfidence: counts?.meanConfidence ?? null,
    batchRows: graph.batchRows ?? null,
    batchable: graph.opened?.report.certificate.batchable ?? null,
    runsIn: graph.opened?.where ?? null,
    answered: timesOf(statistics.success),
    failed: timesOf(statistics.failure),
    waiting: timesOf(statistics.queue),
    reading: timesOf(statistics.input),
    computing: timesOf(statistics.infer),
    deciding: timesOf(statistics.output),
    runs: { count: runs, meanMs: runs === 0 ? null : runMs / runs },
    rowsPerRun: runs === 0 ? null : rows / runs,
    cache: { hits: statistics.cacheHit.count, misses: statistics.cacheMiss.count },
    lastPredictionAt: lastAnsweredAtMs === 0 ? null : new Date(lastAnsweredAtMs).toISOString(),
  };
}

/** The answer of GET `/api/v1/models/{m}/stats`. */
export function describeModel(
  { statistics }: Pick<ServingParts, 'statistics'>,
  model: ServedModel,
  windowMinutes: number,
  { wallMs, processMs }: DescriptionTime,
): Description {
  const { predictionCount, errorCount, latencyMs, byVersion } = statistics.summarise(model.name, windowMinutes, wallMs);
  const tried = predictionCount + errorCount;
  return {
    modelName: model.name,
    status: statusOfModel(model, processMs),
    windowMinutes,
    predictionCount,
    errorCount,
    errorRate: tried === 0 ? 0 : errorCount / tried,
    latencyMs,
    versions: [...versionsByNumber(model).values()]
      .map((version) => describeVersion(model, version, byVersion.get(version.planned.version), processMs))
      .sort((one, other) => one.version - other.version),
  };
}
