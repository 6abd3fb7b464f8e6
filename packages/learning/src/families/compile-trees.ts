import type { Tree } from '../trees/tree.js';
import type { TreeEnsembleModel } from './model.js';

/**
 * Four words per node: the slot of the tested column; the threshold as a key, or the offset of the set of codes that go left; the left child
 * (the right one follows it); 0 for a threshold and 1 for a set. A leaf is its own left child by a test that all pass; its fourth word is
 * the offset of its values. So a walk needs no question whether it has arrived, and several rows can walk side by side.
 */
export const NODE_WORDS = 4;

const KEY_MAX = 0x7fffffff;
const KEY_MIN = -0x80000000;

const scratch = new Float32Array(1);
const scratchBits = new Int32Array(scratch.buffer);

/** An integer in the order of float32 numbers; -0 and 0 have one. Integers compare without a branch, which floats here do not. */
export function keyOfBits(bits: number): number {
  return bits === KEY_MIN ? 0 : bits ^ ((bits >> 31) & KEY_MAX);
}

function keyOf(value: number): number {
  scratch[0] = value;
  return keyOfBits(scratchBits[0]!);
}

/**
 * A column as the trees read it: keys of the values of a feature, `missingKey` for missing, so that these fail or pass every test; or
 * the positions of its codes in the sets of codes, 0 for missing.
 */
type ColumnSlot =
  | { readonly feature: number; readonly positions: null; readonly missingKey: number }
  | { readonly feature: number; readonly positions: CodePositions };

/** The trees of a model in flat memory, made once to predict many rows fast. */
export interface CompiledTrees {
  /** {@link NODE_WORDS} per node; children stand side by side. */
  readonly words: Int32Array;
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

/** Where a code of one feature stands in its sets: 0 for missing, 1 for a code that no cut names. */
class CodePositions {
  /** Positions in use. */
  readonly count: number;
  private readonly listed: Int32Array;
  private readonly others = new Map<number, number>();

  constructor(codes: ReadonlySet<number>) {
    const ordered = [...codes].sort((a, b) => a - b);
    const isListed = (code: number): boolean => Number.isInteger(code) && code >= 0 && code <= LISTED_CODE_MAX;
    this.listed = new Int32Array(
      1 + ordered.reduce((most, code) => (isListed(code) ? Math.max(most, code) : most), -1),
    );
    ordered.forEach((code, index) => {
      if (isListed(code)) this.listed[code] = index + 2;
      else this.others.set(code, index + 2);
    });
    this.count = ordered.length + 2;
  }

  of(code: number): number {
    if (Number.isNaN(code)) return 0;
    return this.listed[code] || (this.others.get(code) ?? 1);
  }
}

/** Collects nodes, sets and leaf values of all trees. */
class TreeCompiler {
  private readonly words: Int32Array;
  private readonly sets: number[] = [];
  private readonly leafValues: number[] = [];
  private readonly slots: ColumnSlot[] = [];
  private readonly slotOf = new Map<string, number>();
  private readonly positions: ReadonlyMap<number, CodePositions>;
  private used = 0;

  constructor(private readonly trees: readonly Tree[]) {
    const nodeCount = trees.reduce((sum, { feature }) => sum + feature.length, 0);
    this.words = new Int32Array(nodeCount * NODE_WORDS);
    this.positions = findPositions(trees);
  }

  compile(): CompiledTrees {
    const { trees } = this;
    const roots = Int32Array.from(trees, (tree) => this.addTree(tree));
    return {
      words: this.words,
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
    this.words.set([0, KEY_MAX, at, this.leafValues.length], at);
    for (let k = 0; k < width; k++) this.leafValues.push(value[node * width + k]!);
  }

  private addCut(tree: Tree, node: number, at: number): void {
    const feature = tree.feature[node]!;
    const codes = tree.categories[node] ?? null;
    const missingLeft = tree.missingLeft[node] === 1;
    if (codes === null) {
      const slot = this.takeSlot({ feature, positions: null, missingKey: missingLeft ? KEY_MIN : KEY_MAX });
      this.words.set([slot, keyOf(tree.threshold[node]!), 0, 0], at);
      return;
    }
    const positions = this.positions.get(feature)!;
    this.words.set([this.takeSlot({ feature, positions }), this.sets.length, 0, 1], at);
    const set = new Array<number>((positions.count + 31) >> 5).fill(0);
    const include = (position: number): void => {
      set[position >> 5]! |= 1 << (position & 31);
    };
    if (missingLeft) include(0);
    for (const code of codes) include(positions.of(code));
    for (const word of set) this.sets.push(word);
  }

  private takeSlot(slot: ColumnSlot): number {
    const key = `${slot.feature} ${slot.positions === null ? slot.missingKey : 'codes'}`;
    const found = this.slotOf.get(key);
    if (found !== undefined) return found;
    this.slotOf.set(key, this.slots.length);
    this.slots.push(slot);
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
