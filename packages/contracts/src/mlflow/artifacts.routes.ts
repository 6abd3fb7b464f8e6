import { z } from 'zod';
import * as field from './proto-json.js';
import type { MlflowRouteDefinition } from './route-definition.js';

/** What is said about files in JSON (service.proto); the files themselves go by the artifact proxy. */
export const ARTIFACTS_ROUTES = {
  listArtifacts: {
    methods: ['GET'],
    path: '/artifacts/list',
    version: '2.0',
    role: 'viewer',
    request: z.object({
      run_id: field.optional(field.text),
      run_uuid: field.optional(field.text),
      path: field.optional(field.text),
      page_token: field.optional(field.text),
    }),
  },
} as const satisfies Record<string, MlflowRouteDefinition>;
