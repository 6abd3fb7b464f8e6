import type { CrossValidation } from './cross-validate.js';

/** F1 means closer than this are a tie: a rounding difference must not choose a model. */
const TIE = 1e-9;

/**
 * Orders candidates, best first: by mean F1 over folds; ties by lower mean Brier score, then by higher mean ROC-AUC, then by id.
 */
export function rankCandidates(candidates: readonly CrossValidation[]): CrossValidation[] {
  // Rounded to the tie width first: comparing with a tolerance would not be a transitive order.
  const grid = (value: number): number => Math.round(value / TIE);
  return [...candidates].sort(
    (a, b) =>
      grid(b.summary.f1.mean) - grid(a.summary.f1.mean) ||
      grid(a.summary.brier.mean) - grid(b.summary.brier.mean) ||
      grid(b.summary.rocAuc.mean) - grid(a.summary.rocAuc.mean) ||
      (a.candidateId < b.candidateId ? -1 : Number(a.candidateId > b.candidateId)),
  );
}
