import { z } from 'zod';
import { Search, Tag } from './fields.js';
import * as field from './proto-json.js';
import type { MlflowRouteDefinition } from './route-definition.js';

const name = field.requiredText;
const alias = field.requiredText;

/** Named models, their tags and their aliases (model_registry.proto). */
export const REGISTERED_MODELS_ROUTES = {
  createRegisteredModel: {
    methods: ['POST'],
    path: '/registered-models/create',
    version: '2.0',
    role: 'operator',
    request: z.object({ name, tags: field.list(Tag), description: field.optional(field.text) }),
  },
  getRegisteredModel: {
    methods: ['GET'],
    path: '/registered-models/get',
    version: '2.0',
    role: 'viewer',
    request: z.object({ name }),
  },
  searchRegisteredModels: {
    methods: ['GET'],
    path: '/registered-models/search',
    version: '2.0',
    role: 'viewer',
    request: z.object(Search),
  },
  updateRegisteredModel: {
    methods: ['PATCH'],
    path: '/registered-models/update',
    version: '2.0',
    role: 'operator',
    request: z.object({ name, description: field.optional(field.text) }),
  },
  renameRegisteredModel: {
    methods: ['POST'],
    path: '/registered-models/rename',
    version: '2.0',
    role: 'operator',
    request: z.object({ name, new_name: field.requiredText }),
  },
  deleteRegisteredModel: {
    methods: ['DELETE'],
    path: '/registered-models/delete',
    version: '2.0',
    role: 'operator',
    request: z.object({ name }),
  },
  getLatestVersions: {
    methods: ['POST', 'GET'],
    path: '/registered-models/get-latest-versions',
    version: '2.0',
    role: 'viewer',
    request: z.object({ name, stages: field.list(field.text) }),
  },
  setRegisteredModelTag: {
    methods: ['POST'],
    path: '/registered-models/set-tag',
    version: '2.0',
    role: 'operator',
    request: Tag.extend({ name }),
  },
  deleteRegisteredModelTag: {
    methods: ['DELETE'],
    path: '/registered-models/delete-tag',
    version: '2.0',
    role: 'operator',
    request: z.object({ name, key: field.requiredText }),
  },
  setRegisteredModelAlias: {
    methods: ['POST'],
    path: '/registered-models/alias',
    version: '2.0',
    role: 'operator',
    request: z.object({ name, alias, version: field.requiredText }),
  },
  deleteRegisteredModelAlias: {
    methods: ['DELETE'],
    path: '/registered-models/alias',
    version: '2.0',
    role: 'operator',
    request: z.object({ name, alias }),
  },
  getModelVersionByAlias: {
    methods: ['GET'],
    path: '/registered-models/alias',
    version: '2.0',
    role: 'viewer',
    request: z.object({ name, alias }),
  },
} as const satisfies Record<string, MlflowRouteDefinition>;
