import type { Tally, VersionStatistics } from '../inference/version-statistics.js';
import type { ServedModels } from '../traffic/served-models.js';
import { publishVersionMetrics, type VersionMetric } from './version-metrics.js';

/** Systems whose dashboards read their own names. */
export const METRIC_DIALECTS = ['triton', 'mlserver'] as const;
export type MetricDialect = (typeof METRIC_DIALECTS)[number];

const microseconds = ({ ms }: Tally): number => Math.round(ms * 1_000);

const runsOf = ({ runs }: VersionStatistics): number => {
  let count = 0;
  for (const run of runs.values()) count += run.count;
  return count;
};

/** Names: triton-inference-server/server `docs/user_guide/metrics.md`; SeldonIO/MLServer `mlserver/handlers/dataplane.py`. */
const DIALECTS: Readonly<Record<MetricDialect, readonly VersionMetric[]>> = {
  triton: [
    { name: 'nv_inference_request_success', help: 'Requests that were answered.', measure: (of) => of.success.count },
    {
      name: 'nv_inference_request_failure',
      help: 'Requests that failed.',
      labels: { reason: 'OTHER' },
      measure: (of) => of.failure.count,
    },
    { name: 'nv_inference_count', help: 'Rows that were answered.', measure: (of) => of.rows },
    { name: 'nv_inference_exec_count', help: 'Runs of the model.', measure: runsOf },
    {
      name: 'nv_inference_request_duration_us',
      help: 'Time of answered requests, in microseconds.',
      measure: (of) => microseconds(of.success),
    },
    {
      name: 'nv_inference_queue_duration_us',
      help: 'Time that requests waited for a run, in microseconds.',
      measure: (of) => microseconds(of.queue),
    },
    {
      name: 'nv_inference_compute_input_duration_us',
      help: 'Time of reading inputs, in microseconds.',
      measure: (of) => microseconds(of.input),
    },
    {
      name: 'nv_inference_compute_infer_duration_us',
      help: 'Time of runs, in microseconds.',
      measure: (of) => microseconds(of.infer),
    },
    {
      name: 'nv_inference_compute_output_duration_us',
      help: 'Time of making answers, in microseconds.',
      measure: (of) => microseconds(of.output),
    },
    {
      name: 'nv_cache_num_hits_per_model',
      help: 'Requests answered from the cache.',
      measure: (of) => of.cacheHit.count,
    },
    {
      name: 'nv_cache_num_misses_per_model',
      help: 'Requests that the cache had no answer to.',
      measure: (of) => of.cacheMiss.count,
    },
  ],
  mlserver: [
    {
      name: 'model_infer_request_success_total',
      help: 'Requests that were answered.',
      measure: (of) => of.success.count,
    },
    { name: 'model_infer_request_failure_total', help: 'Requests that failed.', measure: (of) => of.failure.count },
    {
      name: 'model_infer_request_duration_count',
      help: 'Answered requests whose time was taken.',
      measure: (of) => of.success.count,
    },
    {
      name: 'model_infer_request_duration_sum',
      help: 'Time of answered requests, in seconds.',
      measure: (of) => of.success.ms / 1_000,
    },
  ],
};

/** Publishes under the names of other systems what is counted of each version, so that dashboards made for them go on working. */
export function publishForeignMetrics(dialects: readonly MetricDialect[], models: ServedModels): void {
  publishVersionMetrics(
    dialects.flatMap((dialect) => DIALECTS[dialect]),
    models,
  );
}
