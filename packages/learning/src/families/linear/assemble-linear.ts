import type { LinearModel } from '../model.js';
import type { EncodedColumns } from './encode-columns.js';

/** What a linear model adds to the header of its model. */
export type LinearBody = Pick<LinearModel, 'kind' | 'link' | 'numeric' | 'categories' | 'bias' | 'fit'>;

/**
 * Puts the found weights into the terms, as float32.
 *
 * @param point output by output, the weights of all terms and then the bias
 */
export function assembleLinear(
  { numeric, categories }: EncodedColumns,
  point: Float64Array,
  { link, fit }: Pick<LinearModel, 'link' | 'fit'>,
): LinearBody {
  const stride = numeric.length + categories.length + 1;
  const outputs = Array.from({ length: point.length / stride }, (_, k) => k * stride);
  const weightsOf = (term: number): number[] => outputs.map((first) => Math.fround(point[first + term]!));
  return {
    kind: 'linear',
    link,
    numeric: numeric.map((term, j) => ({ ...term, weights: weightsOf(j) })),
    categories: categories.map((term, k) => ({ ...term, weights: weightsOf(numeric.length + k) })),
    bias: weightsOf(stride - 1),
    fit,
  };
}
