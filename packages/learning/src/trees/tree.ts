/**
 * One decision tree as parallel lists, node 0 first; plain data that survives JSON and structured clone.
 * A row goes left when `x <= threshold` or, at a cut of categories, when x is one of the node's `categories`; when x is missing,
 * when `missingLeft` is 1.
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

const isMissing = Number.isNaN;

/** The leaf that a row of a column table falls into. */
export function findLeaf(tree: Tree, columns: readonly Float32Array[], row: number): number {
  const { feature, threshold, categories, left, right, missingLeft } = tree;
  let node = 0;
  let tested = feature[0]!;
  while (tested >= 0) {
    const value = columns[tested]![row]!;
    const codes = categories[node]!;
    const goesLeft = isMissing(value)
      ? missingLeft[node] === 1
      : codes === null
        ? value <= threshold[node]!
        : codes.includes(value);
    node = goesLeft ? left[node]! : right[node]!;
    tested = feature[node]!;
  }
  return node;
}

/** How a node was cut, in terms of bins. */
export interface Cut {
  readonly feature: number;
  /** Codes up to this one go left. */
  readonly bin: number;
  readonly threshold: number;
  readonly missingLeft: number;
  readonly gain: number;
}

/** Collects nodes while a tree grows; remembers cuts in bins, which the finished tree does not need. */
export class TreeBuilder {
  private readonly feature: number[] = [];
  private readonly bin: number[] = [];
  private readonly threshold: number[] = [];
  private readonly left: number[] = [];
  private readonly right: number[] = [];
  private readonly missingLeft: number[] = [];
  private readonly value: number[] = [];
  private readonly gain: number[] = [];
  private readonly cover: number[] = [];

  /** Adds a node as a leaf of value 0 and returns its index. */
  addNode(rows: number): number {
    this.feature.push(-1);
    this.bin.push(0);
    this.threshold.push(0);
    this.left.push(0);
    this.right.push(0);
    this.missingLeft.push(0);
    this.value.push(0);
    this.gain.push(0);
    this.cover.push(rows);
    return this.feature.length - 1;
  }

  setLeaf(node: number, value: number): void {
    this.value[node] = value;
  }

  setCut(node: number, cut: Cut, left: number, right: number): void {
    this.feature[node] = cut.feature;
    this.bin[node] = cut.bin;
    this.threshold[node] = cut.threshold;
    this.missingLeft[node] = cut.missingLeft;
    this.gain[node] = cut.gain;
    this.left[node] = left;
    this.right[node] = right;
  }

  /** The value of the leaf that a binned row falls into. `missingCodes` are the codes for missing, one per feature. */
  evaluateCodes(codes: Uint8Array, rowCount: number, missingCodes: Int32Array, row: number): number {
    let node = 0;
    let tested = this.feature[0]!;
    while (tested >= 0) {
      const code = codes[tested * rowCount + row]!;
      const goesLeft = code === missingCodes[tested] ? this.missingLeft[node] === 1 : code <= this.bin[node]!;
      node = goesLeft ? this.left[node]! : this.right[node]!;
      tested = this.feature[node]!;
    }
    return this.value[node]!;
  }

  finish(): Tree {
    const { feature, threshold, left, right, missingLeft, value, gain, cover } = this;
    const categories = feature.map(() => null);
    return { feature, threshold, categories, left, right, missingLeft, output: 0, width: 1, value, gain, cover };
  }
}
