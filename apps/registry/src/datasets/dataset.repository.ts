import { createHash } from 'node:crypto';
import {
  DatasetProfile,
  DatasetWarning,
  type ExpectationSuite,
  encodeWire,
  TableDefinition,
  TableForm,
} from '@gimbal/contracts';
import { type DatabaseReader, type DatabaseTransaction, storableValue, toJson } from '@gimbal/db';
import { DomainError } from '@gimbal/domain';
import type { ReadFile } from './dataset-files.js';
import { type DatasetVersionRow, showExpectations, VERSION_WITH } from './show-dataset.js';

const storable = (value: unknown) => toJson(storableValue(value));

/** @throws DomainError `dataset-not-found` */
export async function requireDataset(db: DatabaseReader, name: string): Promise<void> {
  const row = await db.dataset.findUnique({ where: { name }, select: { name: true } });
  if (!row) throw new DomainError('dataset-not-found', `There is no dataset ${name}.`);
}

/** @throws DomainError `dataset-not-found`, `dataset-version-not-found` */
export async function findDatasetVersion(
  db: DatabaseReader,
  name: string,
  version: number,
): Promise<DatasetVersionRow> {
  const where = { datasetName_version: { datasetName: name, version } };
  const row = await db.datasetVersion.findUnique({ where, include: VERSION_WITH });
  if (row) return row;
  await requireDataset(db, name);
  throw new DomainError('dataset-version-not-found', `Dataset ${name} has no version ${version}.`);
}

/** What is expected of every version now. */
export async function findExpectations(db: DatabaseReader, name: string): Promise<ExpectationSuite> {
  const row = await db.datasetExpectations.findFirst({ where: { datasetName: name }, orderBy: { revision: 'desc' } });
  return showExpectations(row?.suite);
}

/** Adds the dataset unless it is there, and takes its turn until the transaction ends. */
export async function ensureDataset(
  tx: DatabaseTransaction,
  { name, description, actor, at }: { name: string; description: string; actor: string; at: Date },
): Promise<void> {
  await tx.dataset.createMany({ data: [{ name, description, createdBy: actor, createdAt: at }], skipDuplicates: true });
  await lockDataset(tx, name);
}

/** Everybody else who wants to change the dataset waits until the transaction ends. @throws DomainError `dataset-not-found` */
export async function lockDataset(tx: DatabaseTransaction, name: string): Promise<void> {
  const rows = await tx.$queryRaw<unknown[]>`SELECT 1 FROM datasets WHERE name = ${name} FOR UPDATE`;
  if (rows.length === 0) throw new DomainError('dataset-not-found', `There is no dataset ${name}.`);
}

/** The version with this very content, read in this way. */
export async function findSame(db: DatabaseReader, name: string, file: ReadFile): Promise<DatasetVersionRow | null> {
  return await db.datasetVersion.findUnique({
    where: {
      datasetName_digest_formDigest: { datasetName: name, digest: file.stored.digest, formDigest: digestOf(file.form) },
    },
    include: VERSION_WITH,
  });
}

/** Adds a version with the next number and the first revision of its definition. */
export async function insertDatasetVersion(
  tx: DatabaseTransaction,
  { name, file, actor, at }: { name: string; file: ReadFile; actor: string; at: Date },
): Promise<DatasetVersionRow> {
  const { lastVersion: version } = await tx.dataset.update({
    where: { name },
    data: { lastVersion: { increment: 1 } },
    select: { lastVersion: true },
  });
  return await tx.datasetVersion.create({
    data: {
      datasetName: name,
      version,
      digest: file.stored.digest,
      bytes: file.stored.bytes,
      fileName: file.fileName,
      form: encodeWire(TableForm, file.form),
      formDigest: digestOf(file.form),
      rows: file.profile.rows,
      columns: file.profile.columns.length,
      profile: storable(encodeWire(DatasetProfile, file.profile)),
      warnings: storable(file.warnings.map((warning) => encodeWire(DatasetWarning, warning))),
      dataOrigin: 'upload',
      createdBy: actor,
      createdAt: at,
      definitions: {
        create: [
          {
            revision: 1,
            definition: storable(encodeWire(TableDefinition, file.definition)),
            reason: 'Inferred from the file.',
            createdBy: actor,
            createdAt: at,
          },
        ],
      },
    },
    include: VERSION_WITH,
  });
}

const digestOf = (form: TableForm): string =>
  createHash('sha256')
    .update(JSON.stringify(encodeWire(TableForm, form)))
    .digest('hex');
