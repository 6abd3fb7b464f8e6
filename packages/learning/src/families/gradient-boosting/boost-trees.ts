import { type BinnedFeatures, binFeatures } from '../../binning/bin-features.js';
import { createRandom, deriveSeed, sampleWithoutReplacement } from '../../random/random.js';
import { checkpoint } from '../../training-hooks.js';
import { BoostedTreeGrower, type GrownTree, type GrowthPolicy, roundLogOdds } from '../../trees/grow-boosted-tree.js';
import type { SplitLimits } from '../../trees/split-scanner.js';
import type { Tree } from '../../trees/tree.js';
import { type FitRequest, priorLogOdds, takeTrainingTarget } from '../fit-request.js';
import type { TreeEnsembleModel } from '../model.js';

/** What both kinds of gradient boosting share once their own parameter names are translated. */
export interface BoostingPlan {
  readonly rounds: number;
  /** Factor on leaf values, in (0, 1]. */
  readonly learningRate: number;
  /** Share of rows drawn without replacement for each tree, in (0, 1]. */
  readonly rowShare: number;
  /** Share of columns drawn for each tree, in (0, 1]. */
  readonly featureShare: number;
  readonly policy: GrowthPolicy;
  readonly limits: SplitLimits;
}

/** Rounding leaves a hessian sum of about this size where there should be none; a child below it would divide by noise. */
export const HESSIAN_SUM_FLOOR = 1e-10;

/** Draws a share of all rows or columns; all of them when the share is 1. */
function drawPart(all: Int32Array, share: number, seed: number): Int32Array {
  if (share === 1) return all;
  return sampleWithoutReplacement(all.length, Math.max(1, Math.round(all.length * share)), createRandom(seed));
}

function updateMargins(margins: Float64Array, grown: GrownTree, binned: BinnedFeatures): void {
  if (grown.rows.length < binned.rowCount) {
    for (let row = 0; row < binned.rowCount; row++) {
      margins[row]! += grown.builder.evaluateCodes(binned.codes, binned.rowCount, binned.valueBins, row);
    }
    return;
  }
  for (const { start, end, value } of grown.leaves) {
    for (let i = start; i < end; i++) margins[grown.rows[i]!]! += value;
  }
}

/**
 * Trains trees one after another on the first and second derivatives of the log loss (Friedman, 2001; Chen and Guestrin,
 * 2016). Starts from the log-odds of the training rows.
 *
 * @throws LearningError `too-few-rows`, `training-cancelled`
 */
export function boostTrees(
  request: Omit<FitRequest<unknown>, 'hyperparameters'>,
  plan: BoostingPlan,
): Pick<TreeEnsembleModel, 'kind' | 'link' | 'base' | 'scale' | 'trees'> {
  const { dataset, rows, seed, hooks } = request;
  const target = takeTrainingTarget(dataset, rows);
  const binned = binFeatures(dataset, rows, deriveSeed(seed, 'bins'), hooks);
  const grower = new BoostedTreeGrower(binned, plan.policy, plan.limits);
  const base = roundLogOdds(priorLogOdds(target));
  const margins = new Float64Array(rows.length).fill(base);
  const gradients = new Float32Array(rows.length);
  const hessians = new Float32Array(rows.length);
  const allPositions = Int32Array.from({ length: rows.length }, (_, i) => i);
  const allFeatures = Int32Array.from({ length: binned.featureCount }, (_, j) => j);
  const trees: Tree[] = [];
  for (let round = 0; round < plan.rounds; round++) {
    checkpoint(hooks, round / plan.rounds);
    for (let i = 0; i < rows.length; i++) {
      const probability = 1 / (1 + Math.exp(-margins[i]!));
      gradients[i] = probability - target[i]!;
      hessians[i] = Math.max(probability * (1 - probability), 1e-16);
    }
    const grown = grower.grow({
      rows: drawPart(allPositions, plan.rowShare, deriveSeed(seed, 'rows', round)),
      features: drawPart(allFeatures, plan.featureShare, deriveSeed(seed, 'columns', round)),
      gradients,
      hessians,
      learningRate: plan.learningRate,
    });
    updateMargins(margins, grown, binned);
    trees.push(grown.builder.finish());
  }
  checkpoint(hooks, 1);
  return { kind: 'trees', link: 'sigmoid', base: [base], scale: 1, trees };
}
