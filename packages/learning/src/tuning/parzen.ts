import { normalCdf, normalQuantile } from '@gimbal/domain';
import type { Random } from '../random/random.js';

/** A density on [0, 1] as a mixture of truncated normal curves, one per observation and a wide one as prior, all of one weight. */
export interface Parzen {
  readonly centres: readonly number[];
  readonly widths: readonly number[];
  /** Of each normal curve, the share below 0 and that in [0, 1]. */
  readonly below: readonly number[];
  readonly inside: readonly number[];
}

/** Width that the prior has: about even over the whole range. */
const WIDEST = 1;

/**
 * Adaptive Parzen estimator (Bergstra, Bardenet, Bengio and Kegl, 2011): each curve is as wide as the farther of its two neighbours is
 * away, within limits that let many observations be narrower.
 *
 * @param positions each in [0, 1]
 */
export function buildParzen(positions: readonly number[]): Parzen {
  const narrowest = WIDEST / Math.min(100, 1 + positions.length);
  const prior = 0.5;
  const centres = [...positions, prior].sort((a, b) => a - b);
  const priorAt = centres.indexOf(prior);
  const widths = centres.map((centre, i) => {
    if (i === priorAt) return WIDEST;
    const gaps = [centres[i - 1], centres[i + 1]].filter((other) => other !== undefined);
    const farther = Math.max(...gaps.map((other) => Math.abs(other - centre)));
    return Math.min(WIDEST, Math.max(narrowest, farther));
  });
  const below = centres.map((centre, i) => normalCdf(-centre / widths[i]!));
  const inside = centres.map((centre, i) => normalCdf((1 - centre) / widths[i]!) - below[i]!);
  return { centres, widths, below, inside };
}

/** Draws a position in [0, 1). */
export function drawParzen({ centres, widths, below, inside }: Parzen, random: Random): number {
  const i = random.nextInteger(centres.length);
  const drawn = centres[i]! + widths[i]! * normalQuantile(below[i]! + inside[i]! * random.nextFloat());
  return Math.min(1 - 2 ** -32, Math.max(0, drawn));
}

/** Natural logarithm of the density at a position in [0, 1]. */
export function logDensity({ centres, widths, inside }: Parzen, position: number): number {
  let density = 0;
  for (let i = 0; i < centres.length; i++) {
    const z = (position - centres[i]!) / widths[i]!;
    density += Math.exp(-0.5 * z * z) / (widths[i]! * inside[i]!);
  }
  return Math.log(Math.max(density, Number.MIN_VALUE) / (centres.length * Math.sqrt(2 * Math.PI)));
}
