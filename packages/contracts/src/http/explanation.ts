import { z } from 'zod';
import { wire } from '../wire.js';
import { Features, FeatureValue, ModelName, Share, VersionNumber } from './fields.js';

/** Most rows of one request: explaining costs about a hundred times what predicting does. */
export const EXPLAINED_ROWS_MAX = 1_000;

/** POST `/api/v1/models/:model/explain`. */
export const ExplainRows = wire({
  rows: z.array(Features).min(1).max(EXPLAINED_ROWS_MAX),
  /** The `model_version` of the prediction to explain; the live version without it. */
  version: VersionNumber.optional(),
  /** Contributions to show for each row, largest first; all without it. */
  top: z.int().min(1).max(2_000).optional(),
  /** Models of several classes: the class to explain; the most probable one without it. */
  class: z.string().max(1_000).optional(),
});
export type ExplainRows = z.output<typeof ExplainRows>;

/**
 * What contributions add up to. `log-odds`: their sigmoid is the probability of the positive class. `margin`: one per class, their softmax
 * are the probabilities. `probability`, `value`: the answer itself. `path-length`: 2^-that is the anomaly score.
 */
export const ExplainedOutput = z.enum(['log-odds', 'margin', 'probability', 'value', 'path-length']);

/** Why a model answered a row as it did: `sum` = `base_value` + all contributions, those in `rest` included. */
export const RowExplanation = wire({
  /** As in `ModelPrediction`. */
  prediction: z.union([z.number(), z.string()]).nullable(),
  /** Binary: of the positive class. Multiclass: of `explained_class`. */
  probability: Share.optional(),
  score: Share.optional(),
  /** Multiclass: the class that is explained. */
  explainedClass: z.string().optional(),
  /** What the model says when it knows no field of the row. */
  baseValue: z.number(),
  /** Largest first. `value` as it was sent; null when missing. */
  contributions: z.array(wire({ feature: z.string(), value: FeatureValue, contribution: z.number() })),
  /** The contributions that `top` left out, added. */
  rest: z.number(),
  sum: z.number(),
});

/** Exact Shapley values, by the version that answered; one result per row, in order. Nothing is logged. */
export const Explanations = wire({
  modelName: ModelName,
  modelVersion: VersionNumber,
  output: ExplainedOutput,
  /** False when a calibration by steps stands between `sum` and the probability: then `sum` is the margin before it. */
  calibrationIncluded: z.boolean(),
  results: z.array(RowExplanation),
});
export type Explanations = z.output<typeof Explanations>;
