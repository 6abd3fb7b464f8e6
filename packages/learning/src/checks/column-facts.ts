import { sortFloat32 } from '@gimbal/domain';
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
  /** Values that are a day as yyyymmdd; counted while all are whole. */
  readonly calendarDays: number;
  /** Never falling, and never rising, from row to row; missing ones left out. */
  readonly neverFalls: boolean;
  readonly neverRises: boolean;
}

/** Above 2^24 float32 holds every second whole number only, so a day may be one off. */
function isCalendarDay(value: number): boolean {
  for (let day = value - 1; day <= value + 1; day++) {
    const month = Math.floor(day / 100) % 100;
    const date = day % 100;
    if (month >= 1 && month <= 12 && date >= 1 && date <= 31) return true;
  }
  return false;
}

function countDistinct(values: Float32Array): number {
  const sorted = sortFloat32(values);
  let distinct = 0;
  for (let i = 0; i < sorted.length; i++) if (i === 0 || sorted[i] !== sorted[i - 1]) distinct++;
  return distinct;
}

/** Looks at a column once. Without any value, `min` and `max` are infinite. */
export function describeColumn(feature: Feature, column: Float32Array, rows: Int32Array): ColumnFacts {
  const values = new Float32Array(rows.length);
  let [present, calendarDays, min, max] = [0, 0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  let [isWhole, neverFalls, neverRises] = [true, true, true];
  for (const row of rows) {
    const value = column[row]!;
    if (Number.isNaN(value)) continue;
    if (value < min) min = value;
    if (value > max) max = value;
    if (isWhole && !Number.isInteger(value)) isWhole = false;
    if (isWhole && isCalendarDay(value)) calendarDays++;
    if (present > 0 && value < values[present - 1]!) neverFalls = false;
    if (present > 0 && value > values[present - 1]!) neverRises = false;
    values[present++] = value;
  }
  const distinct = countDistinct(values.subarray(0, present));
  return { feature, rows: rows.length, present, distinct, min, max, isWhole, calendarDays, neverFalls, neverRises };
}
