import { z } from 'zod';
import { Search, Tag, ViewType } from './fields.js';
import * as field from './proto-json.js';
import type { MlflowRouteDefinition } from './route-definition.js';

const experiment_id = field.requiredText;

/** Experiments (service.proto). */
export const EXPERIMENTS_ROUTES = {
  createExperiment: {
    methods: ['POST'],
    path: '/experiments/create',
    version: '2.0',
    role: 'operator',
    request: z.object({
      name: field.requiredText,
      artifact_location: field.optional(field.text),
      tags: field.list(Tag),
    }),
  },
  getExperiment: {
    methods: ['GET'],
    path: '/experiments/get',
    version: '2.0',
    role: 'viewer',
    request: z.object({ experiment_id }),
  },
  getExperimentByName: {
    methods: ['GET'],
    path: '/experiments/get-by-name',
    version: '2.0',
    role: 'viewer',
    request: z.object({ experiment_name: field.requiredText }),
  },
  searchExperiments: {
    methods: ['GET', 'POST'],
    path: '/experiments/search',
    version: '2.0',
    role: 'viewer',
    request: z.object({ ...Search, view_type: field.optional(ViewType) }),
  },
  updateExperiment: {
    methods: ['POST'],
    path: '/experiments/update',
    version: '2.0',
    role: 'operator',
    request: z.object({ experiment_id, new_name: field.requiredText }),
  },
  deleteExperiment: {
    methods: ['POST'],
    path: '/experiments/delete',
    version: '2.0',
    role: 'operator',
    request: z.object({ experiment_id }),
  },
  restoreExperiment: {
    methods: ['POST'],
    path: '/experiments/restore',
    version: '2.0',
    role: 'operator',
    request: z.object({ experiment_id }),
  },
  setExperimentTag: {
    methods: ['POST'],
    path: '/experiments/set-experiment-tag',
    version: '2.0',
    role: 'operator',
    request: z.object({ experiment_id, key: field.requiredText, value: field.optional(field.text) }),
  },
  deleteExperimentTag: {
    methods: ['POST'],
    path: '/experiments/delete-experiment-tag',
    version: '2.0',
    role: 'operator',
    request: z.object({ experiment_id, key: field.requiredText }),
  },
  searchDatasets: {
    methods: ['POST'],
    path: '/experiments/search-datasets',
    version: '2.0',
    role: 'viewer',
    request: z.object({ experiment_ids: field.list(field.text) }),
  },
} as const satisfies Record<string, MlflowRouteDefinition>;
