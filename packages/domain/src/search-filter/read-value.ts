import { refuseSearch, shown } from './refuse-search.js';
import type { ColumnRule, SearchField, SearchSpace } from './search-space.js';
import type { Token } from './tokenize.js';

/** The right side of a comparison as it was written: one token, or the items of a list. */
export type WrittenValue = { readonly raw: string } & (
  | { readonly one: Token; readonly items?: never }
  | { readonly items: readonly Token[]; readonly one?: never }
);

/**
 * The value of a comparison, of the kind that its column takes.
 * @throws DomainError `validation-failed`
 */
export function readValue(
  space: SearchSpace,
  field: SearchField,
  rule: ColumnRule,
  written: WrittenValue,
): number | string | readonly string[] {
  if (rule.values !== 'text') return readNumber(field, rule, written);
  if (written.items) return readList(space, field, rule, written.items, written.raw);
  if (written.one.kind === 'text') return written.one.value;
  if (written.one.kind === 'name') {
    throw refuseSearch(
      `Parameter value is either not quoted or unidentified quote types used for string value ${shown(written.raw)}. Use either single or double quotes.`,
    );
  }
  throw expectedText(field, written.raw);
}

function readNumber({ kind, key }: SearchField, { values }: ColumnRule, { one, raw }: WrittenValue): number {
  const isQuoted = values === 'quoted-integer' && one?.kind === 'text' && /^-?\d{1,15}$/.test(one.value);
  const value = one?.kind === 'number' ? one.value : isQuoted ? Number(one.value) : undefined;
  if (value === undefined) {
    const of = kind === 'attribute' ? `numeric attribute: ${key}` : kind;
    throw refuseSearch(`Expected numeric value type for ${of}. Found ${shown(raw)}`);
  }
  if (values !== 'number' && !Number.isSafeInteger(value)) {
    throw refuseSearch(`Invalid value for numeric attribute '${key}': ${shown(raw)}`);
  }
  return value;
}

function readList(
  { listRefusal }: SearchSpace,
  field: SearchField,
  { operators }: ColumnRule,
  items: readonly Token[],
  raw: string,
): readonly string[] {
  if (!operators.includes('IN'))
    throw field.kind === 'attribute' ? refuseSearch(listRefusal) : expectedText(field, raw);
  if (items.length === 0) {
    throw refuseSearch(
      'While parsing a list in the query, expected a non-empty list of string values, but got empty list',
    );
  }
  return items.map((item) => {
    if (item.kind === 'text') return item.value;
    throw refuseSearch(
      `While parsing a list in the query, expected string value, punctuation, or whitespace, but got different type in list: ${shown(raw)}`,
    );
  });
}

function expectedText({ kind }: SearchField, raw: string): Error {
  const of =
    kind === 'attribute' ? 'attributes' : kind === 'dataset' ? 'dataset attributes' : `${kind} (e.g. 'my-value')`;
  return refuseSearch(`Expected a quoted string value for ${of}. Got value ${shown(raw)}`);
}
