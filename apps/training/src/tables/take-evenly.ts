/** At most `most` of the rows (an integer >= 1), evenly taken over all of them, in their order. */
export function takeEvenly(rows: Int32Array, most: number): Int32Array {
  if (rows.length <= most) return rows;
  const step = rows.length / most;
  return Int32Array.from({ length: most }, (_, i) => rows[Math.floor(i * step)] ?? 0);
}
