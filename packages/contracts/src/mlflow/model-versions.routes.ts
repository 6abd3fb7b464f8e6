import { z } from 'zod';
import { Search, Tag } from './fields.js';
import * as field from './proto-json.js';
import type { MlflowRouteDefinition } from './route-definition.js';

/** A version goes by its number, as text. */
const place = { name: field.requiredText, version: field.requiredText };

/** Versions of named models (model_registry.proto). */
export const MODEL_VERSIONS_ROUTES = {
  createModelVersion: {
    methods: ['POST'],
    path: '/model-versions/create',
    version: '2.0',
    role: 'operator',
    request: z.object({
      name: field.requiredText,
      source: field.requiredText,
      run_id: field.optional(field.text),
      tags: field.list(Tag),
      run_link: field.optional(field.text),
      description: field.optional(field.text),
      model_id: field.optional(field.text),
    }),
  },
  getModelVersion: {
    methods: ['GET'],
    path: '/model-versions/get',
    version: '2.0',
    role: 'viewer',
    request: z.object(place),
  },
  searchModelVersions: {
    methods: ['GET'],
    path: '/model-versions/search',
    version: '2.0',
    role: 'viewer',
    request: z.object(Search),
  },
  getModelVersionDownloadUri: {
    methods: ['GET'],
    path: '/model-versions/get-download-uri',
    version: '2.0',
    role: 'viewer',
    request: z.object(place),
  },
  updateModelVersion: {
    methods: ['PATCH'],
    path: '/model-versions/update',
    version: '2.0',
    role: 'operator',
    request: z.object({ ...place, description: field.optional(field.text) }),
  },
  transitionModelVersionStage: {
    methods: ['POST'],
    path: '/model-versions/transition-stage',
    version: '2.0',
    role: 'operator',
    request: z.object({ ...place, stage: field.requiredText, archive_existing_versions: field.bool }),
  },
  deleteModelVersion: {
    methods: ['DELETE'],
    path: '/model-versions/delete',
    version: '2.0',
    role: 'operator',
    request: z.object(place),
  },
  setModelVersionTag: {
    methods: ['POST'],
    path: '/model-versions/set-tag',
    version: '2.0',
    role: 'operator',
    request: Tag.extend(place),
  },
  deleteModelVersionTag: {
    methods: ['DELETE'],
    path: '/model-versions/delete-tag',
    version: '2.0',
    role: 'operator',
    request: z.object({ ...place, key: field.requiredText }),
  },
} as const satisfies Record<string, MlflowRouteDefinition>;
