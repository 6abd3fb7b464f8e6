import type { Feature, FeatureTable } from '../dataset/dataset.js';
import type { TrainingHooks } from '../training-hooks.js';
import { type BinnedFeatures, binFeatures } from './bin-features.js';

/** A table whose columns lie elsewhere, on a disk for instance. */
export interface StreamedTable {
  readonly features: readonly Feature[];
  readonly rowCount: number;
  /** The values of one feature, `rowCount` of them; NaN is missing. May be asked for again. */
  readColumn(feature: number): Float32Array;
}

/**
 * The same table in the form that fitting reads, with one column in memory at a time: each is read when it is asked for, and forgotten when
 * another one is. What works column by column (binning, encoding) then needs four bytes per row beside its own result. It can't be posted to
 * a worker thread: make it there.
 */
export function streamColumns({ features, rowCount, readColumn }: StreamedTable): FeatureTable {
  let held: { readonly feature: number; readonly column: Float32Array } | undefined;
  const columns: Float32Array[] = [];
  features.forEach((_, feature) => {
    Object.defineProperty(columns, feature, {
      enumerable: true,
      get: () => {
        if (held?.feature !== feature) {
          held = undefined; // let go of the other one before this one is made
          held = { feature, column: readColumn(feature) };
        }
        return held.column;
      },
    });
  });
  return { features, rowCount, columns };
}

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
