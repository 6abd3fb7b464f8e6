import type { FeatureTable } from '../dataset/dataset.js';

/** Rows that have something in common, as positions in the list of judged rows. */
export interface SliceRows {
  readonly feature: string;
  /** For people: a category, a band of values, or `missing`. */
  readonly label: string;
  readonly positions: Int32Array;
}

function describeBand(low: number, high: number): string {
  const text = (value: number): string => String(Number(value.toPrecision(4)));
  return low === high ? text(low) : `${text(low)} to ${text(high)}`;
}

/** Bands of about as many rows each; rows of one value are in one band. */
function cutBands(values: Float32Array, present: Int32Array, bands: number): Int32Array[] {
  const order = Int32Array.from(present).sort((a, b) => values[a]! - values[b]! || a - b);
  const parts: Int32Array[] = [];
  let start = 0;
  for (let band = 1; band <= bands && start < order.length; band++) {
    let end = Math.max(start, Math.floor((band * order.length) / bands));
    while (end > start && end < order.length && values[order[end]!] === values[order[end - 1]!]) end++;
    if (end > start) parts.push(order.slice(start, end));
    start = end;
  }
  return parts;
}

/**
 * Slices of one feature: each category, or bands of a numeric column by its quantiles, and the rows where it is missing.
 *
 * @param rows judged rows of the table
 * @param bands of a numeric column; fewer when values repeat
 */
export function sliceRows(table: FeatureTable, feature: number, rows: Int32Array, bands: number): SliceRows[] {
  const { name, kind, categories } = table.features[feature]!;
  const values = Float32Array.from(rows, (row) => table.columns[feature]![row]!);
  const all = Int32Array.from(values, (_, i) => i);
  const missing = all.filter((i) => Number.isNaN(values[i]));
  const present = all.filter((i) => !Number.isNaN(values[i]));
  const absent = missing.length === 0 ? [] : [{ feature: name, label: 'missing', positions: missing }];
  if (kind === 'numeric') {
    const parts = cutBands(values, present, bands).map((positions) => ({
      feature: name,
      label: describeBand(values[positions[0]!]!, values[positions.at(-1)!]!),
      positions: positions.sort(),
    }));
    return [...parts, ...absent];
  }
  const members = new Map<number, number[]>();
  for (const i of present) {
    const list = members.get(values[i]!) ?? [];
    list.push(i);
    members.set(values[i]!, list);
  }
  const parts = [...members]
    .sort(([one], [other]) => one - other)
    .map(([code, positions]) => ({
      feature: name,
      label: categories?.[code] ?? String(code),
      positions: Int32Array.from(positions),
    }));
  return [...parts, ...absent];
}
