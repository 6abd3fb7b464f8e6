import { z } from 'zod';

/*
 * The forms of KServe V1 and of MLflow's scoring server as they are documented at the door. Serving reads rows by hand, by the columns of
 * the model that is asked.
 */

/** `predict`: the answer itself. `predict_proba`: the probability of every class. */
const PredictionMethod = z.enum(['predict', 'predict_proba']).default('predict');

/** Row by row: an object of named values, a list of values in the order of the columns, or, for a model of one column, the value. */
const Instances = z.array(z.unknown()).min(1);
/** Column by column, by name; or as `instances`. */
const Inputs = z.union([z.record(z.string(), z.unknown()), Instances]);

/** Either `instances` or `inputs`. */
export const V1Request = z.object({
  instances: Instances.optional(),
  inputs: Inputs.optional(),
  parameters: z.object({ predict_method: PredictionMethod }).optional(),
});
/** One of each for every row; `prediction_id` is the id of the first row, those of the others count on from its last eight digits. */
export const V1Predictions = z.object({ predictions: z.array(z.unknown()), prediction_id: z.string() });
/** `top`: how many contributions of each row, the largest; all without it. */
export const V1ExplainRequest = V1Request.extend({
  parameters: z.object({ top: z.int().min(1).max(2_000).optional() }).optional(),
});
/** `sum` = `base_value` + all contributions, those in `rest` included; what `output` makes of it is the prediction. */
export const V1Explanations = z.object({
  predictions: z.array(z.unknown()),
  explanations: z.array(
    z.object({
      explained_class: z.string().optional(),
      base_value: z.number(),
      contributions: z.record(z.string(), z.number()),
      rest: z.number(),
      sum: z.number(),
    }),
  ),
  output: z.string(),
  calibration_included: z.boolean(),
  model_version: z.string(),
});

/** Exactly one of the four forms. */
export const MlflowInvocation = z.object({
  dataframe_split: z
    .object({
      columns: z.array(z.string()).optional(),
      index: z.array(z.unknown()).optional(),
      data: z.array(z.array(z.unknown())),
    })
    .optional(),
  dataframe_records: Instances.optional(),
  instances: Instances.optional(),
  inputs: Inputs.optional(),
  params: z.object({ predict_method: PredictionMethod }).optional(),
});
export const MlflowPredictions = z.object({ predictions: z.array(z.unknown()), prediction_id: z.string() });
/** Every refusal of these routes. */
export const MlflowError = z.object({ error_code: z.string(), message: z.string() });
