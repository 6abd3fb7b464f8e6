import { z } from 'zod';
import { Param, Tag } from './fields.js';
import * as field from './proto-json.js';
import type { MlflowRouteDefinition } from './route-definition.js';

const model_id = field.requiredText;

const Status = field.enumOf({ LOGGED_MODEL_PENDING: 1, LOGGED_MODEL_READY: 2, LOGGED_MODEL_UPLOAD_FAILED: 3 });

/** Models as runs logged them, before they have a name in the registry (service.proto, since 3.0 of MLflow). */
export const LOGGED_MODELS_ROUTES = {
  createLoggedModel: {
    methods: ['POST'],
    path: '/logged-models',
    version: '2.0',
    role: 'operator',
    request: z.object({
      experiment_id: field.requiredText,
      name: field.optional(field.text),
      model_type: field.optional(field.text),
      source_run_id: field.optional(field.text),
      params: field.list(Param),
      tags: field.list(Tag),
    }),
  },
  getLoggedModel: {
    methods: ['GET'],
    path: '/logged-models/:model_id',
    version: '2.0',
    role: 'viewer',
    request: z.object({ model_id }),
  },
  finalizeLoggedModel: {
    methods: ['PATCH'],
    path: '/logged-models/:model_id',
    version: '2.0',
    role: 'operator',
    request: z.object({ model_id, status: Status }),
  },
  deleteLoggedModel: {
    methods: ['DELETE'],
    path: '/logged-models/:model_id',
    version: '2.0',
    role: 'operator',
    request: z.object({ model_id }),
  },
  searchLoggedModels: {
    methods: ['POST'],
    path: '/logged-models/search',
    version: '2.0',
    role: 'viewer',
    request: z.object({
      experiment_ids: field.list(field.text),
      filter: field.optional(field.text),
      datasets: field.list(z.object({ dataset_name: field.requiredText, dataset_digest: field.optional(field.text) })),
      max_results: field.optional(field.int32),
      order_by: field.list(
        z.object({
          field_name: field.requiredText,
          ascending: field.optional(field.bool),
          dataset_name: field.optional(field.text),
          dataset_digest: field.optional(field.text),
        }),
      ),
      page_token: field.optional(field.text),
    }),
  },
  setLoggedModelTags: {
    methods: ['PATCH'],
    path: '/logged-models/:model_id/tags',
    version: '2.0',
    role: 'operator',
    request: z.object({ model_id, tags: field.list(Tag) }),
  },
  deleteLoggedModelTag: {
    methods: ['DELETE'],
    path: '/logged-models/:model_id/tags/:tag_key',
    version: '2.0',
    role: 'operator',
    request: z.object({ model_id, tag_key: field.requiredText }),
  },
  logLoggedModelParams: {
    methods: ['POST'],
    path: '/logged-models/:model_id/params',
    version: '2.0',
    role: 'operator',
    request: z.object({ model_id, params: field.list(Param) }),
  },
  listLoggedModelArtifacts: {
    methods: ['GET'],
    path: '/logged-models/:model_id/artifacts/directories',
    version: '2.0',
    role: 'viewer',
    request: z.object({
      model_id,
      artifact_directory_path: field.optional(field.text),
      page_token: field.optional(field.text),
    }),
  },
} as const satisfies Record<string, MlflowRouteDefinition>;
