/** Structures that the kernel reads, as laid out in `assembly/node.as`. Sizes in bytes. */
export const COLUMN_BYTES = 16;
export const GROUP_BYTES = 16;
export const FEATURE_BYTES = 32;
export const NODE_BYTES = 72;
/** Where a node says where its records are. */
export const NODE_RECORDS_AT = 68;
export const RECORD_BYTES = 80;
export const SLOT_BYTES = 16;
/** Memory of one instance for the slots of a feature, for counts and for sorting categories. */
export const SCRATCH_BYTES = 8192;

/** The edges of a column as a tree, while its values are encoded. */
export const EDGE_TREE_BYTES = 1360;

/** A team's control block, without what it keeps of each part of a task. */
export const CONTROL_BYTES = 96;
export const PART_BYTES = 24;
/** Rows of a block of gradients. */
export const BLOCK_ROWS = 4096;

/** Flags of an entry of the feature table. */
export const HAS_MISSING = 1;
export const IS_CATEGORICAL = 2;

/** Kinds of a record; 0: no cut was found. */
export const KIND_THRESHOLD = 1;
export const KIND_CATEGORIES = 3;
