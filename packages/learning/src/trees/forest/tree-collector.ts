import type { Tree } from '../tree.js';

/** How a node is cut, in terms of raw values. */
export interface NodeCut {
  readonly feature: number;
  /** float32; 0 at a cut of categories. */
  readonly threshold: number;
  /** The codes that go left, ascending; null at a cut at a threshold. */
  readonly categories: readonly number[] | null;
  readonly missingLeft: number;
  readonly gain: number;
}

/** Collects the nodes of one tree while it grows; leaves hold `width` values. */
export class TreeCollector {
  private readonly feature: number[] = [];
  private readonly threshold: number[] = [];
  private readonly categories: (readonly number[] | null)[] = [];
  private readonly left: number[] = [];
  private readonly right: number[] = [];
  private readonly missingLeft: number[] = [];
  private readonly value: number[] = [];
  private readonly gain: number[] = [];
  private readonly cover: number[] = [];

  constructor(private readonly width: number) {}

  /** Adds a node as a leaf of zeros and returns its index. */
  addNode(cover: number): number {
    this.feature.push(-1);
    this.threshold.push(0);
    this.categories.push(null);
    this.left.push(0);
    this.right.push(0);
    this.missingLeft.push(0);
    for (let k = 0; k < this.width; k++) this.value.push(0);
    this.gain.push(0);
    this.cover.push(cover);
    return this.feature.length - 1;
  }

  setCover(node: number, cover: number): void {
    this.cover[node] = cover;
  }

  /** Sets value `output` of a leaf. */
  setValue(node: number, output: number, value: number): void {
    this.value[node * this.width + output] = value;
  }

  setCut(node: number, cut: NodeCut, left: number, right: number): void {
    this.feature[node] = cut.feature;
    this.threshold[node] = cut.threshold;
    this.categories[node] = cut.categories;
    this.missingLeft[node] = cut.missingLeft;
    this.gain[node] = cut.gain;
    this.left[node] = left;
    this.right[node] = right;
  }

  finish(): Tree {
    const { feature, threshold, categories, left, right, missingLeft, width, value, gain, cover } = this;
    return { feature, threshold, categories, left, right, missingLeft, output: 0, width, value, gain, cover };
  }
}
