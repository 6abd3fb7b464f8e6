import { RegisteredModelName } from '../http/fields.js';
import { ImportedModel } from '../http/model-archive.js';
import type { RouteDefinition } from './route-definition.js';

/** Routes that carry models from one installation to another. */
export const TRANSFER_ROUTES = {
  exportModel: {
    method: 'GET',
    path: '/api/v1/models/:model/export',
    owner: 'registry',
    role: 'operator',
    summary: 'A model with its versions, runs, files, aliases and history as one signed file (tar)',
    params: { model: RegisteredModelName },
    status: 200,
    response: 'file',
  },
  importModel: {
    method: 'POST',
    path: '/api/v1/models/import',
    owner: 'registry',
    role: 'admin',
    summary:
      'Take in an exported model: multipart with `metadata` (JSON: as, key_id) before `file`; all of it or nothing',
    status: 201,
    response: ImportedModel,
    upload: 'multipart',
  },
} as const satisfies Record<string, RouteDefinition>;
