import type { Tree } from '../trees/tree.js';
import { decideSides, type RowBlock } from './row-block.js';
import { shareByCover, type WalkedTree } from './tree-paths.js';

/** Contributions of a block of rows: that of feature j to output k begins at `(k * featureCount + j) * capacity`. */
export interface BlockContributions {
  readonly values: Float64Array;
  readonly featureCount: number;
}

/** What a walk is about. */
interface Walk extends WalkedTree {
  readonly block: RowBlock;
  readonly contributions: BlockContributions;
  /** Points of the quadrature. */
  readonly points: number;
}

/** The way from a node to a child, at the end of the path. */
interface Edge {
  readonly child: number;
  readonly depth: number;
  readonly feature: number;
  /** Depth of the nearest edge above on the same feature; 0 when there is none. */
  readonly sameAbove: number;
}

/** 0 for 0: such a factor belongs to leaves that contribute nothing. */
const invert = (factor: number): number => (factor === 0 ? 0 : 1 / factor);

/**
 * Adds the Shapley values of trees for every row of a block: exact at any depth, in time proportional to nodes x points.
 *
 * All conditions on one feature between the root and a leaf count as one: z = 1 when a row meets every single one, and its share is the
 * product of the shares. A leaf of value v whose path tests the features M gives a row the game v * prod over the known features
 * of z_k * prod over the others of share_k (Lundberg et al., 2020). By Owen's multilinear extension (1972) the Shapley value of feature j is
 *   v (z_j - share_j) * integral over x in [0, 1] of prod over k in M, k != j, of (share_k (1 - x) + z_k x),
 * a polynomial of degree |M| - 1: Gauss-Legendre with |M| / 2 points is exact and, all its terms being positive, stable. Products of
 * factors are kept on the way down, sums over the leaves below on the way up, as in Linear TreeSHAP (Yu et al., 2022); an edge on a
 * feature that was tested above puts its factor in the place of the one above.
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
  /** By depth: the product of the shares on the edge's feature down to here. */
  private shares = new Float64Array(0);
  /** By depth, state and point: what the products are multiplied with on the way down. */
  private multipliers = new Float64Array(0);
  /** By depth, state and point: what the sums are multiplied with for the feature's contribution. */
  private coefficients = new Float64Array(0);
  /** By feature: depth of its last edge on the path, 0 when there is none. */
  private depths = new Int32Array(0);

  add(walked: WalkedTree, block: RowBlock, contributions: BlockContributions): void {
    const points = walked.quadrature.points.length;
    const walk = { ...walked, block, contributions, points };
    this.reserve(walk);
    this.products.fill(1, 0, points * block.capacity);
    this.visit(walk, 0, 0);
  }

  private reserve({ depthMax, points, tree, block, contributions }: Walk): void {
    const depths = depthMax + 1;
    const cells = depths * block.capacity;
    if (this.met.length < cells) {
      this.met = new Uint8Array(cells);
      this.states = new Uint8Array(cells);
      this.sides = new Uint8Array(cells);
    }
    if (this.shares.length < depths) this.shares = new Float64Array(depths);
    if (this.multipliers.length < depths * 3 * points) {
      this.multipliers = new Float64Array(depths * 3 * points);
      this.coefficients = new Float64Array(depths * 3 * points);
    }
    if (this.products.length < cells * points) this.products = new Float64Array(cells * points);
    if (this.sums.length < cells * points * tree.width) this.sums = new Float64Array(cells * points * tree.width);
    if (this.depths.length < contributions.featureCount) this.depths = new Int32Array(contributions.featureCount);
  }

  /** Goes through the subtree below a node at a depth and leaves the sums over its leaves there. */
  private visit(walk: Walk, node: number, depth: number): void {
    const { tree, block, wanted } = walk;
    const feature = tree.feature[node]!;
    if (feature < 0) {
      this.takeLeaf(walk, node, depth);
      return;
    }
    this.clear(walk, depth);
    decideSides(tree, node, block, this.sides, depth * block.capacity);
    const sameAbove = this.depths[feature]!;
    this.depths[feature] = depth + 1;
    for (let side = 1; side >= 0; side--) {
      const child = side === 1 ? tree.left[node]! : tree.right[node]!;
      if (wanted !== null && wanted[child] === 0) continue;
      const edge = { child, depth: depth + 1, feature, sameAbove };
      this.prepare(walk, edge, shareByCover(tree, node, child));
      if (!this.descend(walk, edge, side)) continue;
      this.visit(walk, child, depth + 1);
      this.contribute(walk, edge);
      this.collect(walk, depth);
    }
    this.depths[feature] = sameAbove;
  }

  /** Computes the factors of an edge for every state and point. */
  private prepare({ quadrature, points }: Walk, { depth, sameAbove }: Edge, ownShare: number): void {
    const { shares, multipliers, coefficients } = this;
    const isRepeated = sameAbove > 0;
    const shareAbove = isRepeated ? shares[sameAbove]! : 1;
    const share = ownShare * shareAbove;
    shares[depth] = share;
    for (let state = 0; state < (isRepeated ? 3 : 2); state++) {
      const here = isRepeated ? Number(state === 2) : state;
      const there = Number(state > 0);
      const start = (depth * 3 + state) * points;
      for (let q = 0; q < points; q++) {
        const x = quadrature.points[q]!;
        const factor = share * (1 - x) + here * x;
        multipliers[start + q] = factor;
        coefficients[start + q] = (here - share) * invert(factor);
        if (!isRepeated) continue;
        const replaced = invert(shareAbove * (1 - x) + there * x);
        multipliers[start + q]! *= replaced;
        coefficients[start + q]! -= (there - shareAbove) * replaced;
      }
    }
  }

  /** Takes the step to a child. False when no row of the block gets anything from there, known or not. */
  private descend({ block, points }: Walk, { depth, sameAbove }: Edge, side: number): boolean {
    const { met, states, sides, products, multipliers } = this;
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
      const factors = depth * 3 * points + q;
      for (let i = 0; i < size; i++) {
        const product = products[from + i]! * multipliers[factors + states[here + i]! * points]!;
        products[to + i] = product;
        whole += product;
      }
    }
    return whole > 0;
  }

  private takeLeaf({ tree, quadrature, points, block }: Walk, leaf: number, depth: number): void {
    const { products, sums } = this;
    const { capacity, size } = block;
    for (let k = 0; k < tree.width; k++) {
      const value = tree.value[leaf * tree.width + k]!;
      for (let q = 0; q < points; q++) {
        const from = (depth * points + q) * capacity;
        const to = ((depth * tree.width + k) * points + q) * capacity;
        const weighted = value * quadrature.weights[q]!;
        for (let i = 0; i < size; i++) sums[to + i] = weighted * products[from + i]!;
      }
    }
  }

  private clear({ tree, points, block }: Walk, depth: number): void {
    const lanes = points * tree.width;
    this.sums.fill(0, depth * lanes * block.capacity, (depth + 1) * lanes * block.capacity);
  }

  /** Adds the sums of the depth below. */
  private collect({ tree, points, block }: Walk, depth: number): void {
    const { sums } = this;
    const { capacity, size } = block;
    const lanes = points * tree.width;
    for (let lane = 0; lane < lanes; lane++) {
      const to = (depth * lanes + lane) * capacity;
      const from = to + lanes * capacity;
      for (let i = 0; i < size; i++) sums[to + i]! += sums[from + i]!;
    }
  }

  private contribute({ tree, points, block, contributions }: Walk, { depth, feature }: Edge): void {
    const { states, sums, coefficients } = this;
    const { capacity, size } = block;
    const { values, featureCount } = contributions;
    const { width, output }: Tree = tree;
    const here = depth * capacity;
    for (let k = 0; k < width; k++) {
      const to = ((output + k) * featureCount + feature) * capacity;
      for (let q = 0; q < points; q++) {
        const from = ((depth * width + k) * points + q) * capacity;
        const factors = depth * 3 * points + q;
        for (let i = 0; i < size; i++) {
          values[to + i]! += coefficients[factors + states[here + i]! * points]! * sums[from + i]!;
        }
      }
    }
  }
}
