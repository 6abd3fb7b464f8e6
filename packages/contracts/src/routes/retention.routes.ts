import { RegisteredModelName } from '../http/fields.js';
import { PutRetention, RetentionReport, RetentionState, RunRetention } from '../http/retention.js';
import type { RouteDefinition } from './route-definition.js';

const m = { model: RegisteredModelName };

/** Routes about how long versions are kept. */
export const RETENTION_ROUTES = {
  getRetention: {
    method: 'GET',
    path: '/api/v1/models/:model/retention',
    owner: 'registry',
    role: 'viewer',
    summary: 'How long versions of a model are kept',
    params: m,
    status: 200,
    response: RetentionState,
  },
  putRetention: {
    method: 'PUT',
    path: '/api/v1/models/:model/retention',
    owner: 'registry',
    role: 'admin',
    summary: 'Say how long versions of a model are kept; what is live, was live lately or is referred to always stays',
    params: m,
    body: PutRetention,
    status: 200,
    response: RetentionState,
  },
  runRetention: {
    method: 'POST',
    path: '/api/v1/registry/retention',
    owner: 'registry',
    role: 'admin',
    summary:
      'Remove versions that nobody needs, or tell which would go and why the others stay (`dry_run`, the default)',
    body: RunRetention,
    status: 200,
    response: RetentionReport,
  },
} as const satisfies Record<string, RouteDefinition>;
