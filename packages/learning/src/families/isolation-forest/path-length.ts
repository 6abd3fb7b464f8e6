const EULER_MASCHERONI = 0.5772156649015329;

/**
 * Mean path length of an unsuccessful search in a binary search tree of `rows` keys: what a leaf that still holds `rows` rows
 * would have cost to isolate one of them (Liu, Ting and Zhou, 2008, eq. 1).
 */
export function expectedPathLength(rows: number): number {
  if (rows <= 1) return 0;
  if (rows === 2) return 1;
  return 2 * (Math.log(rows - 1) + EULER_MASCHERONI) - (2 * (rows - 1)) / rows;
}
