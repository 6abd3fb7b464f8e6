import type { Model } from '../families/model.js';

/**
 * Keys of a file's metadata. Values are text; lists and maps are JSON. Together with the graph they say everything that
 * prediction and explanation need.
 */
export function describeModel(model: Model, threshold: number | null): [string, string][] {
  const parameters = Object.entries(model.hyperparameters).sort(([a], [b]) => (a < b ? -1 : 1));
  return [
    ['task', model.task],
    ['algorithm', model.algorithm],
    ['link', model.link],
    ['feature_names', JSON.stringify(model.features.map(({ name }) => name))],
    ['feature_kinds', JSON.stringify(model.features.map(({ kind }) => kind))],
    ['feature_categories', JSON.stringify(model.features.map(({ categories }) => categories ?? null))],
    ['classes', JSON.stringify(model.classes)],
    ...(threshold === null ? [] : [['threshold', String(threshold)] satisfies [string, string]]),
    ['calibration', JSON.stringify(model.calibration)],
    ['hyperparameters', JSON.stringify(Object.fromEntries(parameters))],
    ['seed', String(model.seed)],
    ['train_rows', String(model.trainRows)],
    ['kernel_version', model.kernelVersion],
    ...(model.kind === 'linear' ? [['fit', JSON.stringify(model.fit)] satisfies [string, string]] : []),
  ];
}
