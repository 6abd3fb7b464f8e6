/** What is known of a feature before any row is seen: the part of a dataset definition that monitoring needs. */
export interface FeatureDefinition {
  readonly name: string;
  readonly type: 'numeric' | 'categorical';
  /** Plausible values of a numeric feature, both ends included, in its unit. What lies outside is not a measurement. */
  readonly range?: { readonly min: number; readonly max: number };
  /** Codes of a categorical feature, as text ("3" for 3). */
  readonly allowedValues?: readonly string[];
  /** Whether a row may lack the value; default `allowed` (the model then uses what it learned for missing values). */
  readonly missing?: 'allowed' | 'refused';
}

/** One numeric feature of a window at float32 precision: NaN is missing, infinities are kept to be counted. */
export interface NumericColumn {
  readonly name: string;
  readonly type: 'numeric';
  readonly values: Float32Array;
  /** Values that were there but are not of the type (text in a number); they are NaN or null in `values`. */
  readonly malformed: number;
}

/** One categorical feature of a window: null is missing. */
export interface CategoricalColumn {
  readonly name: string;
  readonly type: 'categorical';
  readonly values: readonly (string | null)[];
  readonly malformed: number;
}

/** Column of one feature; every column of a window has the same number of rows. */
export type FeatureColumn = NumericColumn | CategoricalColumn;

const isMissing = (value: unknown): boolean =>
  value === null || value === undefined || value === '' || value === '?' || Number.isNaN(value);

/**
 * Turns logged rows (feature name -> value) into one column per definition. Missing: absent, null, NaN, "" and "?" (the mark of
 * the UCI files). Numbers may arrive as text. Never throws on data: what can't be read is counted as malformed.
 */
export function buildColumns(
  rows: readonly Readonly<Record<string, unknown>>[],
  definitions: readonly FeatureDefinition[],
): FeatureColumn[] {
  return definitions.map(({ name, type }) =>
    type === 'numeric' ? buildNumericColumn(name, rows) : buildCategoricalColumn(name, rows),
  );
}

function buildNumericColumn(name: string, rows: readonly Readonly<Record<string, unknown>>[]): NumericColumn {
  let malformed = 0;
  const values = Float32Array.from(rows, (row) => {
    const value = row[name];
    if (isMissing(value)) return Number.NaN;
    if (typeof value === 'boolean') return Number(value);
    const number = typeof value === 'number' ? value : typeof value === 'string' ? Number(value) : Number.NaN;
    if (Number.isNaN(number)) malformed++;
    return number;
  });
  return { name, type: 'numeric', values, malformed };
}

function buildCategoricalColumn(name: string, rows: readonly Readonly<Record<string, unknown>>[]): CategoricalColumn {
  let malformed = 0;
  const values = rows.map((row) => {
    const value = row[name];
    if (isMissing(value)) return null;
    if (typeof value === 'boolean') return value ? '1' : '0';
    if (typeof value === 'string') return normalizeCode(value);
    if (typeof value === 'number') return String(value);
    malformed++;
    return null;
  });
  return { name, type: 'categorical', values, malformed };
}

/** "3.0" and "3" are one code: files write the same integer code in both ways. Other text stays as it is. */
function normalizeCode(text: string): string {
  return /^-?\d+\.0+$/.test(text) ? String(Number(text)) : text;
}

/** A column with every value missing: what a window that lacks a feature amounts to. */
export function buildMissingColumn(
  { name, type }: Pick<FeatureDefinition, 'name' | 'type'>,
  rows: number,
): FeatureColumn {
  return type === 'numeric'
    ? { name, type, values: new Float32Array(rows).fill(Number.NaN), malformed: 0 }
    : { name, type, values: Array.from({ length: rows }, () => null), malformed: 0 };
}
