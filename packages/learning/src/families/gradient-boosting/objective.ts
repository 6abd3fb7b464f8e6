import type { Dataset } from '../../dataset/dataset.js';
import type { TeamLead } from '../../trees/team-lead.js';
import type { Kernel } from '../../wasm/kernel.js';

/** Step of leaf values: float32 has 24 bits, so sums of log-odds stay exact up to 16 in magnitude; beyond, probabilities are within
 * 1e-7 of 0 or 1 and rounding no longer shows. */
const LEAF_STEP = 2 ** -20;

/** What is learned from, by position. */
export interface ObjectiveRequest {
  readonly dataset: Dataset;
  /** The row at each position. The target is read through it: a copy would be one of the largest lists there are. */
  readonly rows: Int32Array;
  /** How much each row counts; null when all count 1. */
  readonly weights: Float32Array | null;
  /** How much each row counts in the prior that boosting starts from. */
  readonly priorWeights: Float32Array | null;
  /** How much each row counts when held-out rows judge. */
  readonly judgingWeights: Float32Array | null;
  /** Rows that are learned from: the first ones. */
  readonly learnedRows: number;
  /** Factor on p (1 - p) in the second derivative of the softmax loss: 2 in XGBoost, K / (K - 1) in LightGBM. */
  readonly softmaxFactor: (classCount: number) => number;
}

/** A loss over rows whose margins lie in the kernel's memory. */
export interface Objective {
  readonly link: 'sigmoid' | 'softmax' | 'identity';
  /** float32 per output, a multiple of the leaf step. */
  readonly base: readonly number[];
  readonly scale: number;
  /** What the gradients' unit is in the target's. */
  readonly unit: number;
  /** Address of the gradient pairs that {@link Objective.writePairs} fills. */
  readonly pairs: number;
  /** Prepares a round: call before the first {@link Objective.writePairs} of it. */
  beginRound(): void;
  /** First and second derivatives for one output, at the present margins; `lead` has helpers for it. */
  writePairs(output: number, lead: TeamLead | null): void;
  /** Adds a leaf's value to the margins of rows listed at an address. */
  addLeaf(output: number, rows: number, count: number, value: number): void;
  /** The value that a leaf of this weight adds to the sum: a float32 multiple of the leaf step. */
  toLeaf(weight: number): number;
  /** Mean loss of the rows that are not learned from: log loss, or squared error. */
  heldOutLoss(): number;
}

function sumWeights(weights: Float32Array | null, count: number): number {
  return weights === null ? count : weights.subarray(0, count).reduce((sum, weight) => sum + weight, 0);
}

/**
 * 1.5 * 2^(52-k) for the finest grid of step 2^-k on which all sums of gradients are exact in float64.
 *
 * @param bound on the sum of |gradient| and of hessians
 */
function gridFor(bound: number): { readonly magic: number; readonly step: number } {
  const exponent = Math.ceil(Math.log2(bound)) - 52;
  return { magic: 1.5 * 2 ** (52 + exponent), step: 2 ** exponent };
}

const roundTo = (value: number, step: number): number => Math.fround(Math.round(value / step) * step);

/** Memory and figures that every loss needs. */
class RowState {
  readonly margins: number;
  readonly targets: number;
  readonly weights: number;
  readonly pairs: number;
  /** Bytes from the margins of one output to those of the next. */
  readonly stride: number;
  readonly rowCount: number;
  readonly weightSum: number;

  constructor(
    readonly kernel: Kernel,
    readonly request: ObjectiveRequest,
    base: readonly number[],
    targetAt: (position: number) => number,
    targetKind: 'byte' | 'float32',
  ) {
    const { rows, weights, learnedRows } = request;
    this.rowCount = rows.length;
    this.stride = 4 * Math.ceil((rows.length + 2) / 2) * 2;
    this.margins = kernel.allocate(this.stride * base.length);
    base.forEach((value, k) => {
      kernel.floats(this.margins + k * this.stride, this.stride / 4).fill(value);
    });
    this.targets = targetKind === 'byte' ? this.storeBytes(targetAt) : this.storeFloats(targetAt);
    this.weights = weights === null ? 0 : this.storeFloats((i) => weights[i]!);
    this.pairs = kernel.allocate(2 * this.stride);
    this.weightSum = sumWeights(weights, learnedRows);
  }

