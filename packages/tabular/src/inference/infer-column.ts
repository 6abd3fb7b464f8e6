import type { COLUMN_KINDS, DatasetWarning, TableColumn } from '@gimbal/contracts';
import type { ColumnFacts } from '../profile/column-profiler.js';

type ColumnKind = (typeof COLUMN_KINDS)[number];

/** What a column is taken for, and what a person should know about that. */
export interface InferredColumn {
  readonly kind: ColumnKind;
  readonly column: TableColumn;
  readonly warnings: readonly DatasetWarning[];
}

/** More categories than this are worth a look; more than are counted can't be listed. */
const CATEGORIES_FEW = 1_000;
/** So many rows make "all different" say something. */
const ROWS_TELLING = 20;
const CODES_MAX = 10;
/** Whole numbers up to here are exact in float32. */
const EXACT_MAX = 2 ** 24;
const PROSE_WORDS = 4;
const PROSE_LENGTH = 40;
const TRUTH = new Set(['true', 'false', 'True', 'False', 'TRUE', 'FALSE']);
const ID_NAME = /(^|[_\s.-])(id|uuid|guid|key|nr|no|number|index|row)$|^id|[a-z]I[dD]$/;
const TIME_NAME = /date|time|stamp|epoch|(_|^)(at|on|ts)$/i;
/** Seconds and milliseconds since 1970 in the years 1990 to 2100. */
const EPOCHS = [
  [631_152_000, 4_102_444_800],
  [631_152_000_000, 4_102_444_800_000],
] as const;

/** Judges one column by what one pass found in it. */
export function inferColumn(facts: ColumnFacts): InferredColumn {
  const { profile } = facts;
  const warnings = new Warnings(profile.name);
  if (profile.infinite > 0)
    warnings.add(
      'infinite-values',
      `${profile.infinite} values are infinite or beyond float32, the first in ${facts.firstInfinite}; training refuses them.`,
    );
  const { kind, ...read } = judge(facts, warnings);
  const isConstant =
    profile.distinctIsExact && profile.distinct === 1 && profile.infinite === 0 && profile.missing === 0;
  if (isConstant) warnings.add('constant-column', 'every row has the same value.');
  const column: TableColumn = {
    name: profile.name,
    description: '',
    missing: 'allowed',
    missingShareMax: 1,
    ...(isConstant ? { type: 'ignored' } : read),
  };
  return { kind, column, warnings: warnings.list };
}

type Reading = { readonly kind: ColumnKind } & Pick<TableColumn, 'type'> & Partial<Pick<TableColumn, 'categories'>>;

function judge(facts: ColumnFacts, warnings: Warnings): Reading {
  const { number, text, infinite } = facts.profile;
  if (!text && !number && infinite === 0) {
    warnings.add('all-missing', 'no row has a value; the column is ignored.');
    return { kind: 'empty', type: 'ignored' };
  }
  if (!text) return judgeNumbers(facts, warnings);
  return number ? judgeMixture(facts, warnings) : judgeTexts(facts, warnings);
}

function judgeNumbers(facts: ColumnFacts, warnings: Warnings): Reading {
  const { profile, numbers, isWhole } = facts;
  if (profile.infinite === 0 && profile.distinctIsExact && numbers.map(([value]) => value).join() === '0,1')
    return { kind: 'boolean', type: 'boolean' };
  if (isDate(facts)) {
    warnings.add(
      'dates-as-numbers',
      'the numbers look like dates; the column is ignored. Name it as `time`, or make it a number.',
    );
    return { kind: 'date', type: 'ignored' };
  }
  if (isIdentifier(facts)) {
    warnings.add('id-as-number', 'the numbers look like identifiers; the column is ignored.');
    return { kind: 'id', type: 'ignored' };
  }
  if (isWhole && facts.magnitudeMax > EXACT_MAX)
    warnings.add('large-integers', 'whole numbers above 16 777 216 lose digits in float32, in which models compute.');
  const { distinct, distinctIsExact, number } = profile;
  if (isWhole && distinctIsExact && distinct > 2 && distinct <= CODES_MAX && (number?.count ?? 0) >= ROWS_TELLING)
    warnings.add('maybe-codes', `${distinct} different whole numbers: if they are codes, make it a category.`);
  return { kind: 'number', type: 'number' };
}

