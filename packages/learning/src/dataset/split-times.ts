import { LearningError } from '../learning-error.js';

/** Rows in the order of time, and where it may be cut: never between rows of one time. */
export interface Timeline {
  readonly rows: Int32Array;
  /** Positions in `rows` at which a later time begins, ascending, without 0. */
  readonly cuts: Int32Array;
}

/**
 * @param rows ascending
 * @param times one per row of the dataset; without it, the order of the rows
 * @throws LearningError `invalid-argument` for a time that is not finite
 */
export function orderByTime(rows: Int32Array, times: ArrayLike<number> | undefined): Timeline {
  if (times === undefined) return { rows, cuts: Int32Array.from({ length: rows.length - 1 }, (_, i) => i + 1) };
  for (const row of rows) {
    if (!Number.isFinite(times[row])) throw new LearningError('invalid-argument', `Row ${row} has no time.`);
  }
  const ordered = Int32Array.from(rows).sort((a, b) => times[a]! - times[b]! || a - b);
  const cuts: number[] = [];
  for (let i = 1; i < ordered.length; i++) if (times[ordered[i]!]! > times[ordered[i - 1]!]!) cuts.push(i);
  return { rows: ordered, cuts: Int32Array.from(cuts) };
}

/** The allowed cut nearest to the wished ones, the earlier of two; each is used once, so that no part is empty. */
function cutAt({ cuts }: Timeline, wished: readonly number[]): number[] {
  if (cuts.length < wished.length) {
    throw new LearningError(
      'too-few-rows',
      `${cuts.length + 1} different times can't be split into ${wished.length + 1} parts.`,
    );
  }
  let next = 0;
  return wished.map((wish, i) => {
    const last = cuts.length - (wished.length - i); // leaves a cut for each later wish
    while (next < last && Math.abs(cuts[next + 1]! - wish) < Math.abs(cuts[next]! - wish)) next++;
    return cuts[next++]!;
  });
}

/** The earlier rows and the latest `testShare` of them. */
export function cutLatest(timeline: Timeline, testShare: number): { earlier: Int32Array; latest: Int32Array } {
  const count = timeline.rows.length;
  const [cut] = cutAt(timeline, [count - Math.round(count * testShare)]);
  return { earlier: timeline.rows.slice(0, cut!).sort(), latest: timeline.rows.slice(cut!).sort() };
}

/**
 * Windows of equal size, each judged by what is learned from everything before it; the first stretch, and what is left over by the
 * division, is only learned from. As scikit-learn's TimeSeriesSplit when every time is different.
 */
export function cutWindows(timeline: Timeline, windows: number): { earlier: Int32Array; window: Int32Array }[] {
  const count = timeline.rows.length;
  const size = Math.max(1, Math.floor(count / (windows + 1)));
  const starts = cutAt(
    timeline,
    Array.from({ length: windows }, (_, i) => count - (windows - i) * size),
  );
  return starts.map((start, i) => ({
    earlier: timeline.rows.slice(0, start).sort(),
    window: timeline.rows.slice(start, starts[i + 1] ?? count).sort(),
  }));
}
