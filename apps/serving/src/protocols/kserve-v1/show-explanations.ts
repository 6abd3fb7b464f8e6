import type { Explanations } from '@gimbal/contracts';

/** The body of `:explain`: for each row the prediction, and what each column added to it. */
export function showExplanations({ output, calibrationIncluded, modelVersion, results }: Explanations): object {
  return {
    predictions: results.map(({ prediction }) => prediction),
    explanations: results.map((result) => ({
      ...(result.explainedClass !== undefined && { explained_class: result.explainedClass }),
      base_value: result.baseValue,
      contributions: Object.fromEntries(
        result.contributions.map(({ feature, contribution }) => [feature, contribution]),
      ),
      rest: result.rest,
      sum: result.sum,
    })),
    output,
    calibration_included: calibrationIncluded,
    model_version: String(modelVersion),
  };
}
