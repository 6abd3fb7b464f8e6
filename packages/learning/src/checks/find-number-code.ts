import { type DataCheck, report } from './check-codes.js';
import type { ColumnFacts } from './column-facts.js';

/** Fewer distinct values don't tell a numbering or a calendar from a count. */
const ROWS_MIN = 50;
const DISTINCT_MIN = 10;

/** Distance between neighbouring float32 values at this size; above 2^24 whole numbers were rounded to multiples of it. */
const spacing = (value: number): number => 2 ** Math.max(0, Math.floor(Math.log2(Math.max(1, Math.abs(value)))) - 23);

/** Share of the values that must be days. */
const DAYS_SHARE = 0.999;
const WHOLE_YEARS = { first: 18_000_101, last: 21_001_231 };
/** 1990 to 2100 in seconds since 1970. */
const EPOCH = { first: 631_152_000, last: 4_102_444_800 };

type Calendar = 'yyyymmdd' | 'seconds since 1970' | 'milliseconds since 1970';

function guessCalendar({ min, max, distinct, present, calendarDays }: ColumnFacts): Calendar | null {
  if (distinct < DISTINCT_MIN) return null;
  const isWithin = (first: number, last: number): boolean => min >= first && max <= last;
  if (isWithin(WHOLE_YEARS.first, WHOLE_YEARS.last) && calendarDays >= DAYS_SHARE * present) return 'yyyymmdd';
  if (isWithin(EPOCH.first, EPOCH.last)) return 'seconds since 1970';
  return isWithin(1000 * EPOCH.first, 1000 * EPOCH.last) ? 'milliseconds since 1970' : null;
}

/** Finds numbers that are no quantities: a numbering of the rows, or dates. */
export function findNumberCode(facts: ColumnFacts): DataCheck[] {
  const { feature, present, distinct, min, max, isWhole, neverFalls, neverRises } = facts;
  const { name } = feature;
  if (!isWhole || present < ROWS_MIN) return [];
  const calendar = guessCalendar(facts);
  if (calendar !== null) {
    return [
      report(
        'date-as-number',
        `"${name}" looks like ${calendar}: as a number it is larger in all future rows than in any learned from${
          spacing(max) > 1 ? ', and float32 does not hold it exactly' : ''
        }. Use it to order rows by time, or derive age, weekday or month.`,
        name,
      ),
    ];
  }
  const unique = Math.min(1, 1 / spacing(max));
  const isNumbering = distinct >= 0.99 * unique * present && (neverFalls || neverRises);
  const isDense = distinct === present && max - min < 1.01 * present;
  if (!isNumbering && !isDense) return [];
  return [
    report(
      'identifier',
      `"${name}" is a whole number that is different in every row${isNumbering ? ' and runs with the order of the rows' : ''}, which looks like a numbering. Leave it out.`,
      name,
    ),
  ];
}
