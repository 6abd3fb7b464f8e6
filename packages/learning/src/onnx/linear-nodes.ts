import { STANDARDISED_MAX } from '../families/linear/standardise.js';
import type { LinearModel } from '../families/model.js';
import { type GraphPart, joinParts } from './graph-part.js';

/** Numeric columns: pick, impute the median, standardise, cut. `columns` [N, F] -> `standardised` [N, numeric]. */
function createNumericPart({ numeric }: LinearModel, columns: string): GraphPart {
  return {
    constants: [
      {
        name: 'numeric_columns',
        element: 'int64',
        shape: [numeric.length],
        values: numeric.map(({ feature }) => feature),
      },
      { name: 'lowest', element: 'float', shape: [], values: [-STANDARDISED_MAX] },
      { name: 'highest', element: 'float', shape: [], values: [STANDARDISED_MAX] },
    ],
    nodes: [
      {
        operator: 'Gather',
        inputs: [columns, 'numeric_columns'],
        outputs: ['numeric'],
        attributes: [{ name: 'axis', integer: 1 }],
      },
      {
        operator: 'Imputer',
        domain: 'ai.onnx.ml',
        inputs: ['numeric'],
        outputs: ['imputed'],
        attributes: [
          { name: 'imputed_value_floats', floats: numeric.map(({ imputed }) => imputed) },
          { name: 'replaced_value_float', float: Number.NaN },
        ],
      },
      {
        operator: 'Scaler',
        domain: 'ai.onnx.ml',
        inputs: ['imputed'],
        outputs: ['scaled'],
        attributes: [
          { name: 'offset', floats: numeric.map(({ offset }) => offset) },
          { name: 'scale', floats: numeric.map(({ scale }) => scale) },
        ],
      },
      { operator: 'Clip', inputs: ['scaled', 'lowest', 'highest'], outputs: ['standardised'] },
    ],
  };
}

/** Categorical columns: impute the most frequent code, one indicator per code. `columns` [N, F] -> `indicators` [N, codes]. */
function createCategoryPart({ categories }: LinearModel, columns: string): GraphPart {
  return {
    constants: [
      {
        name: 'category_columns',
        element: 'int64',
        shape: [categories.length],
        values: categories.map(({ feature }) => feature),
      },
      {
        name: 'category_codes',
        element: 'float',
        shape: [1, categories.length],
        values: categories.map(({ code }) => code),
      },
    ],
    nodes: [
      {
        operator: 'Gather',
        inputs: [columns, 'category_columns'],
        outputs: ['codes'],
        attributes: [{ name: 'axis', integer: 1 }],
      },
      {
        operator: 'Imputer',
        domain: 'ai.onnx.ml',
        inputs: ['codes'],
        outputs: ['imputed_codes'],
        attributes: [
          { name: 'imputed_value_floats', floats: categories.map(({ imputed }) => imputed) },
          { name: 'replaced_value_float', float: Number.NaN },
        ],
      },
      { operator: 'Equal', inputs: ['imputed_codes', 'category_codes'], outputs: ['matches'] },
      { operator: 'Cast', inputs: ['matches'], outputs: ['indicators'], attributes: [{ name: 'to', integer: 1 }] },
    ],
  };
}

/** A column of zeros, for a model that found no column worth a term. `columns` [N, F] -> `nothing` [N, 1]. */
function createEmptyPart(columns: string): GraphPart {
  return {
    constants: [
      { name: 'first_column', element: 'int64', shape: [1], values: [0] },
      { name: 'zero', element: 'float', shape: [], values: [0] },
    ],
    nodes: [
      {
        operator: 'Gather',
        inputs: [columns, 'first_column'],
        outputs: ['first'],
        attributes: [{ name: 'axis', integer: 1 }],
      },
      // Zero times a missing value would be missing.
      { operator: 'IsNaN', inputs: ['first'], outputs: ['is_missing'] },
      { operator: 'Cast', inputs: ['is_missing'], outputs: ['some'], attributes: [{ name: 'to', integer: 1 }] },
      { operator: 'Mul', inputs: ['some', 'zero'], outputs: ['nothing'] },
    ],
  };
}

/**
 * The nodes of a linear model: `columns` [N, F] -> `sum` [N, K], missing values and codes handled inside. Terms are summed in
 * float64 and rounded once: large terms that cancel each other leave no error, and every runtime finds the kernel's margin.
 */
export function createLinearPart(model: LinearModel, columns: string): GraphPart {
  const { numeric, categories, bias } = model;
  const parts = [
    ...(numeric.length > 0 ? [{ part: createNumericPart(model, columns), terms: 'standardised' }] : []),
    ...(categories.length > 0 ? [{ part: createCategoryPart(model, columns), terms: 'indicators' }] : []),
  ];
  if (parts.length === 0) parts.push({ part: createEmptyPart(columns), terms: 'nothing' });
  const weights = [...numeric, ...categories].flatMap((term) => term.weights);
  if (weights.length === 0) weights.push(...bias.map(() => 0));
  return joinParts(...parts.map(({ part }) => part), {
    constants: [
      {
        name: 'weights',
        element: 'double',
        shape: [weights.length / bias.length, bias.length],
        values: weights,
      },
      { name: 'bias', element: 'double', shape: [bias.length], values: [...bias] },
    ],
    nodes: [
      {
        operator: 'Concat',
        inputs: parts.map(({ terms }) => terms),
        outputs: ['terms'],
        attributes: [{ name: 'axis', integer: 1 }],
      },
      { operator: 'Cast', inputs: ['terms'], outputs: ['wide_terms'], attributes: [{ name: 'to', integer: 11 }] },
      { operator: 'Gemm', inputs: ['wide_terms', 'weights', 'bias'], outputs: ['wide_sum'] },
      { operator: 'Cast', inputs: ['wide_sum'], outputs: ['sum'], attributes: [{ name: 'to', integer: 1 }] },
    ],
  });
}
