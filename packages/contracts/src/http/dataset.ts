import { z } from 'zod';
import { wire } from '../wire.js';
import { ModelName, Sha256 } from './fields.js';

/**
 * One column of a dataset. `number` columns may have a plausible `range` (inclusive; null = open end); `category` columns have
 * `allowed` codes. `missing` tells whether an empty value is acceptable. Values outside are findings in data and a 400 in a request.
 */
export const ColumnDefinition = wire({
  name: z.string().min(1).max(200),
  type: z.enum(['number', 'category']),
  description: z.string().max(500),
  unit: z.string().max(40).optional(),
  allowed: z.array(z.number()).optional(),
  range: z.tuple([z.number().nullable(), z.number().nullable()]).optional(),
  missing: z.enum(['allowed', 'refused']),
  /** Largest share of missing values that training data may have, in [0, 1]. */
  missingShareMax: z.number().min(0).max(1).default(1),
});
export type ColumnDefinition = z.output<typeof ColumnDefinition>;

/** One file of a dataset, by where it comes from and what it must hash to. */
export const DatasetPart = wire({
  name: ModelName,
  title: z.string().max(200),
  /** File name looked for in the data folder (with a header row). */
  file: z.string().max(200),
  fileSha256: Sha256,
  /** Download address of the original (without a header row) and the hash of exactly those bytes. */
  url: z.url(),
  bodySha256: Sha256,
  rows: z.int().positive(),
});
export type DatasetPart = z.output<typeof DatasetPart>;

/**
 * A dataset's definition file (`examples/datasets/*.json`): what its columns mean, where its files come from, under which licence,
 * and how other codings of the same columns are translated (`codings.kaggle.thal['2'] = 3`).
 */
export const DatasetDefinition = wire({
  name: ModelName,
  title: z.string().max(200),
  origin: z.string().max(2_000),
  licence: z.string().max(200),
  citation: z.string().max(2_000),
  missingToken: z.string().max(20),
  columns: z.array(ColumnDefinition).min(1).max(2_000),
  /** Binary target: a row is positive when `column` is greater than `positiveAbove`. */
  target: wire({ column: z.string(), positiveAbove: z.number(), description: z.string().max(500) }),
  codings: z.record(z.string(), z.record(z.string(), z.record(z.string(), z.number()))),
  parts: z.array(DatasetPart).min(1),
  /** Smallest number of rows that training accepts, and largest share of exact duplicates. */
  rowsMin: z.int().positive(),
  duplicateShareMax: z.number().min(0).max(1),
});
export type DatasetDefinition = z.output<typeof DatasetDefinition>;

/** Where the rows came from; `synthetic` is shown wherever such data, or a model trained on them, shows. */
export const DataOrigin = z.enum(['uci', 'folder', 'synthetic', 'upload']);
export type DataOrigin = z.infer<typeof DataOrigin>;
