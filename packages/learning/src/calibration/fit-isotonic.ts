import { rankFloat32 } from '@gimbal/domain';
import type { Calibration } from '../families/model.js';
import { LearningError } from '../learning-error.js';
import type { MarginSample } from './fit-platt.js';

/** Rows between two margins that get one probability. */
export interface IsotonicBlock {
  /** First and last margin, float32. */
  readonly low: number;
  readonly high: number;
  /** Share of positives, by weight. */
  readonly value: number;
  readonly weight: number;
}

/**
 * The non-decreasing step function nearest to the labels in squared error, by pooling adjacent violators (Ayer et al., 1955). Rows of
 * one margin are one step, and neighbouring steps of one value are one block.
 *
 * @returns blocks by ascending margin, values strictly ascending
 */
export function poolAdjacentViolators({ margins, target, weights }: MarginSample): IsotonicBlock[] {
  const exact = Float32Array.from(margins);
  const order = rankFloat32(exact);
  const blocks: { low: number; high: number; hits: number; weight: number }[] = [];
  for (const row of order) {
    const margin = exact[row]!;
    const weight = weights === null ? 1 : weights[row]!;
    if (weight === 0) continue;
    const hit = target[row] === 1 ? weight : 0;
    const last = blocks.at(-1);
    if (last?.low === margin) {
      last.hits += hit;
      last.weight += weight;
      continue;
    }
    mergeBack(blocks);
    blocks.push({ low: margin, high: margin, hits: hit, weight });
  }
  mergeBack(blocks);
  return blocks.map(({ low, high, hits, weight }) => ({ low, high, value: hits / weight, weight }));
}

/** Merges the last block into those before it that are not below it. */
function mergeBack(blocks: { low: number; high: number; hits: number; weight: number }[]): void {
  for (;;) {
    const [before, last] = blocks.slice(-2);
    if (before === undefined || last === undefined) return;
    if (before.hits * last.weight < last.hits * before.weight) return;
    before.high = last.high;
    before.hits += last.hits;
    before.weight += last.weight;
    blocks.pop();
  }
}

/** A float32 from which on the upper block begins: a margin equal to it belongs below. */
function edgeBetween(below: IsotonicBlock, above: IsotonicBlock): number {
  const middle = Math.fround((below.high + above.low) / 2);
  return middle >= below.high && middle < above.low ? middle : below.high;
}

/**
 * Isotonic calibration (Zadrozny and Elkan, 2002). A block without any positive, or with nothing else, promises no certainty: its value
 * is Laplace's rule of succession on its rows, as far as the order of the blocks allows.
 *
 * @param sample one margin per row; targets 0 and 1, both present
 * @throws LearningError `too-few-rows` when a class is absent
 */
export function fitIsotonic(sample: MarginSample): Calibration & { readonly kind: 'isotonic' } {
  const blocks = poolAdjacentViolators(sample);
  const positives = blocks.reduce((sum, { value, weight }) => sum + value * weight, 0);
  const whole = blocks.reduce((sum, { weight }) => sum + weight, 0);
  if (positives === 0 || positives === whole) {
    throw new LearningError('too-few-rows', 'A calibration needs rows of both classes.');
  }
  const values = blocks.map(({ value, weight }, i) => {
    if (value === 0) return Math.min(1 / (weight + 2), blocks[i + 1]!.value);
    if (value === 1) return Math.max((weight + 1) / (weight + 2), blocks[i - 1]!.value);
    return value;
  });
  return {
    kind: 'isotonic',
    edges: blocks.slice(0, -1).map((block, i) => edgeBetween(block, blocks[i + 1]!)),
    // After rounding neighbours may be equal, which is still not falling.
    values: values.map(Math.fround),
  };
}
