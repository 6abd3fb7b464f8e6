import type { Random } from '../../random/random.js';
import type { Tree } from '../tree.js';
import type { ForestSample, NodeSplitter } from './node-splitter.js';
import { TreeCollector } from './tree-collector.js';

/** Limits of a forest's trees. */
export interface ForestTreeLimits {
  /** Levels of cuts; Infinity for no limit. */
  readonly depthMax: number;
  /** Least distinct rows in a child, >= 1. */
  readonly childRowsMin: number;
  /** Least distinct rows in a node that is cut, >= 2. */
  readonly splitRowsMin: number;
  /** Columns drawn per node, >= 1. Drawing goes on while no drawn column can be cut, as in scikit-learn. */
  readonly featuresPerNode: number;
}

/** What a tree is grown with. */
export interface ForestTreeRequest {
  readonly sample: ForestSample;
  readonly splitter: NodeSplitter;
  readonly limits: ForestTreeLimits;
  readonly featureCount: number;
  /** Values per leaf. */
  readonly width: number;
  /** Makes a leaf's value of a mean. */
  readonly toLeaf: (mean: number) => number;
  readonly random: Random;
}

/** Draws columns of a node until enough were drawn and one of them can be cut. */
function findCut({ splitter, limits, random }: ForestTreeRequest, drawing: Int32Array): void {
  for (let drawn = 0; drawn < drawing.length; drawn++) {
    if (drawn >= limits.featuresPerNode && splitter.hasCut) return;
    const chosen = drawn + random.nextInteger(drawing.length - drawn);
    const feature = drawing[chosen]!;
    drawing[chosen] = drawing[drawn]!;
    drawing[drawn] = feature;
    splitter.scan(feature);
  }
}

/** Grows one tree of a forest, depth first, until its nodes are pure or a limit holds. */
export function growForestTree(request: ForestTreeRequest): Tree {
  const { sample, splitter, limits, featureCount, width, toLeaf, random } = request;
  const tree = new TreeCollector(width);
  const rows = Int32Array.from(sample.rows);
  const drawing = Int32Array.from({ length: featureCount }, (_, j) => j);
  const countMin = Math.max(limits.splitRowsMin, 2 * limits.childRowsMin);
  // Open nodes as four numbers each: id, start, end, depth.
  const open = [tree.addNode(0), 0, rows.length, 0];
  splitter.begin(sample, random);
  while (open.length > 0) {
    const depth = open.pop()!;
    const end = open.pop()!;
    const start = open.pop()!;
    const node = open.pop()!;
    splitter.enter(rows, start, end);
    tree.setCover(node, splitter.nodeWeight);
    if (!splitter.isPure && depth < limits.depthMax && end - start >= countMin) findCut(request, drawing);
    if (!splitter.hasCut) {
      for (let k = 0; k < width; k++) tree.setValue(node, k, toLeaf(splitter.meanOf(k)));
      continue;
    }
    const middle = splitter.cutRows();
    const left = tree.addNode(0);
    const right = tree.addNode(0);
    tree.setCut(node, splitter.describeCut(), left, right);
    open.push(left, start, middle, depth + 1, right, middle, end, depth + 1);
  }
  return tree.finish();
}
