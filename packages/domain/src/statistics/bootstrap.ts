import type { Rng } from './seeded-rng.js';
import type { Interval } from './wilson-interval.js';

/** `replicates` >= 1 resamples; `level` in (0, 1); `rng` fixes the draw. */
export interface BootstrapOptions {
  readonly replicates: number;
  readonly level: number;
  readonly rng: Rng;
  /** Lists of rows that are drawn from each by itself, as many as the list is long; without it, all rows are one list. */
  readonly strata?: readonly Uint32Array[];
}

/** How often each row was drawn in one resample; sums to the number of rows. Reused between calls: copy it to keep it. */
export type DrawCounts = Uint32Array;

/**
 * Percentile bootstrap of several statistics at once (Efron 1979). `statistics` gets the draw counts of each row and returns one
 * number per statistic, null where the resample does not define it (an AUC without negatives); those are left out.
 * A statistic defined in fewer than half of the resamples has no interval (null).
 */
export function bootstrapIntervals(
  rows: number,
  statistics: (draws: DrawCounts) => readonly (number | null)[],
  options: BootstrapOptions,
): (Interval | null)[] {
  const draws = new Uint32Array(rows);
  const samples: number[][] = [];
  for (let replicate = 0; replicate < options.replicates; replicate++) {
    draws.fill(0);
    if (options.strata) for (const stratum of options.strata) drawStratum(draws, stratum, options.rng);
    else for (let i = 0; i < rows; i++) draws[Math.floor(options.rng() * rows)]!++;
    statistics(draws).forEach((value, index) => {
      samples[index] ??= [];
      if (value !== null && Number.isFinite(value)) samples[index].push(value);
    });
  }
  return samples.map((values) => (2 * values.length < options.replicates ? null : percentiles(values, options.level)));
}

function drawStratum(draws: DrawCounts, stratum: Uint32Array, rng: Rng): void {
  for (let i = 0; i < stratum.length; i++) draws[stratum[Math.floor(rng() * stratum.length)]!]!++;
}

function percentiles(values: number[], level: number): Interval {
  values.sort((a, b) => a - b);
  const at = (share: number): number => values[Math.min(values.length - 1, Math.floor(share * values.length))]!;
  return { lower: at((1 - level) / 2), upper: at((1 + level) / 2), level };
}
