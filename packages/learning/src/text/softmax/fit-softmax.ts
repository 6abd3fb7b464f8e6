import { createRandom, deriveSeed, shuffle } from '../../random/random.js';
import { checkpoint, type TrainingHooks } from '../../training-hooks.js';
import { type SoftmaxProblem, SoftmaxSolver } from './softmax-solver.js';

/** When to stop. */
export interface SoftmaxOptions {
  /** Mean over rows of the largest |probability - share| at which the fit ends. */
  readonly tolerance: number;
  /** Most rounds over the rows. */
  readonly roundsMax: number;
  readonly seed: number;
  readonly hooks: TrainingHooks;
}

/** What was fitted. */
export interface SoftmaxFit {
  readonly solver: SoftmaxSolver;
  readonly rounds: number;
  /** Whether the tolerance was met. */
  readonly converged: boolean;
}

/** Rows between two looks at the hooks: a few milliseconds. */
const ROWS_PER_STEP = 200;

/** A row whose probabilities are this near to its shares is visited for nothing. */
const ROW_TOLERANCE = 1e-3;

/**
 * Fits multinomial logistic regression to some rows of a problem.
 *
 * @param members rows to learn from
 * @param shares rows x classes; a cold start has 1 at each row's class, a warm one the shares of a similar problem
 */
export function fitSoftmax(
  problem: SoftmaxProblem,
  members: Int32Array,
  shares: Float32Array,
  { tolerance, roundsMax, seed, hooks }: SoftmaxOptions,
): SoftmaxFit {
  const solver = new SoftmaxSolver(problem, shares);
  for (const row of members) solver.addRow(row);
  const order = members.slice();
  const random = createRandom(deriveSeed(seed, 'softmax'));
  let converged = false;
  let rounds = 0;
  while (rounds < roundsMax && !converged) {
    shuffle(order, random);
    let sum = 0;
    for (let i = 0; i < order.length; i++) {
      if (i % ROWS_PER_STEP === 0) checkpoint(hooks, (rounds + i / order.length) / roundsMax);
      sum += solver.visit(order[i]!, ROW_TOLERANCE);
    }
    rounds++;
    converged = sum / order.length <= tolerance;
  }
  return { solver, rounds, converged };
}
