import type { Tree } from '../trees/tree.js';
import type { TreeEnsembleModel } from './model.js';

/**
 * Four words per node: the slot of the tested column, or -1 for a leaf; the threshold as float32, the offset of the set of codes,
 * or the offset of a leaf's values; the left child (the right one follows it); flags.
 */
export const NODE_WORDS = 4;
export const MISSING_LEFT = 1;
export const TESTS_CODES = 2;

/** A column as the trees read it: the values of a feature, or the positions of its codes in the sets of codes. */
export interface ColumnSlot {
  readonly feature: number;
  /** Position of each code that some cut names; null for a column of values. */
  readonly positions: CodePositions | null;
}

/** The trees of a model in flat memory, made once to predict many rows fast. */
export interface CompiledTrees {
  /** {@link NODE_WORDS} per node; children stand side by side. */
  readonly words: Int32Array;
  /** The same memory as `words`, for thresholds. */
  readonly floats: Float32Array;
  /** Offset in `words` of each tree's first node. */
  readonly roots: Int32Array;
  /** The first output of each tree, and how many values its leaves have. */
  readonly outputs: Int32Array;
  readonly widths: Int32Array;
  /** 1 for a tree with cuts of categories. */
  readonly testsCodes: Uint8Array;
  /** Sets of codes, 32 positions to a word. */
  readonly sets: Int32Array;
  readonly leafValues: Float64Array;
  readonly slots: readonly ColumnSlot[];
}

/** Codes up to this one are looked up in a list, others in a map. */
const LISTED_CODE_MAX = 65_535;

/** Where a code of one feature stands in its sets: 0 for a code that no cut names. */
export class CodePositions {
  /** Positions in use, the one for unnamed codes included. */
  readonly count: number;
  private readonly listed: Int32Array;
  private readonly others = new Map<number, number>();

  constructor(codes: ReadonlySet<number>) {
    const ordered = [...codes].sort((a, b) => a - b);
    const isListed = (code: number): boolean => Number.isInteger(code) && code >= 0 && code <= LISTED_CODE_MAX;
    this.listed = new Int32Array(1 + Math.max(-1, ...ordered.filter(isListed)));
    ordered.forEach((code, index) => {
      if (isListed(code)) this.listed[code] = index + 1;
      else this.others.set(code, index + 1);
    });
    this.count = ordered.length + 1;
  }

  of(code: number): number {
    return this.listed[code] || (this.others.get(code) ?? 0);
  }
}

/** Collects nodes, sets and leaf values of all trees. */
class TreeCompiler {
  private readonly words: Int32Array;
  private readonly floats: Float32Array;
  private readonly sets: number[] = [];
  private readonly leafValues: number[] = [];
  private readonly slots: ColumnSlot[] = [];
  private readonly valueSlots = new Map<number, number>();
  private readonly codeSlots = new Map<number, number>();
  private readonly positions: ReadonlyMap<number, CodePositions>;
  private used = 0;

  constructor(private readonly trees: readonly Tree[]) {
    const nodeCount = trees.reduce((sum, { feature }) => sum + feature.length, 0);
    this.words = new Int32Array(nodeCount * NODE_WORDS);
    this.floats = new Float32Array(this.words.buffer);
    this.positions = findPositions(trees);
  }

  compile(): CompiledTrees {
    const { trees } = this;
    const roots = Int32Array.from(trees, (tree) => this.addTree(tree));
    return {
      words: this.words,
      floats: this.floats,
      roots,
      outputs: Int32Array.from(trees, ({ output }) => output),
      widths: Int32Array.from(trees, ({ width }) => width),
      testsCodes: Uint8Array.from(trees, ({ categories }) => Number(categories.some((codes) => codes !== null))),
      sets: Int32Array.from(this.sets),
      leafValues: Float64Array.from(this.leafValues),
      slots: this.slots,
    };
  }

  /** Nodes that a row visits one after another are written one after another. */
  private addTree(tree: Tree): number {
    const root = this.used;
    this.used += NODE_WORDS;
    const open: [node: number, at: number][] = [[0, root]];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      const [node, at] = next;
      if (tree.feature[node]! < 0) {
        this.addLeaf(tree, node, at);
        continue;
      }
      this.addCut(tree, node, at);
      const children = this.used;
      this.words[at + 2] = children;
      this.used += 2 * NODE_WORDS;
      open.push([tree.right[node]!, children + NODE_WORDS], [tree.left[node]!, children]);
    }
    return root;
  }

  private addLeaf({ value, width }: Tree, node: number, at: number): void {
    this.words[at] = -1;
    this.words[at + 1] = this.leafValues.length;
    for (let k = 0; k < width; k++) this.leafValues.push(value[node * width + k]!);
  }

  private addCut(tree: Tree, node: number, at: number): void {
    const feature = tree.feature[node]!;
    const codes = tree.categories[node] ?? null;
    const missing = tree.missingLeft[node] === 1 ? MISSING_LEFT : 0;
    if (codes === null) {
      this.words[at] = this.slotOf(feature, null);
      this.floats[at + 1] = tree.threshold[node]!;
      this.words[at + 3] = missing;
      return;
    }
    const positions = this.positions.get(feature)!;
    this.words[at] = this.slotOf(feature, positions);
    this.words[at + 1] = this.sets.length;
    this.words[at + 3] = missing | TESTS_CODES;
    const set = new Array<number>((positions.count + 31) >> 5).fill(0);
    for (const code of codes) set[positions.of(code) >> 5]! |= 1 << (positions.of(code) & 31);
    for (const word of set) this.sets.push(word);
  }

  private slotOf(feature: number, positions: CodePositions | null): number {
    const known = positions === null ? this.valueSlots : this.codeSlots;
    const found = known.get(feature);
    if (found !== undefined) return found;
    known.set(feature, this.slots.length);
    this.slots.push({ feature, positions });
    return this.slots.length - 1;
  }
}

function findPositions(trees: readonly Tree[]): Map<number, CodePositions> {
  const named = new Map<number, Set<number>>();
  for (const tree of trees) {
    tree.categories.forEach((codes, node) => {
      if (codes === null) return;
      const feature = tree.feature[node]!;
      const all = named.get(feature) ?? new Set();
      for (const code of codes) all.add(code);
      named.set(feature, all);
    });
  }
  return new Map([...named].map(([feature, codes]) => [feature, new CodePositions(codes)]));
}

/** Lays the trees of a model out in flat memory. Costs about as much as predicting a few rows. */
export function compileTrees({ trees }: Pick<TreeEnsembleModel, 'trees'>): CompiledTrees {
  return new TreeCompiler(trees).compile();
}
