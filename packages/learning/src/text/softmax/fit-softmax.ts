import { createRandom, deriveSeed, shuffle } from '../../random/random.js';
import { checkpoint, type TrainingHooks } from '../../training-hooks.js';
import { type SoftmaxProblem, SoftmaxSolver } from './softmax-solver.js';
import type { WeightRows } from './weight-rows.js';

/** A row nearer to its optimum than this share of the tolerance sits out the next round. */
const RESTING = 0.5;

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
 * @param weights receives the solution; what it held is forgotten
 * @param shares rows x classes; a cold start has 1 at each row's class, a warm one the shares of a similar problem
 */
export function fitSoftmax(
  problem: SoftmaxProblem,
  members: Int32Array,
  weights: WeightRows,
  shares: Float32Array,
  { tolerance, roundsMax, seed, hooks }: SoftmaxOptions,
): SoftmaxFit {
  weights.clear();
  const solver = new SoftmaxSolver(problem, weights, shares);
  for (const row of members) solver.addRow(row);
  const order = members.slice();
  const distances = new Float32Array(problem.target.length).fill(1);
  const isResting = new Uint8Array(problem.target.length);
  const random = createRandom(deriveSeed(seed, 'softmax'));
  let converged = false;
  let rounds = 0;
  while (rounds < roundsMax && !converged) {
    shuffle(order, random);
    let sum = 0;
    for (let i = 0; i < order.length; i++) {
      if (i % ROWS_PER_STEP === 0) checkpoint(hooks, (rounds + i / order.length) / roundsMax);
      const row = order[i]!;
      if (isResting[row]) isResting[row] = 0;
      else {
        distances[row] = solver.visit(row, ROW_TOLERANCE);
        isResting[row] = distances[row]! < tolerance * RESTING ? 1 : 0;
      }
      sum += distances[row]!;
    }
    rounds++;
    converged = sum / order.length <= tolerance;
  }
  return { solver, rounds, converged };
}
