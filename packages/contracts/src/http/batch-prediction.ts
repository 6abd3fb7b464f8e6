import { z } from 'zod';
import { wire } from '../wire.js';
import { Id, ModelName, PageQuery, page, Share, Timestamp, VersionNumber } from './fields.js';
import { DeclaredForm } from './table-definition.js';

const asked = {
  model: ModelName,
  /** Default: the live version at the moment when the work begins; the same one answers every row. */
  version: VersionNumber.optional(),
  /** Columns of the file that are passed on into the result, an id for example. */
  include: z.array(z.string().min(1).max(200)).max(50).default([]),
  /** Of the result. */
  format: z.enum(['csv', 'ndjson']).default('csv'),
};

/** POST `/api/v1/batch-predictions` as JSON: the rows of a dataset, `name` (its latest version) or `name@version`. */
export const CreateBatchPrediction = wire({
  ...asked,
  dataset: z.string().regex(/^[a-z][a-z0-9-]{0,62}(@[1-9][0-9]{0,6})?$/, 'the name of a dataset, or name@version'),
});
export type CreateBatchPrediction = z.output<typeof CreateBatchPrediction>;

/** The same as a form: the part `metadata`, before the part `file`, which is the CSV or Parquet file. */
export const UploadBatchPrediction = wire({ ...asked, form: DeclaredForm.optional() });
export type UploadBatchPrediction = z.output<typeof UploadBatchPrediction>;

export const BatchPredictionAccepted = wire({ batchPredictionId: Id, statusUrl: z.string() });

export const BatchPredictionState = z.enum(['queued', 'running', 'succeeded', 'failed', 'cancelled']);

/** Rows that could not be predicted for one reason, with the first of them. Rows count from 1, as in the result. */
export const RowFailures = wire({
  reason: z.string(),
  rows: z.int().min(1),
  examples: z.array(wire({ row: z.int().min(1), message: z.string() })).max(5),
});
export type RowFailures = z.output<typeof RowFailures>;

export const BatchPrediction = wire({
  id: Id,
  modelName: ModelName,
  /** The version that answers; null until it is known. */
  modelVersion: VersionNumber.nullable(),
  dataset: z.string().nullable(),
  fileName: z.string(),
  include: z.array(z.string()),
  format: z.enum(['csv', 'ndjson']),
  state: BatchPredictionState,
  /** In [0, 1]; never goes back. */
  progress: z.number().min(0).max(1),
  /** Null until the file was looked through. */
  rowsTotal: z.int().min(0).nullable(),
  /** Rows that are in the result for good. */
  rowsDone: z.int().min(0),
  /** Of `rowsDone` those that could not be predicted. */
  rowsFailed: z.int().min(0),
  failures: z.array(RowFailures),
  /** What the work waits for, when it can't go on now. */
  waitingFor: z.string().nullable(),
  error: wire({ code: z.string(), message: z.string() }).nullable(),
  requestedBy: z.string(),
  attempt: z.int().min(0),
  createdAt: Timestamp,
  startedAt: Timestamp.nullable(),
  endedAt: Timestamp.nullable(),
  /** When the result is removed; null before there is one. */
  expiresAt: Timestamp.nullable(),
});
export type BatchPrediction = z.output<typeof BatchPrediction>;
export const BatchPredictionPage = page(BatchPrediction);
export const BatchPredictionsQuery = wire({
  ...PageQuery,
  model: ModelName.optional(),
  state: BatchPredictionState.optional(),
});

/** Most rows of one call between training and serving. */
export const BATCH_CALL_ROWS_MAX = 1_000;

/**
 * POST `/internal/batch-rows`, asked of serving by training: some rows of a batch prediction. The ids of its rows in the prediction log are
 * made from its own, which is a UUID version 7, and from the row's number; their time is that of the id. So a call may be repeated, and the
 * log has each row once.
 */
export const PredictBatchRows = wire({
  batchPredictionId: Id,
  modelName: ModelName,
  version: VersionNumber,
  /** In force when the work began; serving refuses when it is another one by now. */
  threshold: Share,
  /** Number of the first of `rows`, from 1. */
  firstRow: z.int().min(1),
  /** Objects of named fields; the model's own reader checks them. */
  rows: z.array(z.unknown()).min(1).max(BATCH_CALL_ROWS_MAX),
});
export type PredictBatchRows = z.output<typeof PredictBatchRows>;

/** Row by row. */
export const PredictedBatchRows = wire({
  /** Null for a row that was refused. */
  predictionIds: z.array(Id.nullable()),
  /** Name of the class, 0 or 1, or the value; null when the model abstains or the row was refused. */
  predictions: z.array(z.union([z.number(), z.string()]).nullable()),
  /** The probability of the prediction (binary: of the positive class), or the score of an anomaly; null in regression. */
  probabilities: z.array(z.number().nullable()),
  /** Of each class in the order of the signature; null where there are no classes, or more than {@link BATCH_CLASSES_MAX}. */
  classProbabilities: z.array(z.array(z.number()).nullable()),
  refused: z.array(wire({ index: z.int().min(0), reason: z.string(), message: z.string() })),
});
export type PredictedBatchRows = z.output<typeof PredictedBatchRows>;

/** A result has a column for each class up to so many. */
export const BATCH_CLASSES_MAX = 20;
