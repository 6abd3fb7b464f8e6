import type { SparseRows } from '../sparse-rows.js';
import { solveShares } from './solve-shares.js';
import type { WeightRows } from './weight-rows.js';

// Taken out of Math once: in a realm of its own, such as a test's, each look-up of a global costs more than the function.
const { abs, exp, fround, log, min } = Math;

/**
 * What is to be minimised: |W|^2 / 2 + C * sum over rows of their weight times (log sum exp of margins - margin of the row's class).
 * The value of feature f in row i is rowScale[i] * featureScale[f] where the row has it; every row also has a constant 1.
 */
export interface SoftmaxProblem {
  readonly rows: SparseRows;
  readonly rowScale: Float64Array;
  readonly featureScale: Float64Array;
  /** Index of each row's class. */
  readonly target: Int32Array;
  readonly classCount: number;
  /** Of each row: C times how much it counts, > 0. */
  readonly inverseStrengths: Float64Array;
}

/**
 * Changes of a share below the first that move margins by less than the second are left for a later visit: they cost as much
 * as large ones.
 */
const SHARE_STEP_MIN = 2e-4;
const MOVE_MIN = 2e-3;

/** With more moves than this the whole row of classes is added at once, four classes in a step. */
const SPARSE_MOVES_MAX = 4;

/** Most features of a row, the constant included. */
export function countRowFeaturesMax({ starts }: SparseRows): number {
  let longest = 0;
  for (let i = 0; i + 1 < starts.length; i++) longest = Math.max(longest, starts[i + 1]! - starts[i]!);
  return longest + 1;
}

/**
 * Dual coordinate descent for multinomial logistic regression, one row at a time (Yu, Huang and Lin, 2011, in the form in which
 * a row's subproblem is solved exactly). At the optimum W = sum over rows of C * weight * (one-hot(class) - shares) x row, where the
 * shares are the row's probabilities; each visit moves one row's shares to where they should be for the present W. Few
 * classes of a row move after the first rounds, which is what makes it fast with many classes.
 */
export class SoftmaxSolver {
  private readonly free: Float64Array;
  private readonly powers: Float64Array;
  private readonly solved: Float64Array;
  private readonly moved: Int32Array;
  private size = 0;

  /**
   * @param weights one row for each feature, then one for the constant; all 0
   * @param shares rows x classes, each row summing to 1: where to start, and where the result is left
   */
  constructor(
    private readonly problem: SoftmaxProblem,
    private readonly weights: WeightRows,
    private readonly shares: Float32Array,
  ) {
    const { classCount } = problem;
    this.free = new Float64Array(classCount);
    this.powers = new Float64Array(classCount);
    this.solved = new Float64Array(classCount);
    this.moved = new Int32Array(classCount);
  }

  /** Adds to the weights what a row's shares stand for; needed once for each row whose class does not have all. */
  addRow(row: number): void {
    const { classCount, inverseStrengths, target } = this.problem;
    const { moves } = this.weights;
    const inverseStrength = inverseStrengths[row]!;
    let count = 0;
    for (let k = 0; k < classCount; k++) {
      const difference = (k === target[row] ? 1 : 0) - this.shares[row * classCount + k]!;
      if (difference === 0) continue;
      this.moved[count++] = k;
      moves[k] = inverseStrength * difference;
    }
    if (count === 0) return;
    this.load(row);
    this.apply(count);
  }

  /** The margins of a row, overwritten by the next call. */
  readMargins(row: number): Float32Array {
    this.load(row);
    this.weights.sum(this.size);
    return this.weights.sums;
  }

  /**
   * Brings one row's shares to their optimum for the present weights.
   *
   * @param tolerance largest |probability - share| that is left as it is
   * @returns that difference before the visit
   */
  visit(row: number, tolerance: number): number {
    const { classCount, inverseStrengths, rowScale } = this.problem;
    const { free, powers, shares, solved } = this;
    const margins = this.readMargins(row);
    let highest = margins[0]!;
    for (let k = 1; k < classCount; k++) if (margins[k]! > highest) highest = margins[k]!;
    let sum = 0;
    for (let k = 0; k < classCount; k++) {
      const power = exp(margins[k]! - highest);
      solved[k] = power;
      sum += power;
    }
    // A row's vector has length 1 where it has features at all, and the constant adds 1.
    const strength = inverseStrengths[row]! * (rowScale[row]! > 0 ? 2 : 1);
    let worst = 0;
    const base = row * classCount;
    for (let k = 0; k < classCount; k++) {
      const difference = abs(solved[k]! / sum - shares[base + k]!);
      if (difference > worst) worst = difference;
    }
    if (worst <= tolerance) return worst;
    const level = highest + log(sum);
    for (let k = 0; k < classCount; k++) {
      const share = shares[base + k]!;
      const distance = margins[k]! - level + strength * share;
      free[k] = distance;
      // Most classes have no share of the row: their power is known already.
      powers[k] = share === 0 ? solved[k]! / sum : exp(distance);
    }
    solveShares(free, powers, strength, solved);
    this.apply(this.collectMoves(row));
    return worst;
  }

  /** Writes the solved shares of a row and lists what that adds to the weights. The row's class takes what is left of 1. */
  private collectMoves(row: number): number {
    const { classCount, inverseStrengths, target } = this.problem;
    const { shares, solved, moved } = this;
    const { moves } = this.weights;
    const inverseStrength = inverseStrengths[row]!;
    const base = row * classCount;
    const own = target[row]!;
    const stepMin = min(SHARE_STEP_MIN, MOVE_MIN / inverseStrength);
    let count = 0;
    let given = 0;
    for (let k = 0; k < classCount; k++) {
      if (k === own) continue;
      const step = fround(solved[k]!) - shares[base + k]!;
      if (abs(step) < stepMin) continue;
      shares[base + k] = solved[k]!;
      given += step;
      moved[count++] = k;
      moves[k] = -inverseStrength * step;
    }
    shares[base + own]! -= given;
    moved[count++] = own;
    moves[own] = inverseStrength * given;
    return count;
  }

  private load(row: number): void {
    const { rows, rowScale, featureScale } = this.problem;
    const { starts, features } = rows;
    const { weights } = this;
    const scale = rowScale[row]!;
    let size = 0;
    for (let i = starts[row]!, end = starts[row + 1]!; i < end; i++) {
      const feature = features[i]!;
      const value = scale * featureScale[feature]!;
      if (value !== 0) weights.load(size++, feature, value);
    }
    weights.load(size++, featureScale.length, 1);
    this.size = size;
  }

  /** Adds the listed moves to the weights and sets them back to 0. */
  private apply(count: number): void {
    const { weights, moved, size } = this;
    if (count > SPARSE_MOVES_MAX) weights.move(size);
    else for (let t = 0; t < count; t++) weights.moveClass(size, moved[t]!, weights.moves[moved[t]!]!);
    for (let t = 0; t < count; t++) weights.moves[moved[t]!] = 0;
  }
}
