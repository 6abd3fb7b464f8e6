import type { Dataset } from '@gimbal/learning';
import { isBoosting } from './kernel-name.js';

/**
 * Values (rows x columns) from which helpers are worth their start. Starting one costs 0.1 s of CPU time; one thread boosts a table of this size
 * with the default parameters in 0.65 s (100 000 x 20), so that a machine with nothing to spare loses little and one with a free core gains.
 */
export const SHARED_VALUES_MIN = 2_000_000;

/**
 * How many threads are to help within one training.
 * @param idle threads of the pool with nothing to do, the one that will train among them
 */
export function countHelpers(
  { dataset, rows, algorithm }: { readonly dataset: Dataset; readonly rows: Int32Array; readonly algorithm: string },
  idle: number,
): number {
  if (!isBoosting(algorithm)) return 0;
  return rows.length * dataset.features.length < SHARED_VALUES_MIN ? 0 : Math.max(0, idle - 1);
}