function isDate({ profile, areDays, isWhole }: ColumnFacts): boolean {
  const { number, distinct } = profile;
  if (!number) return false;
  if (areDays && (distinct > 1 || TIME_NAME.test(profile.name))) return true;
  const isEpoch = EPOCHS.some(([from, until]) => number.min >= from && number.max <= until);
  return isWhole && isEpoch && TIME_NAME.test(profile.name);
}

function isIdentifier({ profile, isWhole, isAscending }: ColumnFacts): boolean {
  const { number, distinct, distinctIsExact, missing } = profile;
  if (!number || !isWhole || missing > 0 || number.count < ROWS_TELLING) return false;
  const isUnique = isAscending || (distinctIsExact && distinct === number.count);
  const isSequence = number.max - number.min + 1 === number.count;
  return isUnique && (isSequence || ID_NAME.test(profile.name));
}

/** Numbers and texts in one column: categories when there are few, else a column that somebody has to look at. */
function judgeMixture(facts: ColumnFacts, warnings: Warnings): Reading {
  const { profile, firstText } = facts;
  const all = (profile.number?.count ?? 0) + (profile.text?.count ?? 0);
  const words = `${profile.text?.count} of ${all} values are no numbers, the first in ${firstText?.place} ("${firstText?.text}")`;
  const hint = 'If they mean "not measured", list them in missing_tokens and make the column a number.';
  warnings.add('mixed-column', `${words}. ${hint}`);
  if (facts.shapes['zero-led'] === facts.texts.length && isIdentifier({ ...facts, isAscending: false }))
    return { kind: 'id', type: 'ignored' };
  return asCategory(facts, warnings);
}

function judgeTexts(facts: ColumnFacts, warnings: Warnings): Reading {
  const { profile, texts, shapes, hasLongTexts, wordsMean } = facts;
  const { text, distinct, distinctIsExact } = profile;
  const count = text?.count ?? 0;
  if (distinctIsExact && texts.every(([value]) => TRUTH.has(value))) return { kind: 'boolean', type: 'boolean' };
  if (shapes.date === texts.length && texts.length > 0 && !hasLongTexts) {
    warnings.add('date-column', 'the column holds dates and is ignored. Name it as `time` when it orders the rows.');
    return { kind: 'date', type: 'ignored' };
  }
  if (shapes['number-like'] > texts.length / 2)
    warnings.add(
      'number-notation',
      'the texts look like numbers with commas; declare `decimal` as "," or remove the commas.',
    );
  const isVaried = !distinctIsExact || distinct > Math.min(CATEGORIES_FEW, count / 2);
  const isProse = wordsMean >= PROSE_WORDS || (text?.lengthMean ?? 0) >= PROSE_LENGTH;
  if (hasLongTexts || (isVaried && isProse)) return { kind: 'text', type: 'text' };
  if (distinctIsExact && distinct === count && count >= ROWS_TELLING) {
    warnings.add('id-column', 'every row has a text of its own: an identifier; the column is ignored.');
    return { kind: 'id', type: 'ignored' };
  }
  return asCategory(facts, warnings);
}

function asCategory({ profile, numbers, texts }: ColumnFacts, warnings: Warnings): Reading {
  if (!profile.distinctIsExact) {
    warnings.add(
      'too-many-categories',
      `more than ${profile.distinct - 1} different values; the column is ignored. Group them, or drop the column.`,
    );
    return { kind: 'category', type: 'ignored' };
  }
  if (profile.distinct > CATEGORIES_FEW)
    warnings.add('many-categories', `${profile.distinct} categories; most of them will be too rare to learn from.`);
  return {
    kind: 'category',
    type: 'category',
    categories: [...numbers.map(([value]) => String(value)), ...texts.map(([value]) => value)],
  };
}

class Warnings {
  readonly list: DatasetWarning[] = [];

  constructor(private readonly column: string) {}

  add(code: string, what: string): void {
    this.list.push({ code, column: this.column, message: `${this.column}: ${what}` });
  }
}
