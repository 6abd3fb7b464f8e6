import { z } from 'zod';
import * as batch from '../http/batch-prediction.js';
import { Id } from '../http/fields.js';
import type { RouteDefinition } from './route-definition.js';

const PATH = '/api/v1/batch-predictions';
const params = { id: Id };

/** Routes for predictions of whole files. */
export const BATCH_PREDICTION_ROUTES = {
  createBatchPrediction: {
    method: 'POST',
    path: PATH,
    owner: 'training',
    role: 'predictor',
    summary:
      'Predict every row of a file: multipart with `metadata` (JSON: model, version, include, format, form) and `file` (CSV or Parquet), or JSON that names a dataset',
    body: batch.CreateBatchPrediction,
    status: 202,
    response: batch.BatchPredictionAccepted,
    upload: 'multipart',
  },
  listBatchPredictions: {
    method: 'GET',
    path: PATH,
    owner: 'training',
    role: 'predictor',
    summary: 'Batch predictions, newest first',
    query: batch.BatchPredictionsQuery,
    status: 200,
    response: batch.BatchPredictionPage,
  },
  getBatchPrediction: {
    method: 'GET',
    path: `${PATH}/:id`,
    owner: 'training',
    role: 'predictor',
    summary: 'State, progress and failed rows of a batch prediction',
    params,
    status: 200,
    response: batch.BatchPrediction,
  },
  watchBatchPrediction: {
    method: 'GET',
    path: `${PATH}/:id/events`,
    owner: 'training',
    role: 'predictor',
    summary: 'The same as server-sent events, until it ends',
    params,
    status: 200,
    response: 'events',
  },
  cancelBatchPrediction: {
    method: 'POST',
    path: `${PATH}/:id/cancel`,
    owner: 'training',
    role: 'predictor',
    summary: 'Stop a batch prediction; there is no result then',
    params,
    status: 202,
    response: batch.BatchPrediction,
  },
  getBatchPredictionResult: {
    method: 'GET',
    path: `${PATH}/:id/result`,
    owner: 'training',
    role: 'predictor',
    summary: 'The result, one row for each row of the file, in its order (CSV or NDJSON)',
    params,
    status: 200,
    response: 'file',
  },
  deleteBatchPrediction: {
    method: 'DELETE',
    path: `${PATH}/:id`,
    owner: 'training',
    role: 'predictor',
    summary: 'Remove a batch prediction that is over, with its result; what it logged stays',
    params,
    status: 204,
    response: z.null(),
  },
} as const satisfies Record<string, RouteDefinition>;
