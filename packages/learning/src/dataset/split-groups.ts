import { LearningError } from '../learning-error.js';
import { createRandom, deriveSeed, shuffle } from '../random/random.js';
import type { Stratum } from './split-strata.js';

/** Groups that are to be kept whole, and the parts to spread them over. */
export interface GroupRequest {
  /** One key per row of the dataset. */
  readonly groups: ArrayLike<number | string>;
  /** All rows to split. */
  readonly strata: readonly Stratum[];
  /** What share of each stratum each part should get; they sum to 1. */
  readonly shares: readonly number[];
  readonly seed: number;
}

interface Group {
  readonly rows: number[];
  /** Rows by stratum, only those present; the last stratum is "all rows". */
  readonly counts: Map<number, number>;
}

function collectGroups({ groups, strata }: GroupRequest): Group[] {
  const found = new Map<number | string, Group>();
  const all = strata.length;
  strata.forEach(({ rows }, stratum) => {
    for (const row of rows) {
      const key = groups[row];
      if (key === undefined || Number.isNaN(key)) {
        throw new LearningError('invalid-argument', `Row ${row} has no group.`);
      }
      const group = found.get(key) ?? { rows: [], counts: new Map([[all, 0]]) };
      found.set(key, group);
      group.rows.push(row);
      group.counts.set(stratum, (group.counts.get(stratum) ?? 0) + 1);
      group.counts.set(all, group.counts.get(all)! + 1);
    }
  });
  return [...found.values()];
}

/** Largest first, because what comes last evens out; those of equal size in an order of chance. */
function orderGroups(groups: readonly Group[], seed: number): Group[] {
  const byFirstRow = groups.toSorted((a, b) => a.rows[0]! - b.rows[0]!);
  const order = shuffle(
    Int32Array.from(byFirstRow, (_, i) => i),
    createRandom(deriveSeed(seed, 'groups')),
  );
  return Array.from(order, (i) => byFirstRow[i]!).sort((a, b) => b.rows.length - a.rows.length);
}

/**
 * Puts whole groups into parts so that every stratum is spread as evenly as groups allow: greedily, each group to the part where
 * the sum over strata and parts of (rows there)^2 / (share * (rows of the stratum)^2) grows least. That sum is smallest when
 * every part holds its share of every stratum.
 *
 * @returns the rows of each part, unordered
 * @throws LearningError `invalid-argument` for a row without a group, `too-few-rows` for fewer groups than parts
 */
export function spreadGroups(request: GroupRequest): number[][] {
  const { strata, shares, seed } = request;
  const groups = collectGroups(request);
  if (groups.length < shares.length) {
    throw new LearningError('too-few-rows', `${groups.length} groups can't be split into ${shares.length} parts.`);
  }
  const totals = [...strata.map(({ rows }) => rows.length), strata.reduce((sum, { rows }) => sum + rows.length, 0)];
  const held = shares.map(() => new Float64Array(totals.length));
  const parts: number[][] = shares.map(() => []);
  for (const { rows, counts } of orderGroups(groups, seed)) {
    let best = 0;
    let least = Number.POSITIVE_INFINITY;
    for (let part = 0; part < shares.length; part++) {
      let growth = 0;
      for (const [stratum, count] of counts) {
        growth += (count * (2 * held[part]![stratum]! + count)) / (shares[part]! * totals[stratum]! ** 2);
      }
      if (growth < least - 1e-12) [best, least] = [part, growth];
    }
    for (const [stratum, count] of counts) held[best]![stratum]! += count;
    for (const row of rows) parts[best]!.push(row);
  }
  return parts;
}
