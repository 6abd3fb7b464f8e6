import type { BlockContributions } from './path-walker.js';
import type { PatternGroup, PatternNode, PatternStep, PatternTree } from './pattern-groups.js';
import { decideSides, type RowBlock } from './row-block.js';

/** Adds the Shapley values of trees for every row of a block by looking them up. Keeps its memory between calls. */
export class PatternReader {
  /** The row's side at the node at work, by the node's place: above the groups its depth, in a group its bit. */
  private sides = new Uint8Array(0);
  /** By depth: conditions that the row meets down to there. */
  private patterns = new Uint16Array(0);

  add(prepared: PatternTree, block: RowBlock, contributions: BlockContributions): void {
    const { tree, root, depthMax } = prepared;
    const cells = (depthMax + 2) * block.capacity;
    if (this.patterns.length < cells) {
      this.patterns = new Uint16Array(cells);
      this.sides = new Uint8Array(cells);
    }
    this.patterns.fill(0, 0, block.size);
    const read = (step: PatternStep, depth: number): void => {
      if (step.kind === 'group') {
        this.completePattern(prepared, step, depth, block);
        lookUp(step, this.patterns, depth * block.capacity, tree.output, block, contributions);
        return;
      }
      decideSides(tree, step.node, block, this.sides, depth * block.capacity);
      this.meet(step, 1, depth, block);
      read(step.left, depth + 1);
      this.meet(step, 0, depth, block);
      read(step.right, depth + 1);
    };
    read(root, 0);
  }

  /** Takes one step down: the pattern at the next depth. */
  private meet({ bit, isRepeated }: PatternNode, side: 0 | 1, depth: number, { capacity, size }: RowBlock): void {
    const { sides, patterns } = this;
    const from = depth * capacity;
    const to = from + capacity;
    const flip = 1 - side;
    if (isRepeated) {
      for (let i = 0; i < size; i++) {
        patterns[to + i] = patterns[from + i]! & ~((sides[from + i]! ^ side) << bit);
      }
    } else {
      for (let i = 0; i < size; i++) {
        patterns[to + i] = patterns[from + i]! | ((sides[from + i]! ^ flip) << bit);
      }
    }
  }

  /** Adds the bits of the group's own nodes. The row's sides at the node above are still needed: these have a place of their own. */
  private completePattern({ tree, depthMax }: PatternTree, group: PatternGroup, depth: number, block: RowBlock): void {
    const { sides, patterns } = this;
    const { capacity, size } = block;
    const at = depth * capacity;
    const spare = (depthMax + 1) * capacity;
    group.nodes.forEach((node, k) => {
      const bit = group.bitsAbove + k;
      decideSides(tree, node, block, sides, spare);
      for (let i = 0; i < size; i++) patterns[at + i]! |= sides[spare + i]! << bit;
    });
  }
}

function lookUp(
  { features, table }: PatternGroup,
  patterns: Uint16Array,
  at: number,
  output: number,
  { capacity, size }: RowBlock,
  { values, featureCount }: BlockContributions,
): void {
  const tableWidth = table.length / features.length;
  for (let j = 0; j < features.length; j++) {
    const to = (output * featureCount + features[j]!) * capacity;
    const from = j * tableWidth;
    for (let i = 0; i < size; i++) values[to + i]! += table[from + patterns[at + i]!]!;
  }
}
