import { ExplainRows, Explanations } from '../http/explanation.js';
import { ModelName } from '../http/fields.js';
import * as prediction from '../http/prediction.js';
import type { RouteDefinition } from './route-definition.js';

/** Routes of serving beside predictions: explanations, which are too heavy for the data plane, and its state, for operators. */
export const SERVING_ROUTES = {
  explainModel: {
    method: 'POST',
    path: '/api/v1/models/:model/explain',
    owner: 'serving',
    role: 'predictor',
    summary: 'Rows in, exact Shapley values of each prediction out; logs nothing',
    params: { model: ModelName },
    query: prediction.CodingQuery,
    body: ExplainRows,
    status: 200,
    response: Explanations,
  },
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
