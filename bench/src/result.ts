/** One line of a benchmark: ours beside a reference that was measured in the same run. */
export interface Measurement {
  readonly work: string;
  readonly unit: string;
  readonly ours: number;
  /** null when there was none to measure. */
  readonly reference: number | null;
  readonly reference_name: string;
  /** ours / reference. */
  readonly ratio: number | null;
  /** What the ratio should be; null when nothing is promised. */
  readonly goal: { readonly at_least?: number; readonly at_most?: number } | null;
  readonly holds: boolean | null;
}

/** Makes a measurement from raw figures; rounds to four digits that mean something. */
export function measure(given: Omit<Measurement, 'ratio' | 'holds'>): Measurement {
  const round = (value: number): number => Number(value.toPrecision(4));
  const { goal, reference } = given;
  if (reference === null) return { ...given, ours: round(given.ours), ratio: null, holds: null };
  const ratio = given.ours / reference;
  const holds =
    goal === null
      ? null
      : (goal.at_least === undefined || ratio >= goal.at_least) &&
        (goal.at_most === undefined || ratio <= goal.at_most);
  return { ...given, ours: round(given.ours), reference: round(reference), ratio: round(ratio), holds };
}

/** The middle value; for an even count the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1
    ? (sorted[middle] ?? Number.NaN)
    : ((sorted[middle - 1] ?? Number.NaN) + (sorted[middle] ?? Number.NaN)) / 2;
}
