import type { ModelSignature } from '@gimbal/contracts';
import type { FittedModel } from './fit-onnx.js';
import type { SignatureColumn } from './read-ml-model.js';

/** Of `SignatureInput.name`. */
const NAME_MAX = 200;

/**
 * How to call a fitted model: columns have the names of MLflow's signature where that names as many, each another; else `feature_0`, `feature_1`, …
 * Classes have the names that the file gives them.
 */
export function describeSignature(
  model: Omit<FittedModel, 'file' | 'columns'> & { readonly columns: number },
  columns: readonly SignatureColumn[] | null,
): ModelSignature {
  const { task, classes, takesMissing } = model;
  const named = fits(columns, model.columns) ? columns : null;
  const inputs = Array.from({ length: model.columns }, (_, index) => {
    const column = named?.[index];
    return {
      name: column?.name ?? `feature_${index}`,
      type: column?.type === 'boolean' ? ('boolean' as const) : ('number' as const),
      description: '',
      allowed: null,
      range: null,
      missing: takesMissing || column?.required === false ? ('allowed' as const) : ('refused' as const),
      trainingRange: null,
    };
  });
  const isNamed = classes.some((name, index) => name !== String(index));
  const hasClasses = task === 'multiclass-classification' || (task === 'binary-classification' && isNamed);
  return {
    task,
    ...(hasClasses && { classes: [...classes] }),
    inputs,
    target: '',
    codings: {},
  };
}

function fits(columns: readonly SignatureColumn[] | null, count: number): columns is readonly SignatureColumn[] {
  if (columns?.length !== count) return false;
  const names = new Set(columns.map(({ name }) => name));
  return names.size === count && [...names].every((name) => name !== null && name !== '' && name.length <= NAME_MAX);
}
