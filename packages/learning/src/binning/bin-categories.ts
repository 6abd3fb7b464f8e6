/** Most categories of a column that get a code of their own: one code of 256 is left for missing values and all rarer categories. */
const CATEGORY_BINS_MAX = 254;

const isMissing = Number.isNaN;

/**
 * The categories of a column, most frequent first (of equally frequent ones the smaller code first): the order of their bins.
 *
 * @param rows rows that count
 * @param most how many to keep
 */
export function findCategories(column: Float32Array, rows: Int32Array, most = CATEGORY_BINS_MAX): Float32Array {
  const counts = new Map<number, number>();
  for (let i = 0; i < rows.length; i++) {
    const code = column[rows[i]!]!;
    if (!isMissing(code)) counts.set(code, (counts.get(code) ?? 0) + 1);
  }
  const ordered = [...counts].sort(([codeA, countA], [codeB, countB]) => countB - countA || codeA - codeB);
  return Float32Array.from(ordered.slice(0, most), ([code]) => code);
}

/** Whole codes below this are looked up in a table. */
const TABLE_CODES = 65_536;

/**
 * A function from codes to bins.
 *
 * @param categories the category of each bin
 * @param other bin of missing values and of codes not listed
 */
export function createCategoryIndex(categories: Float32Array, other: number): (code: number) => number {
  if (categories.every((code) => Number.isInteger(code) && code >= 0 && code < TABLE_CODES)) {
    const table = new Uint8Array(categories.reduce((most, code) => Math.max(most, code + 1), 0)).fill(other);
    categories.forEach((code, bin) => {
      table[code] = bin;
    });
    return (code) => table[code] ?? other; // NaN, fractions and codes beyond have no entry
  }
  const bins = new Map(Array.from(categories, (code, bin) => [code, bin]));
  return (code) => bins.get(code) ?? other;
}
