import { ExplainRows, Explanations } from '../http/explanation.js';
import { ModelName, VersionParam } from '../http/fields.js';
import * as prediction from '../http/prediction.js';
import * as receipt from '../http/receipt.js';
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
  resetBreaker: {
    method: 'POST',
    path: '/api/v1/models/:model/versions/:version/breaker/reset',
    owner: 'serving',
    role: 'operator',
    summary: 'Closes the circuit breaker of a version, so that it is asked again at once',
    params: { model: ModelName, version: VersionParam },
    status: 200,
    response: prediction.BreakerReset,
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
  receiptKeys: {
    method: 'GET',
    path: '/api/v1/receipts/keys',
    owner: 'serving',
    role: null,
    summary: 'Public keys that receipts are checked with, as a JSON Web Key Set',
    status: 200,
    response: receipt.ReceiptKeys,
  },
  servedModelStatistics: {
    method: 'GET',
    path: '/api/v1/models/:model/stats',
    owner: 'serving',
    role: 'viewer',
    summary: 'Counts and times of a model and of each of its versions',
    params: { model: ModelName },
    query: prediction.StatisticsQuery,
    status: 200,
    response: prediction.ServedModelStatistics,
  },
} as const satisfies Record<string, RouteDefinition>;
