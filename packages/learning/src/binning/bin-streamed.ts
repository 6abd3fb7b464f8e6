import { type StreamedTable, streamColumns } from '../dataset/streamed-table.js';
import type { TrainingHooks } from '../training-hooks.js';
import { type BinnedFeatures, binFeatures } from './bin-features.js';

/**
 * {@link binFeatures} of a table that need not fit in memory: the same codes, edges and bins, from one column at a time.
 * @param rows to be binned, as positions in the table
 * @param seed of the sample that edges are found on above 200 000 rows
 */
export function binStreamed(
  table: StreamedTable,
  rows: Int32Array,
  seed: number,
  hooks: TrainingHooks = {},
): BinnedFeatures {
  return binFeatures(streamColumns(table), rows, seed, hooks);
}
