import type { Model } from '../families/model.js';

/** How much a feature matters to a model. */
export interface FeatureImportance {
  readonly feature: string;
  /** Share of the whole, in [0, 1]; all are 0 when the model uses no feature. */
  readonly importance: number;
}

/**
 * Importance read from the model itself, in the order of its features. Trees: share of the training objective won by cuts
 * on the feature. Linear models: share of the sum of absolute weights (numeric columns are standardised, a code's
 * weight is that of its indicator).
 */
export function gainImportance(model: Model): FeatureImportance[] {
  const totals = new Float64Array(model.features.length);
  if (model.kind === 'linear') {
    for (const { feature, weights } of [...model.numeric, ...model.categories]) {
      for (const weight of weights) totals[feature]! += Math.abs(weight);
    }
  } else {
    for (const tree of model.trees) {
      tree.feature.forEach((feature, node) => {
        if (feature >= 0) totals[feature]! += tree.gain[node]!;
      });
    }
  }
  const whole = totals.reduce((sum, total) => sum + total, 0);
  return model.features.map(({ name }, j) => ({ feature: name, importance: whole === 0 ? 0 : totals[j]! / whole }));
}