  private storeFloats(valueAt: (position: number) => number): number {
    const count = this.rowCount;
    const address = this.kernel.allocate(4 * (count + 2));
    const values = this.kernel.floats(address, count + 2).fill(0);
    for (let i = 0; i < count; i++) values[i] = valueAt(i);
    return address;
  }

  private storeBytes(valueAt: (position: number) => number): number {
    const count = this.rowCount;
    const address = this.kernel.allocate(count + 2);
    const values = this.kernel.bytes(address, count + 2).fill(0);
    for (let i = 0; i < count; i++) values[i] = valueAt(i);
    return address;
  }

  /** Bound on the sum of weighted derivatives when none exceeds `most`. */
  bound(most: number): number {
    const { weights } = this.request;
    const greatest = weights === null ? 1 : weights.reduce((a, b) => Math.max(a, b), 0);
    return most * Math.max(this.weightSum, greatest, Number.MIN_VALUE * 2 ** 60);
  }

  addLeaf(output: number, rows: number, count: number, value: number): void {
    this.kernel.run.addToMargins(rows, count, this.margins + output * this.stride, value);
  }

  /** Weighted mean of a loss over the rows that are not learned from. */
  meanHeldOut(lossAt: (position: number) => number): number {
    const { learnedRows, judgingWeights } = this.request;
    let sum = 0;
    let weightSum = 0;
    for (let i = learnedRows; i < this.rowCount; i++) {
      const weight = judgingWeights === null ? 1 : judgingWeights[i]!;
      sum += weight * lossAt(i);
      weightSum += weight;
    }
    return sum / weightSum;
  }
}

/** The target at a position. */
function targetReader({ dataset: { target }, rows }: ObjectiveRequest): (position: number) => number {
  return (position) => target[rows[position]!]!;
}

function meanOf(valueAt: (position: number) => number, weights: Float32Array | null, count: number): number {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += valueAt(i) * (weights === null ? 1 : weights[i]!);
  return sum / sumWeights(weights, count);
}

/** ln(1 + e^x) without overflow. */
const softplus = (x: number): number => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));

/** Log-odds are kept within this, however rare a class: rows of weight 0 would make them infinite. */
const LOG_ODDS_MAX = 15;

function createLogistic(kernel: Kernel, request: ObjectiveRequest): Objective {
  const { priorWeights, learnedRows } = request;
  const targetAt = targetReader(request);
  const share = meanOf(targetAt, priorWeights, learnedRows);
  const logOdds = Math.min(LOG_ODDS_MAX, Math.max(-LOG_ODDS_MAX, Math.log(share / (1 - share))));
  const base = roundTo(logOdds, LEAF_STEP);
  const state = new RowState(kernel, request, [base], targetAt, 'byte');
  const { magic, step } = gridFor(state.bound(1));
  const margins = kernel.floats(state.margins, state.rowCount);
  return {
    link: 'sigmoid',
    base: [base],
    scale: 1,
    unit: 1,
    pairs: state.pairs,
    beginRound: () => undefined,
    writePairs: (_, lead) => {
      const { targets, rowCount, pairs } = state;
      const job = [state.margins, targets, state.weights, pairs, rowCount, magic, step] as const;
      if (lead === null) kernel.run.logisticPairs(...job);
      else lead.logisticPairs(...job);
    },
    addLeaf: (...leaf) => state.addLeaf(...leaf),
    toLeaf: (weight) => roundTo(weight, LEAF_STEP),
    heldOutLoss: () => state.meanHeldOut((i) => softplus(targetAt(i) === 1 ? -margins[i]! : margins[i]!)),
  };
}

