import type { Dataset } from '../../dataset/dataset.js';
import { createRandom, deriveSeed, shuffle } from '../../random/random.js';

/** Training rows in two parts. */
export interface BoostingRows {
  /** All rows: first those that are learned from, then those that only judge; each part in the order given. */
  readonly rows: Int32Array;
  readonly learnedRows: number;
}

/**
 * Sets a share of each class aside to judge by (in regression: of all rows). At least one row of every class that has two stays on
 * either side, so that a loss can be measured.
 *
 * @param share in (0, 1)
 */
export function holdOutRows(dataset: Dataset, rows: Int32Array, share: number, seed: number): BoostingRows {
  const groups = new Map<number, number[]>();
  const isRegression = dataset.task === 'regression';
  rows.forEach((row, position) => {
    const group = isRegression ? 0 : dataset.target[row]!;
    const members = groups.get(group);
    if (members === undefined) groups.set(group, [position]);
    else members.push(position);
  });
  const isHeld = new Uint8Array(rows.length);
  for (const [group, positions] of groups) {
    if (positions.length < 2) continue;
    const wanted = Math.round(positions.length * share);
    const count = Math.min(positions.length - 1, Math.max(1, wanted));
    const order = shuffle(Int32Array.from(positions), createRandom(deriveSeed(seed, 'held-out', group)));
    for (const position of order.subarray(0, count)) isHeld[position] = 1;
  }
  const learned = rows.filter((_, position) => isHeld[position] === 0);
  const held = rows.filter((_, position) => isHeld[position] === 1);
  const ordered = new Int32Array(rows.length);
  ordered.set(learned);
  ordered.set(held, learned.length);
  return { rows: ordered, learnedRows: learned.length };
}
