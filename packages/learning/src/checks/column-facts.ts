import type { Feature } from '../dataset/dataset.js';

/** What a look at a column tells; counts are of the rows looked at. */
export interface ColumnFacts {
  readonly feature: Feature;
  readonly rows: number;
  readonly present: number;
  readonly distinct: number;
  readonly min: number;
  readonly max: number;
  readonly isWhole: boolean;
  /** Values that are a day as yyyymmdd. */
  readonly calendarDays: number;
  /** Never falling, and never rising, from row to row; missing ones left out. */
  readonly neverFalls: boolean;
  readonly neverRises: boolean;
}

/** Above 2^24 float32 holds every second whole number only, so a day may be one off. */
function isCalendarDay(value: number): boolean {
  return [value, value - 1, value + 1].some((day) => {
    const [month, date] = [Math.floor(day / 100) % 100, day % 100];
    return month >= 1 && month <= 12 && date >= 1 && date <= 31;
  });
}

/** Looks at a column once. Without any value, `min` and `max` are infinite. */
export function describeColumn(feature: Feature, column: Float32Array, rows: Int32Array): ColumnFacts {
  const seen = new Set<number>();
  let [present, calendarDays, min, max] = [0, 0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  let [isWhole, neverFalls, neverRises] = [true, true, true];
  let last = Number.NaN;
  for (const row of rows) {
    const value = column[row]!;
    if (Number.isNaN(value)) continue;
    present++;
    seen.add(value);
    if (value < min) min = value;
    if (value > max) max = value;
    if (!Number.isInteger(value)) isWhole = false;
    if (isCalendarDay(value)) calendarDays++;
    if (value < last) neverFalls = false;
    if (value > last) neverRises = false;
    last = value;
  }
  const distinct = seen.size;
  return { feature, rows: rows.length, present, distinct, min, max, isWhole, calendarDays, neverFalls, neverRises };
}
