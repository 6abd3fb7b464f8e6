import { STANDARDISED_MAX } from '../families/logistic-regression/standardise.js';
import type { LinearModel } from '../families/model.js';
import type { Constant, Node } from './write-onnx.js';

/** Part of a graph. */
export interface GraphPart {
  readonly nodes: readonly Node[];
  readonly constants: readonly Constant[];
}

/** Numeric columns: pick, impute the median, standardise, cut. `features` [N, F] -> `standardised` [N, numeric]. */
function createNumericPart({ numeric }: LinearModel): GraphPart {
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
        inputs: ['features', 'numeric_columns'],
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

/** Categorical columns: impute the most frequent code, one indicator per code. `features` [N, F] -> `indicators` [N, codes]. */
function createCategoryPart({ categories }: LinearModel): GraphPart {
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
        inputs: ['features', 'category_columns'],
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

/** The nodes of a linear model: `features` [N, F] -> `sum` [N, 1], missing values and codes handled inside. */
export function createLinearPart(model: LinearModel): GraphPart {
  const hasNumeric = model.numeric.length > 0;
  const hasCategories = model.categories.length > 0;
  const parts = [
    ...(hasNumeric ? [createNumericPart(model)] : []),
    ...(hasCategories ? [createCategoryPart(model)] : []),
  ];
  const inputs = [...(hasNumeric ? ['standardised'] : []), ...(hasCategories ? ['indicators'] : [])];
  const weights = [...model.numeric, ...model.categories].map(({ weights: [weight] }) => weight!);
  return {
    constants: [
      ...parts.flatMap(({ constants }) => constants),
      { name: 'weights', element: 'float', shape: [weights.length, 1], values: weights },
      { name: 'bias', element: 'float', shape: [1], values: [...model.bias] },
    ],
    nodes: [
      ...parts.flatMap(({ nodes }) => nodes),
      { operator: 'Concat', inputs, outputs: ['terms'], attributes: [{ name: 'axis', integer: 1 }] },
      { operator: 'Gemm', inputs: ['terms', 'weights', 'bias'], outputs: ['sum'] },
    ],
  };
}
