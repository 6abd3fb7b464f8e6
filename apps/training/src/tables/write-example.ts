import { type FeatureTable, takeRows } from '@gimbal/learning';
import { openTexts } from '@gimbal/tabular';
import type { TableSet } from './plan-table.js';
import type { TextSet } from './text-set.js';

/** Of so many rows the one is shown in which least is missing. */
const LOOKED_AT = 200;
/** Decimals that tell every float32 from its neighbours. */
const DIGITS_MAX = 9;

/** The shortest number that is the same float32: 0.1, not 0.10000000149011612. */
function shortenFloat(value: number): number {
  for (let digits = 1; digits < DIGITS_MAX; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return short;
  }
  return value;
}

function showRow({ features, columns }: FeatureTable, row: number): Record<string, string | number | null> {
  return Object.fromEntries(
    features.map(({ name, categories }, index) => {
      const value = columns[index]?.[row] ?? Number.NaN;
      if (Number.isNaN(value)) return [name, null];
      return [name, categories ? (categories[value] ?? null) : shortenFloat(value)];
    }),
  );
}

/** A body that can be posted to the model's `predict` as it stands: a row that it learned from. */
export function writeTableExample({ dataset, trainRows }: TableSet): { readonly rows: readonly object[] } {
  const sample = takeRows(dataset, trainRows.subarray(0, LOOKED_AT));
  const rows = Array.from({ length: sample.rowCount }, (_, row) => showRow(sample, row));
  const missing = rows.map((row) => Object.values(row).filter((value) => value === null).length);
  return { rows: rows.slice(missing.indexOf(Math.min(...missing))).slice(0, 1) };
}

/** As {@link writeTableExample}: a text that it learned from. */
export function writeTextExample({ column, texts, trainRows }: TextSet): { readonly rows: readonly object[] } {
  const textOf = openTexts(texts);
  const row = trainRows.find((one) => textOf(one).trim() !== '') ?? 0;
  return { rows: [Object.fromEntries([[column, textOf(row)]])] };
}
