import type { Tree } from '../trees/tree.js';
import { createQuadrature, type Quadrature } from './quadrature.js';

/** The share of a node's training rows, by their weights, that went on to a child; 0 below a node that no row reached. */
export function shareByCover({ cover }: Tree, parent: number, child: number): number {
  return cover[parent]! > 0 ? cover[child]! / cover[parent]! : 0;
}

/** A tree as {@link PathWalker} takes it. */
export interface WalkedTree {
  readonly tree: Tree;
  /** Exact for the path that tests most features. */
  readonly quadrature: Quadrature;
  /** Cuts on the longest path. */
  readonly depthMax: number;
  /** By node: 1 where a leaf to be explained lies below; null: all are. */
  readonly wanted: Uint8Array | null;
}

/** Most features, each once, and most cuts on a path. */
function measurePaths(tree: Tree): { readonly features: number; readonly depth: number } {
  const times = new Map<number, number>();
  let [featuresMax, depthMax] = [0, 0];
  const visit = (node: number, features: number, depth: number): void => {
    const feature = tree.feature[node]!;
    if (feature < 0) {
      featuresMax = Math.max(featuresMax, features);
      depthMax = Math.max(depthMax, depth);
      return;
    }
    const seen = times.get(feature) ?? 0;
    times.set(feature, seen + 1);
    const next = seen === 0 ? features + 1 : features;
    visit(tree.left[node]!, next, depth + 1);
    visit(tree.right[node]!, next, depth + 1);
    times.set(feature, seen);
  };
  visit(0, 0, 0);
  return { features: featuresMax, depth: depthMax };
}

function markWays(tree: Tree, leaves: readonly number[]): Uint8Array {
  const wanted = new Uint8Array(tree.feature.length);
  for (const leaf of leaves) wanted[leaf] = 1;
  const visit = (node: number): number => {
    if (tree.feature[node]! < 0) return wanted[node]!;
    const [left, right] = [visit(tree.left[node]!), visit(tree.right[node]!)];
    wanted[node] = left | right;
    return wanted[node]!;
  };
  visit(0);
  return wanted;
}

/** Measures a tree; with `leaves`, only these are explained. */
export function measureTree(tree: Tree, leaves?: readonly number[]): WalkedTree {
  const { features, depth } = measurePaths(tree);
  const quadrature = createQuadrature(Math.max(1, Math.ceil(features / 2)));
  return { tree, quadrature, depthMax: depth, wanted: leaves ? markWays(tree, leaves) : null };
}
