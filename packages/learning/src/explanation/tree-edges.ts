import type { Tree } from '../trees/tree.js';
import { createQuadrature, type Quadrature } from './quadrature.js';

/** What a conditional expectation needs to know of a tree: the share of a node's rows that go on to each child. */
export type ShareOf = (tree: Tree, parent: number, child: number) => number;

/** The share of the training rows, by their weights: TreeSHAP's path-dependent expectation. 0 below a node that no row reached. */
export const shareByCover: ShareOf = ({ cover }, parent, child) =>
  cover[parent]! > 0 ? cover[child]! / cover[parent]! : 0;

/**
 * One way from a node to a child, as {@link addPathContributions} walks it. All conditions on one feature between the root and
 * here count as one: a row meets it (state 1) when it meets every single one; `share` is the product of the shares.
 *
 * With the row's state z, the feature's factor at quadrature point x is `share * (1 - x) + z * x`.
 */
export interface Edge {
  readonly child: number;
  /** 1 for the left child. */
  readonly side: 0 | 1;
  readonly feature: number;
  /** Edges on the path from the root, this one included. */
  readonly depth: number;
  /** Depth of the nearest edge above on the same feature; 0 when there is none. */
  readonly sameAbove: number;
  /**
   * By (state here + state at `sameAbove`) * points + point, without an edge above: state here. What the product of factors is
   * multiplied with on the way down: the factor here, in place of the factor above.
   */
  readonly multipliers: Float64Array;
  /** Same index. What the sum over the leaves below is multiplied with for the feature's contribution, in place of the one above. */
  readonly coefficients: Float64Array;
  readonly children: readonly Edge[];
}

/** A tree made ready for {@link addPathContributions}. */
export interface EdgeTree {
  readonly tree: Tree;
  readonly quadrature: Quadrature;
  readonly depthMax: number;
  /** Edges out of the root; empty for a tree without a cut. */
  readonly edges: readonly Edge[];
}

interface Step {
  readonly feature: number;
  readonly share: number;
  readonly depth: number;
}

/** Features on the longest path, each once, and the most edges on a path. */
function measurePaths(tree: Tree): { readonly features: number; readonly depth: number } {
  let [features, depth] = [0, 0];
  const visit = (node: number, seen: readonly number[], edges: number): void => {
    const feature = tree.feature[node]!;
    features = Math.max(features, seen.length);
    depth = Math.max(depth, edges);
    if (feature < 0) return;
    const next = seen.includes(feature) ? seen : [...seen, feature];
    visit(tree.left[node]!, next, edges + 1);
    visit(tree.right[node]!, next, edges + 1);
  };
  visit(0, [], 0);
  return { features, depth };
}

/** 0 for 0: such a factor belongs to leaves that contribute nothing. */
const invert = (factor: number): number => (factor === 0 ? 0 : 1 / factor);

function prepareEdge(share: number, above: Step | undefined, points: Float64Array) {
  const states = above ? 3 : 2;
  const multipliers = new Float64Array(states * points.length);
  const coefficients = new Float64Array(states * points.length);
  for (let state = 0; state < states; state++) {
    const here = above ? Math.max(0, state - 1) : state;
    const there = Math.min(1, state);
    points.forEach((x, q) => {
      const factor = share * (1 - x) + here * x;
      const index = state * points.length + q;
      multipliers[index] = factor;
      coefficients[index] = (here - share) * invert(factor);
      if (!above) return;
      const replaced = invert(above.share * (1 - x) + there * x);
      multipliers[index]! *= replaced;
      coefficients[index]! -= (there - above.share) * replaced;
    });
  }
  return { multipliers, coefficients };
}

function leadsTo(tree: Tree, node: number, leaves: ReadonlySet<number>): boolean {
  if (tree.feature[node]! < 0) return leaves.has(node);
  return leadsTo(tree, tree.left[node]!, leaves) || leadsTo(tree, tree.right[node]!, leaves);
}

/**
 * Prepares a tree, or of a tree only some leaves.
 *
 * @param shareOf whose expectation stands for a feature that is not known
 */
export function createEdgeTree(tree: Tree, shareOf: ShareOf, leaves?: ReadonlySet<number>): EdgeTree {
  const { features, depth: depthMax } = measurePaths(tree);
  const quadrature = createQuadrature(Math.max(1, Math.ceil(features / 2)));
  const grow = (node: number, path: readonly Step[]): Edge[] => {
    const feature = tree.feature[node]!;
    if (feature < 0) return [];
    const above = path.findLast((step) => step.feature === feature);
    return ([1, 0] as const).flatMap((side) => {
      const child = side === 1 ? tree.left[node]! : tree.right[node]!;
      if (leaves && !leadsTo(tree, child, leaves)) return [];
      const share = shareOf(tree, node, child) * (above?.share ?? 1);
      const depth = path.length + 1;
      return {
        child,
        side,
        feature,
        depth,
        sameAbove: above?.depth ?? 0,
        ...prepareEdge(share, above, quadrature.points),
        children: grow(child, [...path, { feature, share, depth }]),
      };
    });
  };
  return { tree, quadrature, depthMax, edges: grow(0, []) };
}
