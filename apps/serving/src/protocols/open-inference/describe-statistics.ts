import type { OpenStatistics } from '@gimbal/contracts';
import type { z } from 'zod';
import type { Tally } from '../../inference/version-statistics.js';
import type { ServedVersion } from '../../traffic/served-models.js';

const durationOf = ({ count, ms }: Tally) => ({ count, ns: Math.round(ms * 1e6) });

/** One version's part of GET `v2/models/…/stats`, in the form of Triton's extension: what was done since the version was loaded. */
export function describeStatistics({
  modelName,
  planned,
  graph,
}: ServedVersion): z.output<typeof OpenStatistics>['model_stats'][number] {
  const { statistics } = graph;
  const runs = [...statistics.runs].sort(([one], [other]) => one - other);
  const none = { count: 0, ns: 0 };
  return {
    name: modelName,
    version: String(planned.version),
    last_inference: statistics.lastAnsweredAtMs,
    inference_count: statistics.rows,
    execution_count: runs.reduce((sum, [, { count }]) => sum + count, 0),
    inference_stats: {
      success: durationOf(statistics.success),
      fail: durationOf(statistics.failure),
      queue: durationOf(statistics.queue),
      compute_input: durationOf(statistics.input),
      compute_infer: durationOf(statistics.infer),
      compute_output: durationOf(statistics.output),
      cache_hit: durationOf(statistics.cacheHit),
      cache_miss: durationOf(statistics.cacheMiss),
    },
    response_stats: {},
    // Rows are put together and taken apart by request, not by batch.
    batch_stats: runs.map(([batch_size, run]) => ({
      batch_size,
      compute_input: none,
      compute_infer: durationOf(run),
      compute_output: none,
    })),
    memory_usage: [],
  };
}
