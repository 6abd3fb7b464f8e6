import type { ReadRows } from '../../predict/row-reader.js';

/** Some of the rows, without a copy of their values. */
export function sliceRows(rows: ReadRows, from: number, until: number): ReadRows {
  const { count, features, values, warnings, texts, queries } = rows;
  const end = Math.min(until, count);
  const width = values.length / count;
  return {
    count: end - from,
    features: features.subarray(from * width, end * width),
    values: values.subarray(from * width, end * width),
    warnings: warnings.slice(from, end),
    texts: texts.slice(from, end),
    queries: queries?.slice(from, end) ?? null,
  };
}
