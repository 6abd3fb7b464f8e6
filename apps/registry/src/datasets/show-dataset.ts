import {
  DataOrigin,
  type Dataset,
  DatasetProfile,
  type DatasetVersion,
  type DatasetVersionSummary,
  DatasetWarning,
  ExpectationSuite,
  TableDefinition,
  TableForm,
} from '@gimbal/contracts';
import type { Prisma } from '@gimbal/db';
import { taskOf } from '@gimbal/tabular';
import { z } from 'zod';

/** What a version's row is read with: its definition in force. */
export const VERSION_WITH = {
  definitions: { orderBy: { revision: 'desc' }, take: 1 },
} as const satisfies Prisma.DatasetVersionInclude;
export type DatasetVersionRow = Prisma.DatasetVersionGetPayload<{ include: typeof VERSION_WITH }>;

/** What a dataset's row is read with: its latest version. */
export const DATASET_WITH = {
  versions: { include: VERSION_WITH, orderBy: { version: 'desc' }, take: 1 },
} as const satisfies Prisma.DatasetInclude;
export type DatasetRow = Prisma.DatasetGetPayload<{ include: typeof DATASET_WITH }>;

/** Nobody has said what to expect. */
const NO_EXPECTATIONS: ExpectationSuite = { revision: 0, rowsMin: 1, duplicateShareMax: 1, columns: [] };

const Warnings = z.array(DatasetWarning);

function definitionOf({ definitions }: DatasetVersionRow): {
  readonly revision: number;
  readonly definition: TableDefinition;
} {
  const [latest] = definitions;
  if (!latest) throw new Error('A version has no definition, although both are written together.');
  return { revision: latest.revision, definition: TableDefinition.parse(latest.definition) };
}

/** Documents in the tables have the wire's form and are parsed again. */
export function showSummary(row: DatasetVersionRow): DatasetVersionSummary {
  const { revision, definition } = definitionOf(row);
  return {
    dataset: row.datasetName,
    version: row.version,
    digest: row.digest,
    bytes: Number(row.bytes),
    fileName: row.fileName,
    rows: row.rows,
    columns: row.columns,
    task: taskOf(definition),
    dataOrigin: DataOrigin.parse(row.dataOrigin),
    definitionRevision: revision,
    warnings: Warnings.parse(row.warnings).length,
    createdBy: row.createdBy,
    createdAt: row.createdAt.toISOString(),
  };
}

export function showDatasetVersion(row: DatasetVersionRow, expectations: ExpectationSuite): DatasetVersion {
  const { columns: _columns, ...summary } = showSummary(row);
  return {
    ...summary,
    definition: definitionOf(row).definition,
    form: TableForm.parse(row.form),
    profile: DatasetProfile.parse(row.profile),
    warnings: Warnings.parse(row.warnings),
    expectations,
  };
}

export function showDataset(row: DatasetRow): z.output<typeof Dataset> {
  const [latest] = row.versions;
  if (!latest) throw new Error('A dataset has no version, although both are written together.');
  return {
    name: row.name,
    description: row.description,
    latestVersion: latest.version,
    latest: showSummary(latest),
    createdBy: row.createdBy,
    createdAt: row.createdAt.toISOString(),
  };
}

export function showExpectations(suite: Prisma.JsonValue | undefined): ExpectationSuite {
  return suite === undefined ? NO_EXPECTATIONS : ExpectationSuite.parse(suite);
}
