import type { Random } from '../../random/random.js';
import type { ForestSample } from '../../trees/forest/node-splitter.js';

/** How the rows of each tree are drawn and weighed. */
export interface SamplingPlan {
  /** Index of the class of each row, or null in regression. */
  readonly classOf: Float64Array | null;
  readonly classCount: number;
  /** Weight of each row; null when all count 1. */
  readonly weights: Float32Array | null;
  readonly bootstrap: 'drawn' | 'all';
  /** Rows to draw, with replacement. */
  readonly drawCount: number;
  readonly classWeight: 'none' | 'balanced' | 'balanced_subsample';
}

/** Weight of each class under which all classes of some counted rows weigh the same: rows / (classes present * rows of the class). */
function balanceClasses(classOf: Float64Array, classCount: number, counts: Float64Array | null): Float64Array {
  const sizes = new Float64Array(classCount);
  let total = 0;
  for (let i = 0; i < classOf.length; i++) {
    const count = counts === null ? 1 : counts[i]!;
    sizes[classOf[i]!]! += count;
    total += count;
  }
  const present = sizes.reduce((sum, size) => sum + Number(size > 0), 0);
  return sizes.map((size) => (size > 0 ? total / (present * size) : 0));
}

/** Draws the rows of one tree after another. Every draw depends on its own random source only. */
export class ForestSampler {
  private readonly rowWeights: Float64Array | null;
  private readonly cumulative: Float64Array | null;
  private readonly rowCount: number;

  /** @param rowCount training rows */
  constructor(
    rowCount: number,
    private readonly plan: SamplingPlan,
  ) {
    this.rowCount = rowCount;
    const { weights, classOf, classCount, classWeight } = plan;
    const ofClass = classWeight === 'balanced' && classOf !== null ? balanceClasses(classOf, classCount, null) : null;
    this.rowWeights =
      weights === null && ofClass === null
        ? null
        : Float64Array.from(
            { length: rowCount },
            (_, i) => (weights === null ? 1 : weights[i]!) * (ofClass === null ? 1 : ofClass[classOf![i]!]!), // ofClass comes from classOf
          );
    this.cumulative = this.rowWeights && accumulate(this.rowWeights);
  }

  /**
   * As in scikit-learn 1.9: with a bootstrap, weights are how likely a row is drawn, and a row counts as often as it was; without,
   * they are how much it counts.
   */
  draw(random: Random): ForestSample {
    const { bootstrap, classWeight, classOf, classCount } = this.plan;
    const weights = bootstrap === 'drawn' ? this.countDraws(random) : this.allRows();
    if (classWeight === 'balanced_subsample' && classOf !== null) {
      const ofClass = balanceClasses(classOf, classCount, bootstrap === 'drawn' ? weights : null);
      for (let i = 0; i < weights.length; i++) weights[i]! *= ofClass[classOf[i]!]!;
    }
    const rows = new Int32Array(weights.length);
    let count = 0;
    for (let i = 0; i < weights.length; i++) if (weights[i]! > 0) rows[count++] = i;
    return { rows: rows.subarray(0, count), weights };
  }

  private allRows(): Float64Array {
    return this.rowWeights === null ? new Float64Array(this.rowCount).fill(1) : this.rowWeights.slice();
  }

  private countDraws(random: Random): Float64Array {
    const { cumulative, rowCount } = this;
    const counts = new Float64Array(rowCount);
    for (let drawn = 0; drawn < this.plan.drawCount; drawn++) {
      if (cumulative === null) counts[random.nextInteger(rowCount)]!++;
      else counts[findPlace(cumulative, random.nextFloat() * cumulative.at(-1)!)]!++;
    }
    return counts;
  }
}

function accumulate(weights: Float64Array): Float64Array {
  let sum = 0;
  return weights.map((weight) => {
    sum += weight;
    return sum;
  });
}

/** Index of the first entry of an ascending list that is greater than a value; a row of weight 0 is never found. */
function findPlace(cumulative: Float64Array, value: number): number {
  let low = 0;
  let high = cumulative.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (cumulative[middle]! > value) high = middle;
    else low = middle + 1;
  }
  return low;
}
