import type { NumericTerm } from '../model.js';

const isMissing = Number.isNaN;

/**
 * Standardised values are cut to this many standard deviations: no value of up to a million training rows can lie further
 * out, and a sum of such terms can't overflow float32.
 */
export const STANDARDISED_MAX = 1000;

/** The z of a numeric term: imputed, shifted, scaled and cut, as the exported graph does it. */
export function standardise(term: NumericTerm, value: number): number {
  const z = ((isMissing(value) ? term.imputed : value) - term.offset) * term.scale;
  return Math.min(STANDARDISED_MAX, Math.max(-STANDARDISED_MAX, z));
}
