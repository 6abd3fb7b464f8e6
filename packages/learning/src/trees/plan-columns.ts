/** A feature as histograms see it: codes [0, slots). */
export interface CodedFeature {
  readonly feature: number;
  /** Codes in use, that for missing included; at most 256. */
  readonly slots: number;
}

/** A column of codes and the features in it: the code of member i is floor(code / stride) % slots. */
export interface PlannedColumn {
  readonly members: readonly { readonly feature: number; readonly slots: number; readonly stride: number }[];
  readonly slots: number;
}

/** Features of more codes than this get a column of their own: sharing it would save little. */
const SHARED_SLOTS_MAX = 16;
const COLUMN_SLOTS_MAX = 256;

/**
 * Puts features of few codes into shared columns: a column holds the combination of its members' codes, up to 256, and the histogram
 * of a member is the sum over all others. That adds a row once for several features, and spreads the rows of a column over many
 * slots, so that one addition need not wait for the one before. Features of one code say nothing and get no column.
 *
 * Widest first, each into the first column with room (first-fit decreasing, Johnson, 1973).
 */
export function planColumns(features: readonly CodedFeature[]): PlannedColumn[] {
  const alone: PlannedColumn[] = [];
  const shared: { members: { feature: number; slots: number; stride: number }[]; slots: number }[] = [];
  const few: CodedFeature[] = [];
  for (const { feature, slots } of features) {
    if (slots < 2) continue;
    if (slots <= SHARED_SLOTS_MAX) few.push({ feature, slots });
    else alone.push({ members: [{ feature, slots, stride: 1 }], slots });
  }
  few.sort((a, b) => b.slots - a.slots || a.feature - b.feature);
  for (const { feature, slots } of few) {
    const place = shared.find((column) => column.slots * slots <= COLUMN_SLOTS_MAX);
    if (place === undefined) shared.push({ members: [{ feature, slots, stride: 1 }], slots });
    else {
      place.members.push({ feature, slots, stride: place.slots });
      place.slots *= slots;
    }
  }
  return [...alone, ...shared];
}
