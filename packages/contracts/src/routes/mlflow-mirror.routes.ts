import { Paging } from '../http/fields.js';
import {
  MlflowHealth,
  MlflowRefusals,
  MlflowRetried,
  ReconcileMlflow,
  Reconciliation,
  RetryMlflow,
} from '../http/mlflow-mirror.js';
import type { RouteDefinition } from './route-definition.js';

/** Routes about the outside MLflow server that is told what is written here. */
export const MLFLOW_MIRROR_ROUTES = {
  getMlflowHealth: {
    method: 'GET',
    path: '/api/v1/mlflow/health',
    owner: 'registry',
    role: 'viewer',
    summary: 'The MLflow server that is told what is written here: whether it answers, and what waits',
    status: 200,
    response: MlflowHealth,
  },
  reconcileMlflow: {
    method: 'POST',
    path: '/api/v1/mlflow/reconcile',
    owner: 'registry',
    role: 'operator',
    summary: 'Compare both sides, a part at a time, and tell again what is missing or differs there',
    body: ReconcileMlflow,
    status: 200,
    response: Reconciliation,
  },
  listMlflowRefusals: {
    method: 'GET',
    path: '/api/v1/mlflow/refusals',
    owner: 'registry',
    role: 'viewer',
    summary: 'What that server is not told of, because it refused it or somebody else owns it there, with reasons',
    query: Paging,
    status: 200,
    response: MlflowRefusals,
  },
  retryMlflow: {
    method: 'POST',
    path: '/api/v1/mlflow/retry',
    owner: 'registry',
    role: 'operator',
    summary: 'Try again to tell what was refused, one thing or all',
    body: RetryMlflow,
    status: 200,
    response: MlflowRetried,
  },
} as const satisfies Record<string, RouteDefinition>;
