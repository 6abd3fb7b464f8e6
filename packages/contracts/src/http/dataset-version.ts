import { z } from 'zod';
import { wire } from '../wire.js';
import { DataOrigin } from './dataset.js';
import { ModelName, page, Reason, Sha256, Share, Timestamp, VersionNumber } from './fields.js';
import {
  CATEGORIES_MAX,
  DeclaredForm,
  TABLE_COLUMNS_MAX,
  TableDefinition,
  TableForm,
  TableTask,
} from './table-definition.js';

const Count = z.int().min(0);

/** What a column's values look like, whatever the definition makes of them. */
export const COLUMN_KINDS = ['number', 'boolean', 'category', 'text', 'date', 'id', 'empty'] as const;

/** One value and how many rows have it. */
export const ValueCount = wire({ value: z.string(), count: Count });

/** A column in one pass. `missing` + `number.count` + `infinite` + `text.count` are all rows. */
export const ColumnProfile = wire({
  name: z.string(),
  kind: z.enum(COLUMN_KINDS),
  missing: Count,
  infinite: Count,
  /** Different values; at least as many when `distinctIsExact` is false. */
  distinct: Count,
  distinctIsExact: z.boolean(),
  /** Of the finite numbers; quantiles by their level ("0.5"), from a seeded sample of 4 096 values when there are more. */
  number: wire({
    count: Count,
    min: z.number(),
    max: z.number(),
    mean: z.number(),
    sd: z.number().min(0),
    quantiles: z.record(z.string(), z.number()),
  }).nullable(),
  /** Of the values that are no numbers: lengths in characters. */
  text: wire({ count: Count, lengthMean: z.number().min(0), lengthMax: Count }).nullable(),
  /** Most frequent first; counted exactly while `distinctIsExact`. */
  top: z.array(ValueCount).max(20),
});
export type ColumnProfile = z.output<typeof ColumnProfile>;

/** A table in one pass. */
export const DatasetProfile = wire({ rows: Count, columns: z.array(ColumnProfile) });
export type DatasetProfile = z.output<typeof DatasetProfile>;

/** Something a person should look at: a stable code, the column it is about (null: the table) and a sentence. */
export const DatasetWarning = wire({ code: z.string(), column: z.string().nullable(), message: z.string() });
export type DatasetWarning = z.output<typeof DatasetWarning>;

/** What is expected of every version, beyond its own definition. Shares in [0, 1]; `range` inclusive, null = open end. */
export const ExpectationSuite = wire({
  /** Counts up with every change; 0: nobody has set any. */
  revision: z.int().min(0),
  rowsMin: z.int().positive(),
  duplicateShareMax: Share,
  columns: z
    .array(
      wire({
        name: z.string().min(1).max(200),
        range: z.tuple([z.number().nullable(), z.number().nullable()]).optional(),
        /** Codes of a category with numbers. */
        allowed: z.array(z.number()).min(1).max(CATEGORIES_MAX).optional(),
        /** Texts of a category with texts. */
        categories: z.array(z.string().max(1_000)).min(1).max(CATEGORIES_MAX).optional(),
        missingShareMax: Share.default(1),
      }),
    )
    .max(TABLE_COLUMNS_MAX),
});
export type ExpectationSuite = z.output<typeof ExpectationSuite>;

/** One version in a list. Content never changes; a correction of the definition counts `definitionRevision` up. */
export const DatasetVersionSummary = wire({
  dataset: ModelName,
  version: VersionNumber,
  /** SHA-256 of the file. */
  digest: Sha256,
  bytes: Count,
  fileName: z.string(),
  rows: Count,
  columns: Count,
  task: TableTask,
  dataOrigin: DataOrigin,
  definitionRevision: z.int().min(1),
  warnings: Count,
  createdBy: z.string(),
  createdAt: Timestamp,
});
export type DatasetVersionSummary = z.output<typeof DatasetVersionSummary>;
export const DatasetVersionPage = page(DatasetVersionSummary);

/** One version with all that is known of it. */
export const DatasetVersion = wire({
  dataset: ModelName,
  version: VersionNumber,
  digest: Sha256,
  bytes: Count,
  fileName: z.string(),
  rows: Count,
  task: TableTask,
  dataOrigin: DataOrigin,
  form: TableForm,
  definitionRevision: z.int().min(1),
  definition: TableDefinition,
  profile: DatasetProfile,
  warnings: z.array(DatasetWarning),
  expectations: ExpectationSuite,
  createdBy: z.string(),
  createdAt: Timestamp,
});
export type DatasetVersion = z.output<typeof DatasetVersion>;

/** A dataset: a name under which versions are counted 1, 2, 3 ... */
export const Dataset = wire({
  name: ModelName,
  description: z.string(),
  latestVersion: VersionNumber,
  latest: DatasetVersionSummary,
  createdBy: z.string(),
  createdAt: Timestamp,
});
export const DatasetPage = page(Dataset);

const upload = {
  name: ModelName,
  description: z.string().max(2_000).default(''),
  /** The column to be predicted. Left out: nothing is (anomaly detection), unless `definition` says so. */
  target: z.string().min(1).max(200).optional(),
  /** What is known beforehand; everything else is inferred. */
  definition: TableDefinition.optional(),
  form: DeclaredForm.optional(),
};
/** POST `/api/v1/datasets`, the part `metadata` of a form whose part `file` is the CSV or Parquet file. */
export const UploadDataset = wire(upload);
export type UploadDataset = z.output<typeof UploadDataset>;

/** POST `/api/v1/datasets` as JSON: a file that lies in one of the registry's allowed folders. */
export const ImportDataset = wire({ ...upload, path: z.string().min(1).max(4_096) });
export type ImportDataset = z.output<typeof ImportDataset>;

/** PUT `/api/v1/datasets/:name/versions/:version/definition`. `revision` must be the present one. */
export const PutTableDefinition = wire({
  revision: z.int().min(1),
  definition: TableDefinition,
  reason: Reason.default(''),
});

const Numbers = wire({ from: z.number().nullable(), to: z.number().nullable() });

/** How a column that both versions have differs. */
export const ColumnDifference = wire({
  name: z.string(),
  missingShare: Numbers,
  mean: Numbers,
  sd: Numbers,
  min: Numbers,
  max: Numbers,
  distinct: Numbers,
  /** Distance of the means in standard deviations of the first version; null without numbers or spread. */
  meanShift: z.number().nullable(),
  /** Categories among the most frequent that only one version has. */
  valuesAdded: z.array(z.string()),
  valuesRemoved: z.array(z.string()),
  isChanged: z.boolean(),
});
export type ColumnDifference = z.output<typeof ColumnDifference>;

/** What became of a dataset between two versions. */
export const DatasetDiff = wire({
  dataset: ModelName,
  from: VersionNumber,
  to: VersionNumber,
  contentIsSame: z.boolean(),
  rows: wire({ from: Count, to: Count }),
  columnsAdded: z.array(z.string()),
  columnsRemoved: z.array(z.string()),
  columnsRetyped: z.array(wire({ name: z.string(), from: z.string(), to: z.string() })),
  targetChanged: z.boolean(),
  columns: z.array(ColumnDifference),
});
export type DatasetDiff = z.output<typeof DatasetDiff>;

const number = z.coerce.number().pipe(VersionNumber);
export const DatasetDiffQuery = wire({ from: number, to: number });
