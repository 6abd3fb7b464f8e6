import { type Dataset, takeWeights } from '../../dataset/dataset.js';
import { LearningError } from '../../learning-error.js';
import { createRandom, deriveSeed, sampleWithoutReplacement } from '../../random/random.js';
import { checkpoint } from '../../training-hooks.js';
import { BoostingMatrix } from '../../trees/boosting-matrix.js';
import { BoostedTreeGrower, type GrowthPolicy } from '../../trees/grow-boosted-tree.js';
import type { SplitLimits } from '../../trees/split-finder.js';
import type { Tree } from '../../trees/tree.js';
import { type Kernel, withKernel } from '../../wasm/kernel.js';
import { type FitRequest, refuseConstantTarget } from '../fit-request.js';
import type { TreeEnsembleModel } from '../model.js';
import { type BoostingRows, holdOutRows } from './boosting-rows.js';
import { createObjective, type Objective } from './objective.js';
import { type ClassWeighting, weighRows } from './row-weights.js';

/** What both kinds of gradient boosting share once their own parameter names are translated. */
export interface BoostingPlan {
  /** Most rounds; each adds one tree per output. */
  readonly rounds: number;
  /** Factor on leaf values, in (0, 1]. */
  readonly learningRate: number;
  /** Share of rows drawn without replacement for each round, in (0, 1]. */
  readonly rowShare: number;
  /** Share of columns drawn for each tree, in (0, 1]. */
  readonly featureShare: number;
  /** Least rows in a bin of values, >= 1. */
  readonly binRowsMin: number;
  readonly weighting: ClassWeighting;
  /** Directions by feature name: -1 falling, 1 rising, 0 or absent free. */
  readonly monotone: Readonly<Record<string, number>>;
  /** Stops when the loss of held-out rows has not fallen for this many rounds, and keeps the best; 0: never, nothing is held out. */
  readonly patience: number;
  /** Share of the training rows that is held out for it, in (0, 1). */
  readonly heldOutShare: number;
  readonly softmaxFactor: (classCount: number) => number;
  readonly policy: GrowthPolicy;
  /** Gains and L1 in the target's own units. */
  readonly limits: Omit<SplitLimits, 'monotone'>;
  /** A smaller gain is rounding, whatever the target's units. */
  readonly gainFloor: number;
}

/** What a boosted ensemble consists of. */
export type BoostedBody = Pick<TreeEnsembleModel, 'kind' | 'link' | 'base' | 'scale' | 'trees'>;

/** Rounding leaves a hessian sum of about this size where there should be none; a child below it would divide by noise. */
export const HESSIAN_SUM_FLOOR = 1e-10;

function drawPart(count: number, share: number, seed: number): Int32Array | null {
  if (share === 1) return null;
  return sampleWithoutReplacement(count, Math.max(1, Math.round(count * share)), createRandom(seed));
}

/** The positions in [0, count) that are not among `drawn` (ascending). */
function complement(drawn: Int32Array, count: number): Int32Array {
  const others = new Int32Array(count - drawn.length);
  let taken = 0;
  for (let position = 0, next = 0; position < count; position++) {
    if (drawn[next] === position) next++;
    else others[taken++] = position;
  }
  return others;
}

function directFeatures({ features }: Dataset, monotone: Readonly<Record<string, number>>): Int32Array {
  const directions = new Int32Array(features.length);
  for (const [name, direction] of Object.entries(monotone)) {
    const index = features.findIndex((feature) => feature.name === name);
    if (index < 0) {
      throw new LearningError('invalid-hyperparameter', `monotone_constraints names "${name}", which is no feature.`);
    }
    if (features[index]!.kind === 'categorical' && direction !== 0) {
      throw new LearningError('invalid-hyperparameter', `"${name}" is categorical: it has no order to be monotone in.`);
    }
    directions[index] = direction;
  }
  return directions;
}

/** Watches the loss of held-out rows. */
class Patience {
  private best = Number.POSITIVE_INFINITY;
  bestRound = -1;

  constructor(private readonly rounds: number) {}

  /** True when it is time to stop. */
  judge(round: number, loss: number): boolean {
    if (loss < this.best) {
      this.best = loss;
      this.bestRound = round;
    }
    return round - this.bestRound >= this.rounds;
  }
}

interface Boosting {
  readonly request: Omit<FitRequest<unknown>, 'hyperparameters'>;
  readonly plan: BoostingPlan;
  readonly split: BoostingRows;
  readonly objective: Objective;
  readonly grower: BoostedTreeGrower;
  readonly featureCount: number;
}

