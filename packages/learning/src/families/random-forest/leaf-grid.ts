/** float32 holds integers up to this exactly. */
const EXACT_INTEGERS = 2 ** 24;
/** A finer grid than this would not show in a probability. */
const SHARE_UNITS_MAX = 2 ** 20;

/** How leaves are written so that float32 adds them without rounding. */
export interface LeafGrid {
  readonly link: 'mean' | 'identity';
  /** What the sum starts from. */
  readonly base: number;
  readonly scale: number;
  /** Makes a leaf's value of a share or of a mean. */
  readonly toLeaf: (mean: number) => number;
}

/**
 * Shares as whole numbers of the largest unit, up to 2^-20, of which a sum over all trees stays below 2^24.
 *
 * Beside its own shares a leaf holds equal shares of all classes, which weigh `smoothing` of its own (additive smoothing; for trees'
 * probabilities see Provost and Domingos, 2003). A forest's share then lies within smoothing / (1 + smoothing) / classes of 0 and 1 at
 * the closest, while the order of rows and which side of 1/2 they lie on stay as they are.
 */
export function gridForShares(
  treeCount: number,
  { classCount, smoothing }: { readonly classCount: number; readonly smoothing: number },
): LeafGrid {
  const units = Math.min(SHARE_UNITS_MAX, 2 ** Math.floor(Math.log2(EXACT_INTEGERS / treeCount)));
  return {
    link: 'mean',
    base: 0,
    scale: Math.fround(1 / (treeCount * units)),
    toLeaf: (share) => Math.round(((share + smoothing / classCount) / (1 + smoothing)) * units),
  };
}

/**
 * Values as their difference from the mean of all, divided by the number of trees: sums stay within the largest difference, which is
 * at most 2^22 steps of the grid, and base and sum together within 2^24 unless the mean lies far outside the spread of the target;
 * then float32 itself can't tell the steps apart.
 */
export function gridForValues(target: Float64Array, treeCount: number): LeafGrid {
  let center = 0;
  for (const value of target) center += value / target.length;
  let spread = 0;
  for (const value of target) spread = Math.max(spread, Math.abs(value - center));
  const step = 2 ** Math.max(-126, Math.ceil(Math.log2(spread)) - 22);
  const base = Math.fround(Math.round(center / step) * step);
  return {
    link: 'identity',
    base,
    scale: 1,
    toLeaf: (mean) => Math.fround(Math.round((mean - base) / treeCount / step) * step),
  };
}
