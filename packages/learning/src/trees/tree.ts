/**
 * One decision tree as parallel lists, node 0 first; plain data that survives JSON and structured clone.
 * A row goes left when `x <= threshold` or, at a cut of categories, when x is one of the node's `categories`; when x is missing,
 * when `missingLeft` is 1. At a cut of categories `missingLeft` is 0 in trees of boosting: a category that training did not see goes
 * right, as a missing one does.
 */
export interface Tree {
  /** Index of the tested feature; -1 for a leaf. */
  readonly feature: readonly number[];
  /** float32; 0 for a leaf and for a cut of categories. */
  readonly threshold: readonly number[];
  /** The codes that go left, ascending, all others right; null for a leaf and for a cut at a threshold. */
  readonly categories: readonly (readonly number[] | null)[];
  readonly left: readonly number[];
  readonly right: readonly number[];
  readonly missingLeft: readonly number[];
  /** The first output that leaves add to, and to how many: value k of a leaf is added to output `output + k`. */
  readonly output: number;
  readonly width: number;
  /** What a leaf adds to the ensemble's sums, float32, `width` per node; 0 for an inner node. */
  readonly value: readonly number[];
  /** What the split gained in the training objective; 0 for a leaf. */
  readonly gain: readonly number[];
  /** Training rows that reached the node, by their weights. */
  readonly cover: readonly number[];
}
