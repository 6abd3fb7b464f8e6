import type { SearchCondition, SearchField } from './search-space.js';

const PREFIXES = { metric: 'metrics', parameter: 'params', tag: 'tags', dataset: 'datasets' } as const;

/** A filter in one agreed form: two that are written differently and ask the same are printed the same. `parseFilter` reads it back. */
export const printFilter = (conditions: readonly SearchCondition[]): string =>
  conditions.map((condition) => `${printField(condition)} ${printTest(condition)}`).join(' AND ');

const printField = ({ kind, key }: SearchField): string =>
  kind === 'attribute' ? `\`${key}\`` : `${PREFIXES[kind]}.${quoteKey(key)}`;

/** A key that was read from between quotes lacks one of them. */
function quoteKey(key: string): string {
  const quote = ['`', '"', "'"].find((one) => !key.includes(one)) ?? '`';
  return `${quote}${key}${quote}`;
}

function printTest({ operator, value }: SearchCondition): string {
  if (value === null) return operator;
  if (typeof value === 'number')
    return `${operator} ${Number.isFinite(value) ? value : value > 0 ? '1e999' : '-1e999'}`;
  if (typeof value === 'string') return `${operator} ${quoteText(value)}`;
  return `${operator} (${value.map(quoteText).join(', ')})`;
}

/** Between single quotes, unless one in the text would end it. */
const quoteText = (text: string): string => (/^(?:''|[^'])*$/.test(text) ? `'${text}'` : `"${text}"`);
