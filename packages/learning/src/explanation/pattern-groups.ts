import type { Tree } from '../trees/tree.js';
import { createQuadrature } from './quadrature.js';
import { shareByCover } from './tree-paths.js';

/**
 * Leaves that lie together and share one table. A row's pattern has one bit for each feature tested above (1: it meets all
 * conditions that lead here) and above them one for each of the group's own nodes (1: it goes left there).
 */
export interface PatternGroup {
  readonly kind: 'group';
  /** Nodes of the group that cut, by rising bit. */
  readonly nodes: readonly number[];
  /** Bits of the pattern that are set above. */
  readonly bitsAbove: number;
  /** Features whose contributions the table holds. */
  readonly features: readonly number[];
  /** `features.length` x 2^bits: what the group's leaves contribute together, by feature and pattern. */
  readonly table: Float64Array;
}

/** A node above the groups. */
export interface PatternNode {
  readonly kind: 'node';
  readonly node: number;
  /** Bit of its feature, and whether a node above tests the feature, too. */
  readonly bit: number;
  readonly isRepeated: boolean;
  readonly left: PatternStep;
  readonly right: PatternStep;
}

export type PatternStep = PatternGroup | PatternNode;

/** A tree made ready for {@link PatternReader}. */
export interface PatternTree {
  readonly tree: Tree;
  readonly root: PatternStep;
  /** Most nodes above a group. */
  readonly depthMax: number;
  readonly tableBytes: number;
  /** Leaves below too many features for a table; {@link PathWalker} takes them. */
  readonly deepLeaves: readonly number[];
}

/** More bits make fewer look-ups, but tables that no longer stay in the cache. */
const GROUP_BITS_MAX = 7;
/** A leaf below more features gets no table. */
const LEAF_BITS_MAX = 10;
/** A table with more patterns than that share of the rows would cost more than it saves. */
const ROWS_PER_PATTERN = 8;
/** By features on a path. */
const RULES = Array.from({ length: LEAF_BITS_MAX + 1 }, (_, features) =>
  createQuadrature(Math.max(1, Math.ceil(features / 2))),
);

interface Condition {
  readonly feature: number;
  readonly share: number;
}

interface GroupLeaf {
  readonly leaf: number;
  readonly path: readonly Condition[];
  /** For each condition of `path`: its bit above, or -1, and the group's nodes that belong to it. */
  readonly tests: readonly { readonly bit: number; readonly turns: readonly Turn[] }[];
}

interface Turn {
  readonly bit: number;
  readonly side: number;
}

function countCuts(tree: Tree, node: number): number {
  return tree.feature[node]! < 0 ? 0 : 1 + countCuts(tree, tree.left[node]!) + countCuts(tree, tree.right[node]!);
}

function listCuts(tree: Tree, node: number): number[] {
  if (tree.feature[node]! < 0) return [];
  return [node, ...listCuts(tree, tree.left[node]!), ...listCuts(tree, tree.right[node]!)];
}

/** Adds a condition to a path, merged with the one on the same feature. */
function extendPath(path: readonly Condition[], feature: number, share: number): Condition[] {
  const known = path.findIndex((condition) => condition.feature === feature);
  return known < 0 ? [...path, { feature, share }] : path.with(known, { feature, share: path[known]!.share * share });
}

/**
 * What one leaf of value 1 contributes to each feature of its path, for every pattern of conditions that a row meets: the integral
 * of {@link PathWalker}.
 *
 * @returns `path.length` x 2^`path.length`
 */
function tabulateLeaf(path: readonly Condition[]): Float64Array {
  const { points, weights } = RULES[path.length]!;
  const patterns = 1 << path.length;
  const table = new Float64Array(path.length * patterns);
  const factors = new Float64Array(path.length);
  for (let pattern = 0; pattern < patterns; pattern++) {
    for (let q = 0; q < points.length; q++) {
      let product = weights[q]!;
      for (let k = 0; k < path.length; k++) {
        factors[k] = path[k]!.share * (1 - points[q]!) + ((pattern >> k) & 1) * points[q]!;
        product *= factors[k]!;
      }
      if (product === 0) break; // zero at one point is zero at all: a condition that nobody meets
      for (let k = 0; k < path.length; k++) {
        table[k * patterns + pattern]! += (((pattern >> k) & 1) - path[k]!.share) * (product / factors[k]!);
      }
    }
  }
  return table;
}

