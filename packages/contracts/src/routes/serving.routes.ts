import * as prediction from '../http/prediction.js';
import type { RouteDefinition } from './route-definition.js';

/** Routes for the state of serving, for its operators. */
export const SERVING_ROUTES = {
  servingHealth: {
    method: 'GET',
    path: '/monitoring/health',
    owner: 'serving',
    role: 'viewer',
    summary: 'Health of the served models',
    status: 200,
    response: prediction.ServingHealth,
  },
  servingStatistics: {
    method: 'GET',
    path: '/monitoring/statistics',
    owner: 'serving',
    role: 'viewer',
    summary: 'Counts, error rates, latencies, breakers',
    query: prediction.StatisticsQuery,
    status: 200,
    response: prediction.ServingStatistics,
  },
} as const satisfies Record<string, RouteDefinition>;
