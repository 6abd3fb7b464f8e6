import { STANDARDISED_MAX } from './linear/standardise.js';
import type { CategoryTerm, LinearModel, NumericTerm } from './model.js';

const { fround } = Math;

/** The z of a numeric term, each operation rounded to float32 as the exported graph rounds it. */
function standardiseExactly({ imputed, offset, scale }: NumericTerm, value: number): number {
  const z = fround(fround((Number.isNaN(value) ? imputed : value) - offset) * scale);
  return Math.min(STANDARDISED_MAX, Math.max(-STANDARDISED_MAX, z));
}

/** Terms of one categorical column by their code; a missing cell has the term of the imputed code. */
interface CodeTerms {
  readonly feature: number;
  readonly byCode: ReadonlyMap<number, CategoryTerm>;
}

function groupTerms(terms: readonly CategoryTerm[]): CodeTerms[] {
  const features = [...new Set(terms.map(({ feature }) => feature))];
  return features.map((feature) => {
    const byCode = new Map(terms.filter((term) => term.feature === feature).map((term) => [term.code, term]));
    const [imputed] = [...byCode.values()].map((term) => byCode.get(term.imputed));
    if (imputed !== undefined) byCode.set(Number.NaN, imputed);
    return { feature, byCode };
  });
}

/**
 * Sums bias and weighted terms, in float64.
 *
 * @returns row-major, `rows.length` x `bias.length`
 */
export function sumTerms(model: LinearModel, columns: readonly Float32Array[], rows: Int32Array): Float64Array {
  const { bias } = model;
  const outputCount = bias.length;
  const sums = new Float64Array(rows.length * outputCount);
  for (let at = 0; at < sums.length; at += outputCount) for (let k = 0; k < outputCount; k++) sums[at + k] = bias[k]!;
  for (const term of model.numeric) {
    const column = columns[term.feature]!;
    const { weights } = term;
    for (let i = 0, at = 0; i < rows.length; i++, at += outputCount) {
      const z = standardiseExactly(term, column[rows[i]!]!);
      for (let k = 0; k < outputCount; k++) sums[at + k]! += z * weights[k]!;
    }
  }
  for (const { feature, byCode } of groupTerms(model.categories)) {
    const column = columns[feature]!;
    for (let i = 0, at = 0; i < rows.length; i++, at += outputCount) {
      const weights = byCode.get(column[rows[i]!]!)?.weights;
      if (weights !== undefined) for (let k = 0; k < outputCount; k++) sums[at + k]! += weights[k]!;
    }
  }
  return sums;
}