/** The group's leaves, each with its own path. */
function listLeaves(tree: Tree, root: number, above: readonly Condition[], cuts: readonly number[]): GroupLeaf[] {
  const visit = (node: number, path: readonly Condition[], turns: readonly (readonly Turn[])[]): GroupLeaf[] => {
    const feature = tree.feature[node]!;
    if (feature < 0) {
      const tests = path.map((_, k) => ({ bit: k < above.length ? k : -1, turns: turns[k] ?? [] }));
      return [{ leaf: node, path, tests }];
    }
    const bit = above.length + cuts.indexOf(node);
    return ([1, 0] as const).flatMap((side) => {
      const child = side === 1 ? tree.left[node]! : tree.right[node]!;
      const next = extendPath(path, feature, shareByCover(tree, node, child));
      const k = next.findIndex((condition) => condition.feature === feature);
      return visit(child, next, turns.toSpliced(k, 1, [...(turns[k] ?? []), { bit, side }]));
    });
  };
  return visit(
    root,
    above,
    above.map(() => []),
  );
}

/** The pattern of a leaf's own conditions within the group's pattern. */
function findLeafPattern(tests: GroupLeaf['tests'], pattern: number): number {
  let own = 0;
  for (let k = 0; k < tests.length; k++) {
    const { bit, turns } = tests[k]!;
    let isMet = bit < 0 ? 1 : (pattern >> bit) & 1;
    for (const turn of turns) if (((pattern >> turn.bit) & 1) !== turn.side) isMet = 0;
    own |= isMet << k;
  }
  return own;
}

function compileGroup(tree: Tree, root: number, above: readonly Condition[]): PatternGroup {
  const nodes = listCuts(tree, root);
  const patterns = 1 << (above.length + nodes.length);
  const leaves = listLeaves(tree, root, above, nodes);
  const features = [...new Set(leaves.flatMap(({ path }) => path.map(({ feature }) => feature)))];
  const table = new Float64Array(features.length * patterns);
  for (const { leaf, path, tests } of leaves) {
    const own = tabulateLeaf(path);
    const ownPatterns = 1 << path.length;
    const starts = path.map(({ feature }) => features.indexOf(feature) * patterns);
    for (let pattern = 0; pattern < patterns; pattern++) {
      const ownPattern = findLeafPattern(tests, pattern);
      for (let k = 0; k < path.length; k++) {
        table[starts[k]! + pattern]! += tree.value[leaf]! * own[k * ownPatterns + ownPattern]!;
      }
    }
  }
  return { kind: 'group', nodes, bitsAbove: above.length, features, table };
}

/**
 * Prepares a tree of one value per leaf. Rows that meet the same conditions get the same contributions, and a path has few
 * conditions: they are computed once for each pattern, not once for each row (compare Fast TreeSHAP v2, Yang, 2021).
 *
 * @param rowCount rows that will be looked up; few rows get small tables
 */
export function createPatternTree(tree: Tree, rowCount: number): PatternTree {
  const bitsMax = Math.floor(Math.log2(rowCount / ROWS_PER_PATTERN));
  const groupBitsMax = Math.min(bitsMax, GROUP_BITS_MAX);
  const leafBitsMax = Math.min(bitsMax, LEAF_BITS_MAX);
  const deepLeaves: number[] = [];
  let [depthMax, tableBytes] = [0, 0];
  const compile = (node: number, path: readonly Condition[], depth: number): PatternStep => {
    depthMax = Math.max(depthMax, depth);
    const feature = tree.feature[node]!;
    const isLeaf = feature < 0;
    if (path.length + countCuts(tree, node) <= groupBitsMax || (isLeaf && path.length <= leafBitsMax)) {
      const group = compileGroup(tree, node, path);
      tableBytes += group.table.byteLength;
      return group;
    }
    if (isLeaf) {
      deepLeaves.push(node);
      return { kind: 'group', nodes: [], bitsAbove: 0, features: [], table: new Float64Array(0) };
    }
    const known = path.findIndex((condition) => condition.feature === feature);
    const [left, right] = [tree.left[node]!, tree.right[node]!].map((child) =>
      compile(child, extendPath(path, feature, shareByCover(tree, node, child)), depth + 1),
    );
    return {
      kind: 'node',
      node,
      bit: known < 0 ? path.length : known,
      isRepeated: known >= 0,
      left: left!,
      right: right!,
    };
  };
  const root = compile(0, [], 0);
  return { tree, root, depthMax, tableBytes, deepLeaves };
}
