import { type DataCheck, report } from './check-codes.js';
import type { ColumnFacts } from './column-facts.js';
import { findNumberCode } from './find-number-code.js';

/** From here on a column names its rows more than it groups them. */
const CATEGORIES_MAX = 10_000;
const CATEGORIES_MANY = 255;
const HUGE = 1e12;
/** Fewer rows can't tell a name from a group. */
const NAMED_ROWS_MIN = 50;

function checkCategories({ feature: { name }, present, distinct }: ColumnFacts): DataCheck[] {
  if (distinct >= CATEGORIES_MAX) {
    return [
      report(
        'too-many-categories',
        `"${name}" has ${distinct} categories in ${present} rows. Leave it out if it names rows, else group its categories.`,
        name,
      ),
    ];
  }
  if (present >= NAMED_ROWS_MIN && 2 * distinct > present) {
    return [
      report(
        'identifier',
        `"${name}" has ${distinct} categories in ${present} rows, which looks like a name of each row. Leave it out, or use it to keep groups together.`,
        name,
      ),
    ];
  }
  if (distinct > CATEGORIES_MANY) {
    return [
      report(
        'many-categories',
        `"${name}" has ${distinct} categories: rare ones will be learned from few rows. Group those that mean the same.`,
        name,
      ),
    ];
  }
  return [];
}

/** What can be wrong with a column by itself. */
export function checkColumn(facts: ColumnFacts): DataCheck[] {
  const { feature, rows, present, distinct, min, max } = facts;
  const { name, kind } = feature;
  if (present === 0) {
    return [report('column-missing', `"${name}" has no value in ${rows} rows. Leave it out.`, name)];
  }
  if (distinct === 1 && present === rows) {
    return [report('column-constant', `"${name}" has the same value in all ${rows} rows. Leave it out.`, name)];
  }
  if (kind === 'categorical') return checkCategories(facts);
  const found: DataCheck[] = [];
  if (Math.max(Math.abs(min), Math.abs(max)) > HUGE) {
    found.push(
      report(
        'huge-values',
        `"${name}" has values beyond 1e12, of which float32 keeps 7 digits. Change its unit, or look for a mark that stands for missing.`,
        name,
      ),
    );
  }
  return [...found, ...findNumberCode(facts)];
}
