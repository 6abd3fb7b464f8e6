/**
 * What the scans know: limits of the whole training (globals, set once per instance) and the tables that the TypeScript side fills.
 * Every structure has its offsets here and once more in `src/wasm/layout.ts`.
 */

// Column table, 16 bytes each: u32 codes, u32 shift, u32 offset of its slots among those of its group, u32 slots.
export const COLUMN_BYTES: usize = 16;
// Group table, 16 bytes each: u32 first column, u32 columns (4, 2 or 1), u32 first entry of the feature table, u32 entries.
export const GROUP_BYTES: usize = 16;
// Feature table, 32 bytes each, in the order of columns: u32 group, u32 column, u32 value bins, u32 flags, u32 stride, u32 slots,
// i32 monotone, u32 unused. A column may hold several features of few bins: the code of one is (code / stride) % slots; stride 0 when
// alone.
export const FEATURE_BYTES: usize = 32;
export const HAS_MISSING: u32 = 1;
export const IS_CATEGORICAL: u32 = 2;
// Node, 72 bytes: f64 gradient, f64 hessian, f64 least and f64 greatest hessian of a row, f64 score that a cut must beat, f64 score
// of the node itself, f64 lower and f64 upper bound of its weight, u32 rows, u32 records.
export const NODE_RECORDS: usize = 68;
// Histogram: u32 address of its slots for each group of columns.
// Record of the best cut of one entry of the feature table, 80 bytes: f64 score, f64 left gradient, f64 left hessian, f64 best score of a cut whose rows
// would have to be counted, u32 bin, u32 missing goes left, u32 kind, u32 unused, 4 x u64 codes that go left.
export const RECORD_BYTES: usize = 80;
export const KIND_NONE: u32 = 0;
export const KIND_THRESHOLD: u32 = 1;
export const KIND_ONE_CATEGORY: u32 = 2;
export const KIND_CATEGORIES: u32 = 3;

export let columns: usize = 0;
export let groups: usize = 0;
export let features: usize = 0;
/** One byte per entry of the feature table and per column: 1 when it takes part in the tree. */
export let activeFeatures: usize = 0;
export let activeColumns: usize = 0;
/** 4096 bytes for the slots of one feature, 1024 for counts, 4096 for orders: of this instance alone. */
export let scratch: usize = 0;

export let lambda: f64 = 0;
export let alpha: f64 = 0;
export let childHessianMin: f64 = 0;
export let childRowsMin: f64 = 1;
/** 1 when L1 or monotone constraints ask for the general scan. */
export let isGeneral: u32 = 0;
export let hasBounds: u32 = 0;
/** 1: thresholds from the highest down with missing rows on the left come first, as in LightGBM; 0: from the lowest up with them on the
 * right, as in XGBoost. Of equal cuts the first one wins. */
export let isDownwardFirst: u32 = 0;

export let categoryOrder: u32 = 0;
export let oneHotMax: u32 = 4;
export let categoriesMax: u32 = 32;
export let categorySmooth: f64 = 10;
export let categoryLambda: f64 = 10;
export let groupRowsMin: f64 = 100;

export function setTables(
  columnTable: usize,
  groupTable: usize,
  featureTable: usize,
  featureFlags: usize,
  columnFlags: usize,
  scratchBytes: usize,
): void {
  columns = columnTable;
  groups = groupTable;
  features = featureTable;
  activeFeatures = featureFlags;
  activeColumns = columnFlags;
  scratch = scratchBytes;
}

export function setLimits(l2: f64, l1: f64, hessianMin: f64, rowsMin: f64, general: u32, bounded: u32, downward: u32): void {
  lambda = l2;
  alpha = l1;
  childHessianMin = hessianMin;
  childRowsMin = rowsMin;
  isGeneral = general;
  hasBounds = bounded;
  isDownwardFirst = downward;
}

export function setCategoryLimits(order: u32, single: u32, most: u32, smooth: f64, l2: f64, groupRows: f64): void {
  categoryOrder = order;
  oneHotMax = single;
  categoriesMax = most;
  categorySmooth = smooth;
  categoryLambda = l2;
  groupRowsMin = groupRows;
}

export function setRecord(
  record: usize,
  kind: u32,
  score: f64,
  left: v128,
  unsure: f64,
  bin: u32,
  missingLeft: u32,
): void {
  store<f64>(record, score);
  v128.store(record + 8, left);
  store<f64>(record + 24, unsure);
  store<u32>(record + 32, bin);
  store<u32>(record + 36, missingLeft);
  store<u32>(record + 40, kind);
}