function createSoftmax(kernel: Kernel, request: ObjectiveRequest): Objective {
  const { priorWeights, learnedRows, dataset, softmaxFactor } = request;
  const targetAt = targetReader(request);
  const classCount = dataset.classes.length;
  const sums = new Float64Array(classCount);
  for (let i = 0; i < learnedRows; i++) sums[targetAt(i)]! += priorWeights === null ? 1 : priorWeights[i]!;
  const total = sumWeights(priorWeights, learnedRows);
  const rarest = 0.5 / learnedRows; // a class without rows is rarer than one with one row
  const base = Array.from(sums, (sum) => roundTo(Math.log(Math.max(sum / total, rarest)), LEAF_STEP));
  const state = new RowState(kernel, request, base, targetAt, 'float32');
  const factor = softmaxFactor(classCount);
  const { magic, step } = gridFor(state.bound(Math.max(1, factor)));
  const greatest = kernel.allocate(2 * state.stride);
  const inverse = kernel.allocate(2 * state.stride);
  const margins = base.map((_, k) => kernel.floats(state.margins + k * state.stride, state.rowCount));
  const lossAt = (i: number): number => {
    const most = margins.reduce((a, ofClass) => Math.max(a, ofClass[i]!), Number.NEGATIVE_INFINITY);
    const sum = margins.reduce((a, ofClass) => a + Math.exp(ofClass[i]! - most), 0);
    return Math.log(sum) + most - margins[targetAt(i)]![i]!;
  };
  return {
    link: 'softmax',
    base,
    scale: 1,
    unit: 1,
    pairs: state.pairs,
    beginRound: () =>
      kernel.run.normaliseSoftmax(state.margins, state.stride, classCount, state.rowCount, greatest, inverse),
    writePairs: (output) => {
      const ofClass = state.margins + output * state.stride;
      const { targets, rowCount, pairs } = state;
      kernel.run.softmaxPairs(
        ...([
          ofClass,
          greatest,
          inverse,
          targets,
          output,
          state.weights,
          pairs,
          rowCount,
          factor,
          magic,
          step,
        ] as const),
      );
    },
    addLeaf: (...leaf) => state.addLeaf(...leaf),
    toLeaf: (weight) => roundTo(weight, LEAF_STEP),
    heldOutLoss: () => state.meanHeldOut(lossAt),
  };
}

/**
 * Squared error on (y - mean) / unit, the unit a power of two near a quarter of the spread: gradients then fit the grid whatever the
 * target's scale. Leaves lie on a grid on which mean and sum together are exact in float32.
 */
function createSquared(kernel: Kernel, request: ObjectiveRequest): Objective {
  const { rows, priorWeights, learnedRows } = request;
  const targetAt = targetReader(request);
  const mean = meanOf(targetAt, priorWeights, learnedRows);
  let spread = 0;
  let greatest = 0;
  for (let i = 0; i < rows.length; i++) {
    const value = targetAt(i);
    spread = Math.max(spread, Math.abs(value - mean));
    greatest = Math.max(greatest, Math.abs(value));
  }
  const unit = 2 ** Math.max(-100, Math.ceil(Math.log2(spread)) - 2);
  const leafStep = Math.max(LEAF_STEP, 2 ** (Math.ceil(Math.log2(Math.max(greatest, spread) / unit)) - 22));
  const base = roundTo(mean / unit, leafStep);
  const center = base * unit;
  const state = new RowState(kernel, request, [0], (i) => (targetAt(i) - center) / unit, 'float32');
  const { magic, step } = gridFor(state.bound(16));
  const margins = kernel.floats(state.margins, state.rowCount);
  return {
    link: 'identity',
    base: [base],
    scale: unit,
    unit,
    pairs: state.pairs,
    beginRound: () => undefined,
    writePairs: () =>
      kernel.run.squaredPairs(state.margins, state.targets, state.weights, state.pairs, state.rowCount, magic, step),
    addLeaf: (...leaf) => state.addLeaf(...leaf),
    toLeaf: (weight) => roundTo(weight, leafStep),
    heldOutLoss: () => state.meanHeldOut((i) => ((targetAt(i) - center) / unit - margins[i]!) ** 2) * unit * unit,
  };
}

/** The loss of a task: log loss of two or more classes, or squared error. */
export function createObjective(kernel: Kernel, request: ObjectiveRequest): Objective {
  switch (request.dataset.task) {
    case 'regression':
      return createSquared(kernel, request);
    case 'multiclass-classification':
      return createSoftmax(kernel, request);
    default:
      return createLogistic(kernel, request);
  }
}
