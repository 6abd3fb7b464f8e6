import { rankRows } from '@gimbal/domain';
import type { RowWeights } from './weighted-rows.js';

/** Rows by ascending score: made once, judged under many weights. */
export interface Ranking {
  readonly order: Uint32Array;
  /** By position in `order`: whether the row is positive, and whether the next row has a higher score. */
  readonly positive: Uint8Array;
  readonly endsTie: Uint8Array;
}

/** Rows by descending score, those of one score in the order that they have. */
export const rankDescending = (scores: Float32Array): Uint32Array => rankRows(scores.map((score) => -score));

/** Sorts rows by their scores. */
export function rankScores(scores: ArrayLike<number>, isPositive: (row: number) => boolean): Ranking {
  const order = rankRows(scores);
  return {
    order,
    positive: Uint8Array.from({ length: order.length }, (_, i) => Number(isPositive(order[i]!))),
    endsTie: Uint8Array.from({ length: order.length }, (_, i) =>
      Number(i + 1 === order.length || scores[order[i + 1]!] !== scores[order[i]!]),
    ),
  };
}

/**
 * Area under the ROC curve: the chance that a positive row has a higher score than a negative one, ties one half.
 *
 * @returns in [0, 1]; null when a class is absent
 */
export function rocAucOf({ order, positive, endsTie }: Ranking, weights: RowWeights): number | null {
  let [pairs, negativesBelow, positivesBelow, tiedPositives, tiedNegatives] = [0, 0, 0, 0, 0];
  for (let i = 0; i < order.length; i++) {
    const weight = weights === null ? 1 : weights[order[i]!]!;
    if (positive[i] === 1) tiedPositives += weight;
    else tiedNegatives += weight;
    if (endsTie[i] === 0) continue;
    pairs += tiedPositives * (negativesBelow + tiedNegatives / 2);
    negativesBelow += tiedNegatives;
    positivesBelow += tiedPositives;
    tiedPositives = 0;
    tiedNegatives = 0;
  }
  return positivesBelow > 0 && negativesBelow > 0 ? pairs / (positivesBelow * negativesBelow) : null;
}

/**
 * Average precision, the area under the precision-recall curve as a sum of steps: sum of (recall gained) * precision, without the
 * optimism of joining points by lines (Davis and Goadrich, 2006).
 *
 * @returns in (0, 1]; null when no row is positive
 */
export function averagePrecisionOf({ order, positive, endsTie }: Ranking, weights: RowWeights): number | null {
  let [area, found, called, tiedPositives] = [0, 0, 0, 0];
  for (let i = order.length - 1; i >= 0; i--) {
    const weight = weights === null ? 1 : weights[order[i]!]!;
    called += weight;
    if (positive[i] === 1) tiedPositives += weight;
    if (i > 0 && endsTie[i - 1] === 0) continue;
    found += tiedPositives;
    if (tiedPositives > 0) area += tiedPositives * (found / called);
    tiedPositives = 0;
  }
  return found > 0 ? area / found : null;
}
