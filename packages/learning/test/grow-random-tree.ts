import type { Feature } from '../src/index.js';
import type { Random } from '../src/random/random.js';
import type { Tree } from '../src/trees/tree.js';

/** What a random tree looks like. */
export interface RandomTreeShape {
  readonly features: readonly Feature[];
  readonly depthMax: number;
  readonly output: number;
  readonly width: number;
  /** Features that no cut may test. */
  readonly unused?: readonly number[];
}

/** Values that cells and thresholds share, so that rows lie on edges, too. */
export const CELLS = [-2, -1, -0.5, 0, 0.5, 1, 2];
/** Codes of a categorical column. */
export const CODES = [0, 1, 2, 3];

/** A tree of random cuts, categories, sides for missing values, covers and leaf values; some nodes were reached by no training row. */
export function growRandomTree(
  { features, depthMax, output, width, unused = [] }: RandomTreeShape,
  random: Random,
): Tree {
  const pick = <T>(list: readonly T[]): T => list[random.nextInteger(list.length)]!;
  const usable = features.map((_, j) => j).filter((j) => !unused.includes(j));
  const lists = { feature: [] as number[], threshold: [] as number[], categories: [] as (number[] | null)[] };
  const ways = { left: [] as number[], right: [] as number[], missingLeft: [] as number[] };
  const marks = { value: [] as number[], gain: [] as number[], cover: [] as number[] };
  const grow = (depth: number, cover: number): number => {
    const node = lists.feature.length;
    const isLeaf = depth === depthMax || random.nextFloat() < 0.15;
    const feature = isLeaf ? -1 : pick(usable);
    const isCategory = !isLeaf && features[feature]!.kind === 'categorical';
    lists.feature.push(feature);
    lists.threshold.push(isLeaf || isCategory ? 0 : pick(CELLS));
    lists.categories.push(isCategory ? CODES.filter(() => random.nextFloat() < 0.5) : null);
    ways.missingLeft.push(isLeaf ? 0 : random.nextInteger(2));
    for (let k = 0; k < width; k++) marks.value.push(isLeaf ? (random.nextInteger(2049) - 1024) / 512 : 0);
    marks.gain.push(0);
    marks.cover.push(cover);
    ways.left.push(0);
    ways.right.push(0);
    if (isLeaf) return node;
    const coverLeft = random.nextInteger(cover + 1);
    ways.left[node] = grow(depth + 1, coverLeft);
    ways.right[node] = grow(depth + 1, cover - coverLeft);
    return node;
  };
  grow(0, 1000);
  return { ...lists, ...ways, ...marks, output, width };
}
