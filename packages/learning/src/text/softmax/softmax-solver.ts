import type { SparseRows } from '../sparse-rows.js';
import { solveShares } from './solve-shares.js';

/**
 * What is to be minimised: |W|^2 / 2 + C * sum over rows of (log sum exp of margins - margin of the row's class).
 * The value of feature f in row i is rowScale[i] * featureScale[f] where the row has it; every row also has a constant 1.
 */
export interface SoftmaxProblem {
  readonly rows: SparseRows;
  readonly rowScale: Float64Array;
  readonly featureScale: Float64Array;
  /** Index of each row's class. */
  readonly target: Int32Array;
  readonly classCount: number;
  /** C. */
  readonly inverseStrength: number;
}

/** Changes of a share below this are left for a later visit: they cost as much as large ones. */
const SHARE_STEP_MIN = 2e-4;

/**
 * Dual coordinate descent for multinomial logistic regression, one row at a time (Yu, Huang and Lin, 2011, in the form in which
 * a row's subproblem is solved exactly). At the optimum W = C * sum over rows of (one-hot(class) - shares) x row, where the
 * shares are the row's probabilities; each visit moves one row's shares to where they should be for the present W. Few
 * classes of a row move after the first rounds, which is what makes it fast with many classes.
 */
export class SoftmaxSolver {
  /** One row of `classCount` weights for each feature, then one for the constant. float32: they are read far more than computed. */
  readonly weights: Float32Array;
  private readonly bases: Int32Array;
  private readonly values: Float64Array;
  private readonly margins: Float64Array;
  private readonly free: Float64Array;
  private readonly solved: Float64Array;
  private readonly moved: Int32Array;
  private readonly moves: Float64Array;
  private size = 0;

  /** @param shares rows x classes, each row summing to 1: where to start, and where the result is left */
  constructor(
    private readonly problem: SoftmaxProblem,
    readonly shares: Float32Array,
  ) {
    const { classCount, featureScale, rows } = problem;
    this.weights = new Float32Array((featureScale.length + 1) * classCount);
    let longest = 0;
    for (let i = 0; i + 1 < rows.starts.length; i++) longest = Math.max(longest, rows.starts[i + 1]! - rows.starts[i]!);
    this.bases = new Int32Array(longest + 1);
    this.values = new Float64Array(longest + 1);
    this.margins = new Float64Array(classCount);
    this.free = new Float64Array(classCount);
    this.solved = new Float64Array(classCount);
    this.moved = new Int32Array(classCount);
    this.moves = new Float64Array(classCount);
  }

  /** Adds to the weights what a row's shares stand for; needed once for each row whose class does not have all. */
  addRow(row: number): void {
    const { classCount, inverseStrength, target } = this.problem;
    let count = 0;
    for (let k = 0; k < classCount; k++) {
      const difference = Number(k === target[row]) - this.shares[row * classCount + k]!;
      if (difference === 0) continue;
      this.moved[count] = k;
      this.moves[count++] = inverseStrength * difference;
    }
    if (count === 0) return;
    this.load(row);
    this.apply(count);
  }

  /** The margins of a row, overwritten by the next call. */
  readMargins(row: number): Float64Array {
    this.load(row);
    this.computeMargins();
    return this.margins;
  }

  /**
   * Brings one row's shares to their optimum for the present weights.
   *
   * @param tolerance largest |probability - share| that is left as it is
   * @returns that difference before the visit
   */
  visit(row: number, tolerance: number): number {
    const { classCount, inverseStrength } = this.problem;
    const { margins, free, shares } = this;
    this.load(row);
    this.computeMargins();
    const strength = inverseStrength * this.squaredLength();
    let highest = Number.NEGATIVE_INFINITY;
    for (let k = 0; k < classCount; k++) if (margins[k]! > highest) highest = margins[k]!;
    let sum = 0;
    for (let k = 0; k < classCount; k++) {
      const power = Math.exp(margins[k]! - highest);
      this.solved[k] = power;
      sum += power;
    }
    let worst = 0;
    const base = row * classCount;
    for (let k = 0; k < classCount; k++) {
      const difference = Math.abs(this.solved[k]! / sum - shares[base + k]!);
      if (difference > worst) worst = difference;
      free[k] = margins[k]! + strength * shares[base + k]!;
    }
    if (worst <= tolerance) return worst;
    solveShares(free, strength, highest + Math.log(sum), this.solved);
    this.apply(this.collectMoves(row));
    return worst;
  }

  /** Writes the solved shares of a row and lists what that adds to the weights. The row's class takes what is left of 1. */
  private collectMoves(row: number): number {
    const { classCount, inverseStrength, target } = this.problem;
    const { shares, solved, moved, moves } = this;
    const base = row * classCount;
    const own = target[row]!;
    let count = 1;
    let given = 0;
    for (let k = 0; k < classCount; k++) {
      if (k === own) continue;
      const step = Math.fround(solved[k]!) - shares[base + k]!;
      if (Math.abs(step) < SHARE_STEP_MIN) continue;
      shares[base + k] = solved[k]!;
      given += step;
      moved[count] = k;
      moves[count++] = -inverseStrength * step;
    }
    shares[base + own]! -= given;
    moved[0] = own;
    moves[0] = inverseStrength * given;
    return count;
  }

  private load(row: number): void {
    const { rows, rowScale, featureScale, classCount } = this.problem;
    const scale = rowScale[row]!;
    let size = 0;
    for (let i = rows.starts[row]!; i < rows.starts[row + 1]!; i++) {
      const feature = rows.features[i]!;
      const value = scale * featureScale[feature]!;
      if (value === 0) continue;
      this.bases[size] = feature * classCount;
      this.values[size++] = value;
    }
    this.bases[size] = featureScale.length * classCount;
    this.values[size++] = 1;
    this.size = size;
  }

  private squaredLength(): number {
    let sum = 0;
    for (let i = 0; i < this.size; i++) sum += this.values[i]! ** 2;
    return sum;
  }

  private computeMargins(): void {
    const { margins, weights, bases, values, size } = this;
    const { classCount } = this.problem;
    margins.fill(0);
    let i = 0;
    for (; i + 3 < size; i += 4) {
      // Four features at a time: a margin is read and written once for four products.
      const [a, b, c, d] = [bases[i]!, bases[i + 1]!, bases[i + 2]!, bases[i + 3]!];
      const [p, q, r, s] = [values[i]!, values[i + 1]!, values[i + 2]!, values[i + 3]!];
      for (let k = 0; k < classCount; k++) {
        margins[k]! += p * weights[a + k]! + q * weights[b + k]! + r * weights[c + k]! + s * weights[d + k]!;
      }
    }
    for (; i < size; i++) {
      const base = bases[i]!;
      const value = values[i]!;
      for (let k = 0; k < classCount; k++) margins[k]! += value * weights[base + k]!;
    }
  }

  private apply(count: number): void {
    const { weights, bases, values, size, moved, moves } = this;
    for (let i = 0; i < size; i++) {
      const base = bases[i]!;
      const value = values[i]!;
      for (let t = 0; t < count; t++) weights[base + moved[t]!]! += value * moves[t]!;
    }
  }
}
