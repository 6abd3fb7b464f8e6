import { z } from 'zod';
import { wire } from '../wire.js';

/** Most columns of a table, most categories of a column, most classes of a target. */
export const TABLE_COLUMNS_MAX = 2_000;
export const CATEGORIES_MAX = 10_000;
export const CLASSES_MAX = 1_000;

/** What a table can be learned for. */
export const TABLE_TASKS = [
  'binary-classification',
  'multiclass-classification',
  'regression',
  'text-classification',
  'anomaly-detection',
] as const;
export const TableTask = z.enum(TABLE_TASKS);
export type TableTask = z.infer<typeof TableTask>;

/** How a column is read; `ignored` columns are kept in the file and left out of training. */
export const TABLE_COLUMN_TYPES = ['number', 'category', 'boolean', 'text', 'ignored'] as const;

const ColumnName = z.string().min(1).max(200);

/** Texts that stand for "not measured" besides the empty one, unless a definition says otherwise. */
export const MISSING_TOKENS = ['?', 'NA', 'N/A', 'n/a', '#N/A', '<NA>', 'NaN', 'nan', 'NULL', 'null', 'None'] as const;

/**
 * One column of a table. A `category` has `allowed` codes (numbers) or `categories` (texts; a number is written as JavaScript writes
 * it). `range` is inclusive, null = open end. Values outside are findings that refuse a training.
 */
export const TableColumn = wire({
  name: ColumnName,
  type: z.enum(TABLE_COLUMN_TYPES),
  description: z.string().max(500).default(''),
  unit: z.string().max(40).optional(),
  allowed: z.array(z.number()).min(1).max(CATEGORIES_MAX).optional(),
  categories: z.array(z.string().max(1_000)).min(1).max(CATEGORIES_MAX).optional(),
  range: z.tuple([z.number().nullable(), z.number().nullable()]).optional(),
  missing: z.enum(['allowed', 'refused']).default('allowed'),
  /** Largest share of missing values that training data may have, in [0, 1]. */
  missingShareMax: z.number().min(0).max(1).default(1),
});
export type TableColumn = z.output<typeof TableColumn>;

/**
 * What is to be learned. Binary by `positive_above` (greater is positive) or `positive` (that value is positive, every other one negative);
 * else by `task`. `anomaly-detection` with a target: nothing is predicted from it, the known anomalies (`positive`, `positive_above`) choose the
 * threshold and judge. A class of `classes` (in this order; left out: all that occur) or, in regression, the number itself.
 */
export const TableTarget = wire({
  column: ColumnName,
  task: TableTask.optional(),
  positiveAbove: z.number().optional(),
  positive: z.union([z.string().max(1_000), z.number(), z.boolean()]).optional(),
  classes: z.array(z.string().max(1_000)).min(2).max(CLASSES_MAX).optional(),
  description: z.string().max(500).default(''),
});
export type TableTarget = z.output<typeof TableTarget>;

/** What a table's columns mean and what is learned from them. Columns that are not named keep what was found in the file. */
export const TableDefinition = wire({
  columns: z.array(TableColumn).max(TABLE_COLUMNS_MAX),
  /** Null: nothing to predict (anomaly detection). */
  target: TableTarget.nullable(),
  /** Rows with the same value here never lie on both sides of a split. */
  group: ColumnName.nullable().default(null),
  /** Orders the rows: a date, a time or a number. */
  time: ColumnName.nullable().default(null),
  /** How much a row counts, > 0. */
  weight: ColumnName.nullable().default(null),
  missingTokens: z
    .array(z.string().max(40))
    .max(50)
    .default([...MISSING_TOKENS]),
  /** Smallest number of rows that training accepts, and largest share of exact duplicates. */
  rowsMin: z.int().positive().default(1),
  duplicateShareMax: z.number().min(0).max(1).default(1),
});
export type TableDefinition = z.output<typeof TableDefinition>;

/** How the bytes of a table are to be read. The last four are null for Parquet, which says so itself. */
export const TableForm = wire({
  format: z.enum(['csv', 'parquet']),
  delimiter: z.enum([',', ';', '\t', '|']).nullable(),
  decimal: z.enum(['.', ',']).nullable(),
  /** `latin1` includes the letters that Windows adds (code page 1252). */
  encoding: z.enum(['utf-8', 'latin1']).nullable(),
  header: z.enum(['present', 'absent']).nullable(),
});
export type TableForm = z.output<typeof TableForm>;

/** What of the form is known beforehand; the rest is found on the first lines. */
export const DeclaredForm = wire({
  delimiter: z.enum([',', ';', '\t', '|']).optional(),
  decimal: z.enum(['.', ',']).optional(),
  encoding: z.enum(['utf-8', 'latin1']).optional(),
  header: z.enum(['present', 'absent']).optional(),
});
export type DeclaredForm = z.output<typeof DeclaredForm>;
