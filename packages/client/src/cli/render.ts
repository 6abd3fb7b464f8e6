import type { Columns, View } from './command-io.js';

const GAP = '  ';
/** A column is never narrower than this for the sake of others. */
const WIDTH_MIN = 6;
const ELLIPSIS = '…';
const MORE = 'There is more: --limit <number>, or --all.\n';

/** An answer as people read it: a list as a table, an object as its parts line by line. @param width columns of the terminal */
export function render(value: unknown, { columns }: View, width: number): string {
  const items = itemsOf(value);
  if (items)
    return items.length === 0
      ? 'none\n'
      : `${renderTable(items, columns ?? commonColumns(items), width)}${hasMore(value) ? MORE : ''}`;
  return isObject(value) ? renderParts(value, width) : `${showValue(value)}\n`;
}

/** Lines of which none is wider than the terminal: the widest columns are cut first, with an ellipsis. */
function renderTable(items: readonly object[], columns: Columns, width: number): string {
  const rows = [columns.map(headOf), ...items.map((item) => columns.map((path) => showValue(valueAt(item, path))))];
  const widths = fitWidths(
    columns.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))),
    width,
  );
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) => clip(cell, widths[column] ?? 0).padEnd(widths[column] ?? 0))
      .join(GAP)
      .trimEnd();
  return `${rows.map(line).join('\n')}\n`;
}

function renderParts(value: object, width: number): string {
  const parts = Object.entries(value);
  const label = Math.max(...parts.map(([name]) => headOf(name).length), 0);
  const lines = parts.map(([name, part]) => {
    const shown = `${headOf(name).padEnd(label)}${GAP}${showValue(part)}`;
    return isObject(part) ? clip(shown, width) : shown; // a text is read whole, what is nested as far as it fits
  });
  return `${lines.join('\n')}\n`;
}

/** Takes from the widest until all fit, or none can give any more. */
function fitWidths(wanted: readonly number[], width: number): readonly number[] {
  const widths = [...wanted];
  const room = width - GAP.length * (widths.length - 1);
  for (let over = sum(widths) - room; over > 0; over--) {
    const widest = widths.indexOf(Math.max(...widths));
    if ((widths[widest] ?? 0) <= WIDTH_MIN) break;
    widths[widest]! -= 1; // it is there
  }
  return widths;
}

const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);

const clip = (text: string, width: number): string =>
  text.length <= width ? text : `${text.slice(0, Math.max(width - 1, 0))}${ELLIPSIS}`;

function itemsOf(value: unknown): readonly object[] | undefined {
  const items = isObject(value) && 'items' in value ? value.items : value;
  return Array.isArray(items) && items.every(isObject) ? items : undefined;
}

/** Whether a list goes on after what is shown of it. */
const hasMore = (value: unknown): boolean => isObject(value) && 'nextCursor' in value && value.nextCursor !== null;

/** The parts that all items have and that fit into a cell. */
function commonColumns(items: readonly object[]): Columns {
  const [first] = items;
  return Object.entries(first ?? {}).flatMap(([name, value]) => (isObject(value) ? [] : [name]));
}

const valueAt = (item: object, path: string): unknown =>
  path
    .split('.')
    .reduce<unknown>((value, name) => (isObject(value) ? (value as Record<string, unknown>)[name] : undefined), item);

/** `createdAt` -> `CREATED AT`. */
const headOf = (path: string): string =>
  (path.split('.').at(-1) ?? '').replaceAll(/[A-Z]/g, (letter) => ` ${letter}`).toUpperCase();

function showValue(value: unknown): string {
  if (value === null || value === undefined) return '-';
  if (typeof value === 'number') return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(5)));
  if (typeof value === 'string') return value.replaceAll(/\p{Cc}+/gu, ' '); // a terminal obeys control characters
  return isObject(value) ? JSON.stringify(value) : String(value);
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;
