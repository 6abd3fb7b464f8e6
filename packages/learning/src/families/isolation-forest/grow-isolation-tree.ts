import type { FeatureTable } from '../../dataset/dataset.js';
import type { Random } from '../../random/random.js';
import { type NodeCut, TreeCollector } from '../../trees/forest/tree-collector.js';
import type { Tree } from '../../trees/tree.js';
import { expectedPathLength } from './path-length.js';

const isMissing = Number.isNaN;

/** What all trees of one isolation forest share. */
export interface IsolationTreePlan {
  /** Levels of cuts; beyond it a row is as ordinary as any. */
  readonly depthMax: number;
  /** Leaf values are multiples of this power of two. */
  readonly leafStep: number;
  /** Codes of each categorical column in training, ascending; null for a numeric column. */
  readonly codes: readonly (readonly number[] | null)[];
}

interface OpenNode {
  readonly id: number;
  readonly start: number;
  readonly end: number;
  readonly depth: number;
}

/**
 * Grows trees that cut a random column at a random place until each row is alone or the tree is deep enough (Liu, Ting and Zhou,
 * 2008, algorithm 2). Columns that do not vary in a node are passed over, as in scikit-learn.
 *
 * A numeric column is cut at a uniform draw between its least and greatest value in the node. A categorical one sends a random
 * part of its codes left, at least one that occurs and not all of them (Geurts, Ernst and Wehenkel, 2006, table 1). Missing values
 * take the side with more rows: a gap alone is no anomaly.
 */
export class IsolationTreeGrower {
  private readonly order: Int32Array;

  constructor(
    private readonly table: FeatureTable,
    private readonly plan: IsolationTreePlan,
  ) {
    this.order = Int32Array.from(table.columns, (_, j) => j);
  }

  /** @param rows the drawn rows; reordered in place */
  grow(rows: Int32Array, random: Random): Tree {
    const { depthMax, leafStep } = this.plan;
    const tree = new TreeCollector(1);
    const open: OpenNode[] = [{ id: tree.addNode(rows.length), start: 0, end: rows.length, depth: 0 }];
    for (let node = open.pop(); node !== undefined; node = open.pop()) {
      const { id, start, end, depth } = node;
      const found = depth < depthMax && end - start > 1 ? this.drawCut(rows.subarray(start, end), random) : null;
      if (found === null) {
        tree.setValue(id, 0, Math.round((depth + expectedPathLength(end - start)) / leafStep) * leafStep);
        continue;
      }
      const middle = start + found.leftRows;
      const left = tree.addNode(middle - start);
      const right = tree.addNode(end - middle);
      tree.setCut(id, found.cut, left, right);
      open.push({ id: left, start, end: middle, depth: depth + 1 });
      open.push({ id: right, start: middle, end, depth: depth + 1 });
    }
    return tree.finish();
  }

  /** Draws columns until one varies, cuts it and moves the rows that go left to the front; null when none varies. */
  private drawCut(rows: Int32Array, random: Random): { cut: NodeCut; leftRows: number } | null {
    const { order } = this;
    for (let drawn = 0; drawn < order.length; drawn++) {
      const chosen = drawn + random.nextInteger(order.length - drawn);
      const feature = order[chosen]!;
      order[chosen] = order[drawn]!;
      order[drawn] = feature;
      const codes = this.plan.codes[feature]!;
      const column = this.table.columns[feature]!;
      const place = codes === null ? drawThreshold(column, rows, random) : drawCodes(column, rows, codes, random);
      if (place === null) continue;
      const left = typeof place === 'number' ? null : new Set(place);
      const threshold = typeof place === 'number' ? place : 0;
      const leftRows = moveLeftFirst(column, rows, (value) => (left === null ? value <= threshold : left.has(value)));
      const categories = typeof place === 'number' ? null : place;
      const cut = { feature, threshold, categories, missingLeft: Number(leftRows.missingLeft), gain: 0 };
      return { cut, leftRows: leftRows.count };
    }
    return null;
  }
}

/** A float32 in [least, greatest) of the values of a node; null when they do not vary. */
function drawThreshold(column: Float32Array, rows: Int32Array, random: Random): number | null {
  let least = Number.POSITIVE_INFINITY;
  let greatest = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < rows.length; i++) {
    const value = column[rows[i]!]!; // comparisons with NaN are false, so missing values don't count
    if (value < least) least = value;
    if (value > greatest) greatest = value;
  }
  if (!(least < greatest)) return null;
  const threshold = Math.fround(least + random.nextFloat() * (greatest - least));
  return threshold < greatest ? threshold : least;
}

/** The codes that go left, ascending; null when fewer than two occur in the node. */
function drawCodes(
  column: Float32Array,
  rows: Int32Array,
  codes: readonly number[],
  random: Random,
): readonly number[] | null {
  const present = new Set<number>();
  for (let i = 0; i < rows.length; i++) {
    const value = column[rows[i]!]!;
    if (!isMissing(value)) present.add(value);
  }
  if (present.size < 2) return null;
  for (;;) {
    const left = codes.filter(() => random.nextUint32() >= 2 ** 31);
    const presentLeft = left.filter((code) => present.has(code)).length;
    if (presentLeft > 0 && presentLeft < present.size) return left;
  }
}

/** Reorders rows, left ones first and each side in its order; missing ones join the side that has more. */
function moveLeftFirst(
  column: Float32Array,
  rows: Int32Array,
  goesLeft: (value: number) => boolean,
): { readonly count: number; readonly missingLeft: boolean } {
  const left: number[] = [];
  const right: number[] = [];
  const missing: number[] = [];
  for (let i = 0; i < rows.length; i++) {
    const value = column[rows[i]!]!;
    if (isMissing(value)) missing.push(rows[i]!);
    else if (goesLeft(value)) left.push(rows[i]!);
    else right.push(rows[i]!);
  }
  const missingLeft = left.length >= right.length;
  (missingLeft ? left : right).push(...missing);
  rows.set(left, 0);
  rows.set(right, left.length);
  return { count: left.length, missingLeft };
}
