import { z } from 'zod';
import { Metric, Param, Tag, ViewType } from './fields.js';
import * as field from './proto-json.js';
import type { MlflowRouteDefinition } from './route-definition.js';

/** A run goes by `run_id`; older clients say `run_uuid`. */
const run = { run_id: field.optional(field.text), run_uuid: field.optional(field.text) };
const run_id = field.requiredText;

const RunStatus = field.enumOf({ RUNNING: 1, SCHEDULED: 2, FINISHED: 3, FAILED: 4, KILLED: 5 });

const Dataset = z.object({
  name: field.requiredText,
  digest: field.requiredText,
  source_type: field.requiredText,
  source: field.requiredText,
  schema: field.optional(field.text),
  profile: field.optional(field.text),
});
const DatasetInput = z.object({ tags: field.list(Tag), dataset: Dataset });

/** Runs, what is logged to them, and the histories of their metrics (service.proto). */
export const RUNS_ROUTES = {
  createRun: {
    methods: ['POST'],
    path: '/runs/create',
    version: '2.0',
    role: 'operator',
    request: z.object({
      experiment_id: field.optional(field.text),
      user_id: field.optional(field.text),
      run_name: field.optional(field.text),
      start_time: field.optional(field.millis),
      tags: field.list(Tag),
    }),
  },
  getRun: {
    methods: ['GET'],
    path: '/runs/get',
    version: '2.0',
    role: 'viewer',
    request: z.object(run),
  },
  updateRun: {
    methods: ['POST'],
    path: '/runs/update',
    version: '2.0',
    role: 'operator',
    request: z.object({
      ...run,
      status: field.optional(RunStatus),
      end_time: field.optional(field.millis),
      run_name: field.optional(field.text),
    }),
  },
  deleteRun: {
    methods: ['POST'],
    path: '/runs/delete',
    version: '2.0',
    role: 'operator',
    request: z.object({ run_id }),
  },
  restoreRun: {
    methods: ['POST'],
    path: '/runs/restore',
    version: '2.0',
    role: 'operator',
    request: z.object({ run_id }),
  },
  searchRuns: {
    methods: ['POST'],
    path: '/runs/search',
    version: '2.0',
    role: 'viewer',
    request: z.object({
      experiment_ids: field.list(field.text),
      filter: field.optional(field.text),
      run_view_type: field.optional(ViewType),
      max_results: field.optional(field.int32),
      order_by: field.list(field.text),
      page_token: field.optional(field.text),
    }),
  },
  logMetric: {
    methods: ['POST'],
    path: '/runs/log-metric',
    version: '2.0',
    role: 'operator',
    request: Metric.extend(run),
  },
  logParam: {
    methods: ['POST'],
    path: '/runs/log-parameter',
    version: '2.0',
    role: 'operator',
    request: Param.extend(run),
  },
  logBatch: {
    methods: ['POST'],
    path: '/runs/log-batch',
    version: '2.0',
    role: 'operator',
    request: z.object({ run_id, metrics: field.list(Metric), params: field.list(Param), tags: field.list(Tag) }),
    bytesMax: 1_000_000,
  },
  setTag: {
    methods: ['POST'],
    path: '/runs/set-tag',
    version: '2.0',
    role: 'operator',
    request: Tag.extend(run),
  },
  deleteTag: {
    methods: ['POST'],
    path: '/runs/delete-tag',
    version: '2.0',
    role: 'operator',
    request: z.object({ run_id, key: field.requiredText }),
  },
  logInputs: {
    methods: ['POST'],
    path: '/runs/log-inputs',
    version: '2.0',
    role: 'operator',
    request: z.object({
      run_id,
      datasets: field.list(DatasetInput),
      models: field.list(z.object({ model_id: field.requiredText })),
    }),
  },
  logOutputs: {
    methods: ['POST'],
    path: '/runs/outputs',
    version: '2.0',
    role: 'operator',
    request: z.object({
      run_id,
      models: field.list(z.object({ model_id: field.requiredText, step: field.optional(field.int64) })),
    }),
  },
  /** Of clients before 3.0, which have no logged models. */
  logModel: {
    methods: ['POST'],
    path: '/runs/log-model',
    version: '2.0',
    role: 'operator',
    request: z.object({ run_id, model_json: field.requiredText }),
  },
  getMetricHistory: {
    methods: ['GET'],
    path: '/metrics/get-history',
    version: '2.0',
    role: 'viewer',
    request: z.object({
      ...run,
      metric_key: field.requiredText,
      page_token: field.optional(field.text),
      max_results: field.optional(field.int32),
    }),
  },
  getMetricHistoryBulk: {
    methods: ['GET'],
    path: '/metrics/get-history-bulk',
    version: '2.0',
    role: 'viewer',
    request: z.object({
      run_id: field.list(field.text),
      metric_key: field.optional(field.text),
      max_results: field.optional(field.int32),
    }),
  },
  getMetricHistoryBulkInterval: {
    methods: ['GET'],
    path: '/metrics/get-history-bulk-interval',
    version: '2.0',
    role: 'viewer',
    request: z.object({
      run_ids: field.list(field.text),
      metric_key: field.requiredText,
      start_step: field.optional(field.int64),
      end_step: field.optional(field.int64),
      max_results: field.optional(field.int32),
    }),
  },
} as const satisfies Record<string, MlflowRouteDefinition>;
