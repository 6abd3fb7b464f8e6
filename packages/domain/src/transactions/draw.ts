import type { Rng } from '../statistics/seeded-rng.js';
import { MERCHANT_CATEGORIES, type MerchantCategoryName } from './merchant-categories.js';

/** Draws from the distributions that transactions are made of, all from one seeded source. */
export class Draw {
  constructor(private readonly rng: Rng) {}

  chance(probability: number): boolean {
    return this.rng() < probability;
  }

  between(low: number, high: number): number {
    return low + (high - low) * this.rng();
  }

  /** An integer in [low, high]. */
  integer(low: number, high: number): number {
    return low + Math.floor(this.rng() * (high - low + 1));
  }

  /** Standard normal by Box and Muller (1958). */
  normal(mean: number, deviation: number): number {
    return mean + deviation * Math.sqrt(-2 * Math.log(1 - this.rng())) * Math.cos(2 * Math.PI * this.rng());
  }

  /** Lognormal: half of the draws lie below `median`. */
  skewed(median: number, spread: number): number {
    return median * Math.exp(this.normal(0, spread));
  }

  pick<T>(choices: readonly T[]): T {
    return choices[this.integer(0, choices.length - 1)]!;
  }

  /** A kind of merchant, as often as people go there. */
  category(): MerchantCategoryName {
    const entries = Object.entries(MERCHANT_CATEGORIES) as [MerchantCategoryName, { share: number }][]; // the keys are its own
    let left = this.rng();
    for (const [name, { share }] of entries) {
      left -= share;
      if (left < 0) return name;
    }
    return entries[0]![0];
  }
}
