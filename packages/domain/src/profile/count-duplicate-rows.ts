import type { FeatureColumn } from './feature-column.js';

/**
 * How many rows equal an earlier row in every feature; missing equals missing. Rows are compared by a 52-bit hash: the chance of one
 * false duplicate is about rows^2 / 2^53, one in a million for 100 000 rows.
 */
export function countDuplicateRows(columns: readonly FeatureColumn[]): number {
  const rows = columns[0]?.values.length ?? 0;
  const high = new Uint32Array(rows);
  const low = new Uint32Array(rows);
  for (const column of columns) {
    const codes = encodeColumn(column);
    for (let i = 0; i < rows; i++) {
      high[i] = mix(high[i]! ^ codes[i]!, 0x85ebca6b);
      low[i] = mix(low[i]! + codes[i]!, 0xc2b2ae35);
    }
  }
  const seen = new Set<number>();
  for (let i = 0; i < rows; i++) seen.add(high[i]! * 2 ** 20 + (low[i]! >>> 12));
  return rows - seen.size;
}

/** One 32-bit code per row, equal exactly for equal values of this column. */
function encodeColumn(column: FeatureColumn): Uint32Array {
  if (column.type === 'numeric') {
    // + 0 makes one zero of two; every NaN is missing and gets the same bits.
    const canonical = column.values.map((value) => (Number.isNaN(value) ? Number.NaN : value + 0));
    return new Uint32Array(canonical.buffer, canonical.byteOffset, canonical.length);
  }
  const codes = new Map<string | null, number>();
  return Uint32Array.from(column.values, (value) => {
    const known = codes.get(value) ?? codes.size + 1;
    codes.set(value, known);
    return known;
  });
}

/** The finaliser of MurmurHash3 (Appleby), with the multiplier given: every bit of the input reaches every bit of the output. */
function mix(bits: number, multiplier: number): number {
  let hash = Math.imul(bits ^ (bits >>> 16), multiplier);
  hash = Math.imul(hash ^ (hash >>> 13), 0x9e3779b1);
  return (hash ^ (hash >>> 16)) + 0x6d2b79f5;
}
