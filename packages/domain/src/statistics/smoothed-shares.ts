/** Shares of counts with half a row added to each cell, so that every share is positive. They sum to 1. */
export function toShares(counts: readonly number[]): number[] {
  const total = counts.reduce((sum, count) => sum + count, 0) + 0.5 * counts.length;
  return counts.map((count) => (count + 0.5) / total);
}
