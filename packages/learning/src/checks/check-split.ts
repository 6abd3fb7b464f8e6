import type { FeatureTable } from '../dataset/dataset.js';
import type { Holdout } from '../dataset/split-strategy.js';
import { type DataCheck, report } from './check-codes.js';

/** 53 bits of a row's cells: two finalised 32-bit hashes (MurmurHash3's mixing). -0 and 0, and all NaN, are one. */
function hashRows({ columns }: FeatureTable, rows: Int32Array): Float64Array {
  const bits = new Uint32Array(1);
  const cell = new Float32Array(bits.buffer);
  const high = new Uint32Array(rows.length).fill(0x9e3779b9);
  const low = new Uint32Array(rows.length).fill(0x85ebca6b);
  for (const column of columns) {
    for (let i = 0; i < rows.length; i++) {
      const value = column[rows[i]!]!;
      cell[0] = value + 0; // -0 + 0 is 0
      const word = Number.isNaN(value) ? 0x7fc00000 : bits[0]!;
      high[i] = step(high[i]!, Math.imul(word, 0xcc9e2d51));
      low[i] = step(low[i]!, Math.imul(word ^ 0x5bd1e995, 0x1b873593));
    }
  }
  return Float64Array.from({ length: rows.length }, (_, i) => finish(high[i]!) * 2 ** 21 + (finish(low[i]!) >>> 11));
}

function step(state: number, word: number): number {
  const mixed = state ^ ((word << 15) | (word >>> 17));
  return Math.imul((mixed << 13) | (mixed >>> 19), 5) + 0xe6546b64;
}

function finish(word: number): number {
  let hash = word;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** Rows of one part that stand, cell by cell, in the other, too. */
export function countSharedRows(table: FeatureTable, { trainRows, testRows }: Holdout): number {
  // Sorted and not a Set: that would be ten times as large, and ends at 2^24 rows.
  const learned = hashRows(table, trainRows).sort();
  const judged = hashRows(table, testRows).sort();
  let [shared, at] = [0, 0];
  for (const hash of judged) {
    while (learned[at]! < hash) at++;
    if (learned[at] === hash) shared++;
  }
  return shared;
}

/**
 * Looks a split over: rows to judge by that also stand among those to learn from make a model look better than it is.
 * Rows are compared by a 53-bit hash of their features.
 *
 * @returns at most one finding
 */
export function checkSplit(table: FeatureTable, holdout: Holdout): DataCheck[] {
  const shared = countSharedRows(table, holdout);
  if (shared === 0) return [];
  const share = ((100 * shared) / holdout.testRows.length).toFixed(1);
  return [
    report(
      'duplicate-rows',
      `${shared} of ${holdout.testRows.length} rows to judge by (${share} %) also stand among the rows to learn from. Leave duplicates out, or split by a column that groups them.`,
    ),
  ];
}
