import type { ColumnDifference, ColumnProfile, DatasetProfile, TableDefinition } from '@gimbal/contracts';

/** What of a version takes part in a comparison. */
export interface ComparedVersion {
  readonly digest: string;
  readonly definition: TableDefinition;
  readonly profile: DatasetProfile;
}

/** What became of a table. */
export interface VersionDiff {
  readonly contentIsSame: boolean;
  readonly rows: { readonly from: number; readonly to: number };
  readonly columnsAdded: string[];
  readonly columnsRemoved: string[];
  readonly columnsRetyped: { name: string; from: string; to: string }[];
  readonly targetChanged: boolean;
  readonly columns: ColumnDifference[];
}

/** A mean that moved by a tenth of a standard deviation, a share of missing values by a hundredth, are worth a look. */
const MEAN_SHIFT_MIN = 0.1;
const MISSING_SHARE_MIN = 0.01;

/** Compares two versions by what one pass over each has kept; the files are not read again. */
export function diffVersions(from: ComparedVersion, to: ComparedVersion): VersionDiff {
  const before = new Map(from.profile.columns.map((column) => [column.name, column]));
  const after = new Map(to.profile.columns.map((column) => [column.name, column]));
  const typeOf = ({ definition }: ComparedVersion, name: string): string =>
    definition.columns.find((column) => column.name === name)?.type ?? 'ignored';
  const both = [...before.keys()].filter((name) => after.has(name));
  return {
    contentIsSame: from.digest === to.digest,
    rows: { from: from.profile.rows, to: to.profile.rows },
    columnsAdded: [...after.keys()].filter((name) => !before.has(name)),
    columnsRemoved: [...before.keys()].filter((name) => !after.has(name)),
    columnsRetyped: both
      .map((name) => ({ name, from: typeOf(from, name), to: typeOf(to, name) }))
      .filter((types) => types.from !== types.to),
    targetChanged: JSON.stringify(from.definition.target) !== JSON.stringify(to.definition.target),
    columns: both.map((name) =>
      diffColumn(
        { column: before.get(name)!, rows: from.profile.rows }, // both have it
        { column: after.get(name)!, rows: to.profile.rows },
      ),
    ),
  };
}

interface Side {
  readonly column: ColumnProfile;
  readonly rows: number;
}

function diffColumn(from: Side, to: Side): ColumnDifference {
  const pair = (read: (side: Side) => number | null) => ({ from: read(from), to: read(to) });
  const missingShare = pair(({ column, rows }) => (rows === 0 ? 0 : column.missing / rows));
  const mean = pair(({ column }) => column.number?.mean ?? null);
  const sd = pair(({ column }) => column.number?.sd ?? null);
  const meanShift =
    mean.from === null || mean.to === null || sd.from === null || sd.from === 0
      ? null
      : (mean.to - mean.from) / sd.from;
  const valuesAdded = newValues(from.column, to.column);
  const valuesRemoved = newValues(to.column, from.column);
  return {
    name: from.column.name,
    missingShare,
    mean,
    sd,
    min: pair(({ column }) => column.number?.min ?? null),
    max: pair(({ column }) => column.number?.max ?? null),
    distinct: pair(({ column }) => column.distinct),
    meanShift,
    valuesAdded,
    valuesRemoved,
    isChanged:
      from.column.kind !== to.column.kind ||
      Math.abs((missingShare.to ?? 0) - (missingShare.from ?? 0)) >= MISSING_SHARE_MIN ||
      Math.abs(meanShift ?? 0) >= MEAN_SHIFT_MIN ||
      valuesAdded.length + valuesRemoved.length > 0,
  };
}

/** Frequent values of `to` that `from` does not have; only told where the frequent values are all there are. */
function newValues(from: ColumnProfile, to: ColumnProfile): string[] {
  const isListed = ({ kind, distinct, top }: ColumnProfile): boolean => kind !== 'number' && distinct === top.length;
  if (!isListed(from)) return [];
  const known = new Set(from.top.map(({ value }) => value));
  return kindHasValues(to) ? to.top.map(({ value }) => value).filter((value) => !known.has(value)) : [];
}

const kindHasValues = ({ kind }: ColumnProfile): boolean => kind === 'category' || kind === 'boolean';
