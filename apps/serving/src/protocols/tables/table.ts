import type { ReadRows } from '../../predict/row-reader.js';
import type { ServedVersion } from '../../traffic/served-models.js';
import { isObject, refuse } from '../refuse.js';

/**
 * Rows as the clients of KServe and MLflow send them. `path` is where they stand in the body, for faults.
 * With `names`, each row is a list of values under them; null: in the order of the model's columns.
 */
export type Table =
  | { readonly path: string; readonly records: readonly unknown[] }
  | { readonly path: string; readonly names: readonly string[] | null; readonly rows: readonly unknown[] };

const NAMES_MAX = 5_000;
const NAMES_SHOWN_MAX = 20;

const list = (names: readonly string[]): string =>
  names.length > NAMES_SHOWN_MAX
    ? `${names.slice(0, NAMES_SHOWN_MAX).join(', ')} and ${names.length - NAMES_SHOWN_MAX} more`
    : names.join(', ');

/** @throws InvalidInputError when there are no rows, or too many */
function checkCount(count: number, rowsMax: number, path: string): void {
  if (count === 0 || count > rowsMax) refuse(path, `must have 1 to ${rowsMax} rows`);
}

/** Rows one after the other: objects by name, lists by position, or, for a model of one column, the values themselves. */
export function tableOfInstances(instances: unknown, rowsMax: number, path: string): Table {
  if (!Array.isArray(instances)) return refuse(path, 'must be a list with an element for each row');
  checkCount(instances.length, rowsMax, path);
  return isObject(instances[0]) ? { path, records: instances } : { path, names: null, rows: instances };
}

/** Columns by name, as lists of one length; or one row of single values. */
export function tableOfColumns(columns: Readonly<Record<string, unknown>>, rowsMax: number, path: string): Table {
  const names = Object.keys(columns);
  const lists = Object.values(columns);
  const [first] = lists;
  if (!lists.some(Array.isArray)) return { path, records: [columns] };
  const count = Array.isArray(first) ? first.length : 0;
  lists.forEach((values, index) => {
    if (!Array.isArray(values) || values.length !== count)
      refuse(`${path}.${names[index]}`, `must be a list of as many values as ${names[0]}`);
  });
  checkCount(count, rowsMax, path);
  const held = lists as readonly (readonly unknown[])[]; // as was just checked
  const rows = Array.from({ length: count }, (_, row) => held.map((values) => values[row]));
  return { path, ...readNames(names, path), rows };
}

/** `pandas.DataFrame.to_dict(orient="split")`. */
export function tableOfSplit(frame: unknown, rowsMax: number, path: string): Table {
  if (!isObject(frame))
    return refuse(path, 'must be an object with data, and with columns and index if there are some');
  const { columns = null, data, index: _index, ...others } = frame;
  const [other] = Object.keys(others);
  if (other !== undefined) refuse(path, `has only columns, index and data, not ${other.slice(0, 100)}`);
  if (!Array.isArray(data)) return refuse(`${path}.data`, 'must be a list with a list of values for each row');
  checkCount(data.length, rowsMax, `${path}.data`);
  return { path: `${path}.data`, ...readNames(columns, `${path}.columns`), rows: data };
}

function readNames(columns: unknown, path: string): { readonly names: readonly string[] | null } {
  if (columns === null) return { names: null };
  if (!Array.isArray(columns) || columns.length > NAMES_MAX)
    return refuse(path, `must be a list of at most ${NAMES_MAX} names`);
  const names = new Set<string>();
  for (const column of columns) {
    if (typeof column !== 'string' && typeof column !== 'number')
      return refuse(path, 'must hold names, or the numbers that stand for them in a data frame without names');
    const name = String(column);
    if (names.has(name)) return refuse(path, `names the column ${name.slice(0, 100)} twice`);
    names.add(name);
  }
  return { names: [...names] };
}

/**
 * Rows by the columns of a version, checked as named fields are. Columns that the model does not have are left out, as MLflow does; but
 * not beside one that is missing altogether, because that is a name written wrong.
 * @throws InvalidInputError (InvalidRowsError where values break the signature)
 */
export function readTable(table: Table, { reader }: ServedVersion): ReadRows {
  const columns = reader.columns.map(({ input }) => input.name);
  const records = 'records' in table ? keepColumns(table.records, columns, table.path) : nameRows(table, columns);
  return reader.read(records, `${table.path}.`, undefined);
}

/** @throws InvalidInputError for names that are surely wrong. @returns whether some are left out */
function compareNames(names: ReadonlySet<string>, columns: readonly string[], path: string): boolean {
  const known = new Set(columns);
  const strange = [...names].filter((name) => !known.has(name));
  const missing = columns.filter((name) => !names.has(name));
  if (strange.length > 0 && missing.length > 0)
    refuse(
      path,
      `lacks ${list(missing)} and has ${list(strange.map((name) => name.slice(0, 100)))}, not known to the model`,
    );
  return strange.length > 0;
}

function keepColumns(records: readonly unknown[], columns: readonly string[], path: string): readonly unknown[] {
  const names = new Set<string>();
  for (const record of records) if (isObject(record)) for (const name of Object.keys(record)) names.add(name);
  if (!compareNames(names, columns, path)) return records;
  const keep = (record: Readonly<Record<string, unknown>>) =>
    Object.fromEntries(columns.filter((name) => Object.hasOwn(record, name)).map((name) => [name, record[name]]));
  return records.map((record) => (isObject(record) ? keep(record) : record));
}

function nameRows(
  { names, rows, path }: Extract<Table, { readonly rows: unknown }>,
  columns: readonly string[],
): readonly unknown[] {
  const given = names ?? columns;
  if (names) compareNames(new Set(names), columns, path);
  const known = new Set(columns);
  const kept = given.flatMap((name, position) => (known.has(name) ? [{ name, position }] : []));
  return rows.map((row, index) => {
    const values = Array.isArray(row) || given.length !== 1 ? row : [row];
    if (!Array.isArray(values) || values.length !== given.length)
      return refuse(`${path}.${index}`, `must be a list of ${given.length} values: ${list(given)}`);
    return Object.fromEntries(kept.map(({ name, position }) => [name, values[position]]));
  });
}
