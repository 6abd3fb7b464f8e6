import { type ColumnExpectation, type ExpectedTable, findRefusedRows } from '@gimbal/domain';
import { createRandom, deriveSeed, shuffle } from '@gimbal/learning';
import type { LabelledRow } from './labelled-rows.repository.js';

/** Share of the recent rows that is kept apart to judge candidate and live version on. */
const APART_SHARE = 0.4;

/** What is chosen from. */
export interface LabelledChoiceRequest {
  readonly rows: readonly LabelledRow[];
  /** Input columns of the dataset, in order. */
  readonly columns: readonly ColumnExpectation[];
  /** The dataset's own rows: what comes back of them as predictions is known already. */
  readonly base: { readonly table: ExpectedTable; readonly labels: ArrayLike<number> };
  /** Whose answers the candidate will be held against; null when nothing is live. */
  readonly liveVersion: number | null;
  /** Rows answered from then on are recent; null: all are. */
  readonly recentFrom: Date | null;
  readonly seed: number;
}

/** Rows as columns (NaN = missing) with their outcome and the answer that was given. */
export interface ChosenRows {
  readonly columns: ReadonlyMap<string, Float64Array>;
  readonly labels: Uint8Array;
  readonly probabilities: Float64Array;
}

/** The choice, and what became of the others. */
export interface LabelledChoice {
  /** Join the training. */
  readonly training: ChosenRows;
  /** Kept apart: recent, answered by the live version, learned from by nobody. */
  readonly recent: ChosenRows;
  readonly counts: {
    readonly found: number;
    /** Hold a value that the dataset refuses: neither learned from nor judged on. */
    readonly refused: number;
    /** Rows of the dataset itself, come back as predictions. */
    readonly known: number;
    /** Say again what an earlier row said. */
    readonly repeated: number;
    readonly training: number;
    readonly recent: number;
  };
}

/**
 * Decides which labelled predictions join a training and which are kept apart to judge it. Pure; the same rows and seed give the same
 * choice. Of the recent rows 40 % of each day and outcome are kept apart; rows from before the window, or answered by another version than
 * the live one, are learned from.
 */
export function chooseLabelledRows(request: LabelledChoiceRequest): LabelledChoice {
  const { rows, columns, base, liveVersion, recentFrom, seed } = request;
  const table = buildTable(rows, columns);
  const refused = new Set(findRefusedRows(table, columns));
  const baseKeys = new Set(Array.from(base.labels, (label, row) => keyOf(base.table, columns, row, label)));
  const seen = new Set<string>();
  const usable: { readonly index: number; readonly key: string }[] = [];
  let known = 0;
  let repeated = 0;
  rows.forEach(({ actual }, index) => {
    if (refused.has(index)) return;
    const key = keyOf(table, columns, index, actual);
    if (baseKeys.has(key)) known++;
    else if (seen.has(key)) repeated++;
    else {
      seen.add(key);
      usable.push({ index, key });
    }
  });
  // By what they say, not by ids or arrival: the same rows then train the same model to the last bit.
  usable.sort((a, b) => (a.key < b.key ? -1 : 1));
  const judgeable = usable.filter(({ index }) => {
    const row = rows[index];
    return row !== undefined && row.modelVersion === liveVersion && (!recentFrom || row.createdAt >= recentFrom);
  });
  const apart = keepApart(rows, judgeable, seed);
  const training = usable.filter(({ index }) => !apart.has(index)).map(({ index }) => index);
  const recent = usable.filter(({ index }) => apart.has(index)).map(({ index }) => index);
  return {
    training: takeRows(rows, table, training),
    recent: takeRows(rows, table, recent),
    counts: {
      found: rows.length,
      refused: refused.size,
      known,
      repeated,
      training: training.length,
      recent: recent.length,
    },
  };
}

/** All labelled rows of the choice as one table with the given target column: what the expectation suite looks at. */
export function joinChosen({ training, recent }: LabelledChoice): ExpectedTable {
  return new Map(
    [...training.columns].map(([name, values]) => [
      name,
      Float64Array.from([...values, ...(recent.columns.get(name) ?? [])]),
    ]),
  );
}

function buildTable(rows: readonly LabelledRow[], columns: readonly ColumnExpectation[]): Map<string, Float64Array> {
  return new Map(
    columns.map(({ name }) => [name, Float64Array.from(rows, ({ features }) => readValue(features[name]))]),
  );
}

/** NaN for what is missing; infinity, which every expectation refuses, for what is not a number at all. */
function readValue(value: unknown): number {
  if (value === null || value === undefined || value === '') return Number.NaN;
  const number =
    typeof value === 'number' || typeof value === 'boolean' || typeof value === 'string' ? Number(value) : Number.NaN;
  return Number.isNaN(number) ? Number.POSITIVE_INFINITY : number;
}

/** What a row says, at the precision that models see: the inputs and the outcome. */
function keyOf(
  table: ExpectedTable,
  columns: readonly ColumnExpectation[],
  row: number,
  label: number | undefined,
): string {
  return `${columns.map(({ name }) => Math.fround(table.get(name)?.[row] ?? Number.NaN)).join('|')}=${label}`;
}

/** Draws the rows kept apart from each day and outcome, in an order that depends on what the rows say and on the seed alone. */
function keepApart(
  rows: readonly LabelledRow[],
  judgeable: readonly { readonly index: number; readonly key: string }[],
  seed: number,
): ReadonlySet<number> {
  const strata = new Map<string, { readonly index: number; readonly key: string }[]>();
  for (const entry of judgeable) {
    const row = rows[entry.index];
    const stratum = `${row?.createdAt.toISOString().slice(0, 10)} ${row?.actual}`;
    strata.set(stratum, [...(strata.get(stratum) ?? []), entry]);
  }
  const apart = new Set<number>();
  for (const [stratum, entries] of strata) {
    const ordered = entries.toSorted((a, b) => (a.key < b.key ? -1 : Number(a.key > b.key)));
    const drawn = shuffle(
      Int32Array.from(ordered, ({ index }) => index),
      createRandom(deriveSeed(seed, 'apart', stratum)),
    );
    for (const index of drawn.subarray(0, Math.round(drawn.length * APART_SHARE))) apart.add(index);
  }
  return apart;
}

function takeRows(
  rows: readonly LabelledRow[],
  table: ReadonlyMap<string, Float64Array>,
  indices: readonly number[],
): ChosenRows {
  return {
    columns: new Map(
      [...table].map(([name, values]) => [name, Float64Array.from(indices, (i) => values[i] ?? Number.NaN)]),
    ),
    labels: Uint8Array.from(indices, (i) => rows[i]?.actual ?? 0),
    probabilities: Float64Array.from(indices, (i) => rows[i]?.probability ?? Number.NaN),
  };
}
