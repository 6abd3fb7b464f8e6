import type { FailureReason, Tally, VersionStatistics } from '../inference/version-statistics.js';
import type { ServedModels } from '../traffic/served-models.js';
import { counter, publishVersionMetrics, type VersionMetric } from './version-metrics.js';

/** Systems whose dashboards read their own names. */
export const METRIC_DIALECTS = ['triton', 'mlserver'] as const;
export type MetricDialect = (typeof METRIC_DIALECTS)[number];

const runsOf = ({ runs }: VersionStatistics): number => {
  let count = 0;
  for (const run of runs.values()) count += run.count;
  return count;
};

const microseconds = (name: string, what: string, tallyOf: (of: VersionStatistics) => Tally): VersionMetric =>
  counter(name, `${what}, in microseconds.`, (of) => Math.round(tallyOf(of).ms * 1_000));

const failed = (reason: string, why: FailureReason): VersionMetric['values'][number] => ({
  labels: { reason },
  measure: (of) => of.failures[why].count,
});

/** Names: triton-inference-server/server `docs/user_guide/metrics.md`; SeldonIO/MLServer `mlserver/handlers/dataplane.py`. */
const DIALECTS: Readonly<Record<MetricDialect, readonly VersionMetric[]>> = {
  triton: [
    counter('nv_inference_request_success', 'Requests that were answered.', (of) => of.success.count),
    {
      name: 'nv_inference_request_failure',
      help: 'Requests that failed.',
      values: [failed('REJECTED', 'queue'), failed('BACKEND', 'graph'), failed('OTHER', 'other')],
    },
    counter('nv_inference_count', 'Rows that were answered.', (of) => of.rows),
    counter('nv_inference_exec_count', 'Runs of the model.', runsOf),
    microseconds('nv_inference_request_duration_us', 'Time of answered requests', (of) => of.success),
    microseconds('nv_inference_queue_duration_us', 'Time that requests waited for a run', (of) => of.queue),
    microseconds('nv_inference_compute_input_duration_us', 'Time of reading inputs', (of) => of.input),
    microseconds('nv_inference_compute_infer_duration_us', 'Time of runs', (of) => of.infer),
    microseconds('nv_inference_compute_output_duration_us', 'Time of making answers', (of) => of.output),
    counter('nv_cache_num_hits_per_model', 'Requests answered from the cache.', (of) => of.cacheHit.count),
    counter('nv_cache_num_misses_per_model', 'Requests that the cache had no answer to.', (of) => of.cacheMiss.count),
  ],
  mlserver: [
    counter('model_infer_request_success_total', 'Requests that were answered.', (of) => of.success.count),
    counter('model_infer_request_failure_total', 'Requests that failed.', (of) => of.failure.count),
    counter('model_infer_request_duration_count', 'Answered requests whose time was taken.', (of) => of.success.count),
    counter(
      'model_infer_request_duration_sum',
      'Time of answered requests, in seconds.',
      (of) => of.success.ms / 1_000,
    ),
  ],
};

/** Publishes under the names of other systems what is counted of each version, so that dashboards made for them go on working. */
export function publishForeignMetrics(dialects: readonly MetricDialect[], models: ServedModels): void {
  publishVersionMetrics(
    dialects.flatMap((dialect) => DIALECTS[dialect]),
    models,
  );
}
