import type { Tree } from '../trees/tree.js';
import { decideSides, type RowBlock } from './row-block.js';
import type { Edge, EdgeTree } from './tree-edges.js';

/** Contributions of a block of rows: that of feature j to output k begins at `(k * featureCount + j) * capacity`. */
export interface BlockContributions {
  readonly values: Float64Array;
  readonly featureCount: number;
}

/**
 * Adds the Shapley values of trees for every row of a block: exact at any depth, in time proportional to nodes x points.
 *
 * A leaf of value v whose path meets the features M gives a row the game v * prod over the known features of z_k * prod over the
 * others of share_k (Lundberg et al., 2020). By Owen's multilinear extension (1972) the Shapley value of feature j is
 *   v (z_j - share_j) * integral over x in [0, 1] of prod over k in M, k != j, of (share_k (1 - x) + z_k x),
 * a polynomial of degree |M| - 1: Gauss-Legendre with |M| / 2 points is exact and, all its terms being positive, stable. Products
 * are kept on the way down, sums over the leaves below on the way up, as in Linear TreeSHAP (Yu et al., 2022).
 *
 * Keeps the memory of the largest tree it has met between calls.
 */
export class PathWalker {
  /** By depth and point: products of the factors on the path. */
  private products = new Float64Array(0);
  /** By depth, value of the leaf and point: sums over the leaves below. */
  private sums = new Float64Array(0);
  /** By depth: 1 when the row meets all conditions on the edge's feature down to here. */
  private met = new Uint8Array(0);
  /** By depth: `met` here and at the edge above on the same feature, added. */
  private states = new Uint8Array(0);
  /** By depth: the row's side at the node there. */
  private sides = new Uint8Array(0);

  add({ tree, quadrature, depthMax, edges }: EdgeTree, block: RowBlock, contributions: BlockContributions): void {
    if (edges.length === 0) return;
    const points = quadrature.points.length;
    this.reserve((depthMax + 1) * block.capacity, points, tree.width);
    this.products.fill(1, 0, points * block.capacity);
    const walk = (edge: Edge): void => {
      const { child, children, depth } = edge;
      if (!this.descend(edge, block, points)) {
        this.clear(depth, block, points * tree.width);
        return;
      }
      if (tree.feature[child]! < 0) this.takeLeaf(tree, child, quadrature.weights, depth, block);
      else {
        this.clear(depth, block, points * tree.width);
        decideSides(tree, child, block, this.sides, depth * block.capacity);
        for (const next of children) {
          walk(next);
          this.collect(depth, block, points * tree.width);
        }
      }
      this.contribute(edge, tree, block, points, contributions);
    };
    decideSides(tree, 0, block, this.sides, 0);
    for (const edge of edges) walk(edge);
  }

  private reserve(cells: number, points: number, width: number): void {
    if (this.met.length < cells) {
      this.met = new Uint8Array(cells);
      this.states = new Uint8Array(cells);
      this.sides = new Uint8Array(cells);
    }
    if (this.products.length < cells * points) this.products = new Float64Array(cells * points);
    if (this.sums.length < cells * points * width) this.sums = new Float64Array(cells * points * width);
  }

  /** Goes from a node to a child. False when no row of the block gets anything from there, known or not. */
  private descend({ depth, sameAbove, side, multipliers }: Edge, block: RowBlock, points: number): boolean {
    const { met, states, sides, products } = this;
    const { capacity, size } = block;
    const [here, above, turn] = [depth * capacity, sameAbove * capacity, (depth - 1) * capacity];
    for (let i = 0; i < size; i++) {
      const isMet = sides[turn + i] === side ? 1 : 0;
      met[here + i] = sameAbove === 0 ? isMet : isMet & met[above + i]!;
      states[here + i] = met[here + i]! + (sameAbove === 0 ? 0 : met[above + i]!);
    }
    let whole = 0;
    for (let q = 0; q < points; q++) {
      const from = ((depth - 1) * points + q) * capacity;
      const to = (depth * points + q) * capacity;
      for (let i = 0; i < size; i++) {
        const product = products[from + i]! * multipliers[states[here + i]! * points + q]!;
        products[to + i] = product;
        whole += product;
      }
    }
    return whole > 0;
  }

  private takeLeaf(tree: Tree, leaf: number, weights: Float64Array, depth: number, block: RowBlock): void {
    const { products, sums } = this;
    const { capacity, size } = block;
    const points = weights.length;
    for (let k = 0; k < tree.width; k++) {
      const value = tree.value[leaf * tree.width + k]!;
      for (let q = 0; q < points; q++) {
        const from = (depth * points + q) * capacity;
        const to = ((depth * tree.width + k) * points + q) * capacity;
        const weighted = value * weights[q]!;
        for (let i = 0; i < size; i++) sums[to + i] = weighted * products[from + i]!;
      }
    }
  }

  private clear(depth: number, { capacity, size }: RowBlock, lanes: number): void {
    for (let lane = depth * lanes; lane < (depth + 1) * lanes; lane++) {
      this.sums.fill(0, lane * capacity, lane * capacity + size);
    }
  }

  private collect(depth: number, { capacity, size }: RowBlock, lanes: number): void {
    const { sums } = this;
    for (let lane = 0; lane < lanes; lane++) {
      const to = (depth * lanes + lane) * capacity;
      const from = ((depth + 1) * lanes + lane) * capacity;
      for (let i = 0; i < size; i++) sums[to + i]! += sums[from + i]!;
    }
  }

  private contribute(
    { depth, feature, coefficients }: Edge,
    { width, output }: Tree,
    { capacity, size }: RowBlock,
    points: number,
    { values, featureCount }: BlockContributions,
  ): void {
    const { states, sums } = this;
    const here = depth * capacity;
    for (let k = 0; k < width; k++) {
      const to = ((output + k) * featureCount + feature) * capacity;
      for (let q = 0; q < points; q++) {
        const from = ((depth * width + k) * points + q) * capacity;
        for (let i = 0; i < size; i++) {
          values[to + i]! += coefficients[states[here + i]! * points + q]! * sums[from + i]!;
        }
      }
    }
  }
}