/** Grows one tree per output on the present margins and adds them to the margins. */
function runRound({ request, plan, split, objective, grower, featureCount }: Boosting, round: number): Tree[] {
  const { seed, hooks } = request;
  const { learnedRows, rows } = split;
  const drawn = drawPart(learnedRows, plan.rowShare, deriveSeed(seed, 'rows', round));
  const others =
    drawn === null
      ? Int32Array.from({ length: rows.length - learnedRows }, (_, i) => learnedRows + i)
      : complement(drawn, rows.length);
  objective.beginRound();
  return objective.base.map((_, output) => {
    const path = output === 0 ? ['columns', round] : ['columns', round, output];
    objective.writePairs(output, grower.lead);
    const { collector, leaves } = grower.grow({
      drawn,
      others,
      features: drawPart(featureCount, plan.featureShare, deriveSeed(seed, ...path)),
      pairs: objective.pairs,
      gainUnit: objective.unit ** 2,
      toLeaf: (weight) => objective.toLeaf(weight * plan.learningRate),
      pulse: () => checkpoint(hooks, round / plan.rounds),
    });
    for (const { start, end, otherStart, otherEnd, value } of leaves) {
      objective.addLeaf(output, grower.order.address + 4 * start, end - start, value);
      objective.addLeaf(output, grower.order.address + 4 * otherStart, otherEnd - otherStart, value);
    }
    return { ...collector.finish(), output };
  });
}

function runRounds(boosting: Boosting): Tree[] {
  const { request, plan, objective } = boosting;
  const trees: Tree[] = [];
  const patience = new Patience(plan.patience);
  for (let round = 0; round < plan.rounds; round++) {
    checkpoint(request.hooks, round / plan.rounds);
    trees.push(...runRound(boosting, round));
    if (plan.patience > 0 && patience.judge(round, objective.heldOutLoss())) break;
  }
  checkpoint(request.hooks, 1);
  if (plan.patience > 0) trees.length = (patience.bestRound + 1) * objective.base.length;
  return trees;
}

function boostWith(
  kernel: Kernel,
  request: Omit<FitRequest<unknown>, 'hyperparameters'>,
  plan: BoostingPlan,
): BoostedBody {
  const { dataset, seed, hooks } = request;
  refuseConstantTarget(dataset, request.rows);
  const monotone = directFeatures(dataset, plan.monotone);
  const split: BoostingRows =
    plan.patience === 0
      ? { rows: request.rows, learnedRows: request.rows.length }
      : holdOutRows(dataset, request.rows, plan.heldOutShare, seed);
  const { rows, learnedRows } = split;
  const weights = weighRows(dataset, rows, plan.weighting);
  const binSeed = deriveSeed(seed, 'bins');
  const matrix = new BoostingMatrix(kernel, {
    ...{ table: dataset, rows, learnedRows, seed: binSeed, binRowsMin: plan.binRowsMin, monotone, hooks },
    categoryOrder: plan.limits.categories.order === 'weight' ? 'code' : 'frequency',
  });
  const { softmaxFactor } = plan;
  const objective = createObjective(kernel, {
    ...{ dataset, rows, weights, learnedRows, softmaxFactor },
    // As in LightGBM, the factor on positive rows moves gradients but not the start.
    priorWeights: weighRows(dataset, rows, { ...plan.weighting, positiveWeight: 1 }),
    judgingWeights: takeWeights(dataset, rows),
  });
  const limits: SplitLimits = {
    ...plan.limits,
    monotone,
    alpha: plan.limits.alpha / objective.unit,
    gainMin: Math.max(plan.limits.gainMin / objective.unit ** 2, plan.gainFloor),
  };
  const grower = new BoostedTreeGrower(kernel, matrix, plan.policy, limits, weights, request.team ?? null);
  const boosting: Boosting = { request, plan, split, objective, grower, featureCount: matrix.featureCount };
  try {
    const trees = runRounds(boosting);
    const { link, base, scale } = objective;
    return { kind: 'trees', link, base: [...base], scale, trees };
  } finally {
    grower.lead?.end();
  }
}

/**
 * Trains trees one after another on the first and second derivatives of the loss (Friedman, 2001; Chen and Guestrin, 2016): log loss
 * of two classes, softmax loss with one tree per class and round, or squared error. Starts from the prior of the training rows.
 *
 * @throws LearningError `too-few-rows`, `invalid-hyperparameter` (monotone constraints), `invalid-dataset` (beyond 4 GiB),
 *   `training-cancelled`
 */
export function boostTrees(request: Omit<FitRequest<unknown>, 'hyperparameters'>, plan: BoostingPlan): BoostedBody {
  const sharing = (request.team?.helperCount ?? 0) === 0 ? 'alone' : 'with helpers';
  return withKernel(sharing, (kernel) => boostWith(kernel, request, plan));
}
