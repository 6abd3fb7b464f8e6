/** Sums over the rows of a node. */
export interface NodeSums {
  readonly gradient: number;
  readonly hessian: number;
}

/** The best cut of a node, in codes. */
export interface NodeSplit {
  /** Index into the matrix's entries. */
  readonly entry: number;
  readonly gain: number;
  readonly left: NodeSums;
  /** Of a cut at a threshold: the last bin that goes left; -1 at a cut of categories. */
  readonly bin: number;
  readonly missingLeft: number;
  /** Sum of hessians of the node's rows whose feature is missing. */
  readonly missingHessian: number;
  /** Of a cut of categories: 8 words of 32 bits, bit c % 32 of word c / 32 set when bin c goes left; null at a threshold. */
  readonly leftBins: Uint32Array | null;
  /** L2 penalty under which the children's weights were judged: that of categories is higher. */
  readonly lambda: number;
}

/** A node that is a leaf unless it is cut. */
export interface OpenNode {
  readonly id: number;
  /** Rows it learns from: [start, end). */
  readonly start: number;
  readonly end: number;
  /** Rows that only follow (held out or not drawn): [otherStart, otherEnd). */
  readonly otherStart: number;
  readonly otherEnd: number;
  readonly depth: number;
  readonly sums: NodeSums;
  /** L2 penalty on its weight if it stays a leaf. */
  readonly lambda: number;
  /** Bounds of its weight that monotone cuts above left. */
  readonly lower: number;
  readonly upper: number;
  /** Least and greatest hessian of a row; may be wider than needed. */
  readonly hessianMin: number;
  readonly hessianMax: number;
  /** Address of its histogram; 0 when it has none. */
  histogram: number;
  split: NodeSplit | null;
}
