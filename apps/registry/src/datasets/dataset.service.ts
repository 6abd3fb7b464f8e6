import type {
  Actor,
  Dataset,
  DatasetDiff,
  DatasetVersion,
  DatasetVersionSummary,
  Paging,
  PutTableDefinition,
} from '@gimbal/contracts';
import { encodeWire, TableDefinition } from '@gimbal/contracts';
import { storableValue, toJson } from '@gimbal/db';
import { DomainError } from '@gimbal/domain';
import { AuditTrail, NEWEST_FIRST, olderThan, type PageOf, pageOf } from '@gimbal/platform';
import { checkDefinition, diffVersions } from '@gimbal/tabular';
import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import type { AuditedAction } from '../audit/audited-action.js';
import { Database } from '../database/database.js';
import { findDatasetVersion, findExpectations, lockDataset, requireDataset } from './dataset.repository.js';
import { DATASET_WITH, showDataset, showDatasetVersion, showSummary, VERSION_WITH } from './show-dataset.js';

/** A correction of what was inferred. */
export interface WantedDefinition {
  readonly name: string;
  readonly version: number;
  readonly request: z.output<typeof PutTableDefinition>;
  readonly actor: Actor;
}

/** Reads datasets and corrects what their columns mean. */
@Injectable()
export class DatasetService {
  constructor(
    private readonly database: Database,
    private readonly audit: AuditTrail<AuditedAction>,
  ) {}

  /** Datasets, newest first. */
  async list({ limit, cursor }: z.output<typeof Paging>): Promise<PageOf<z.output<typeof Dataset>>> {
    const rows = await this.database.reader.dataset.findMany({
      where: olderThan(cursor),
      include: DATASET_WITH,
      orderBy: NEWEST_FIRST,
      take: limit + 1,
    });
    return pageOf(rows, limit, showDataset);
  }

  /** @throws DomainError `dataset-not-found` */
  async get(name: string): Promise<z.output<typeof Dataset>> {
    const row = await this.database.reader.dataset.findUnique({ where: { name }, include: DATASET_WITH });
    if (!row) throw new DomainError('dataset-not-found', `There is no dataset ${name}.`);
    return showDataset(row);
  }

  /** @throws DomainError `dataset-not-found` */
  async listVersions(name: string, { limit, cursor }: z.output<typeof Paging>): Promise<PageOf<DatasetVersionSummary>> {
    await requireDataset(this.database.reader, name);
    const rows = await this.database.reader.datasetVersion.findMany({
      where: { datasetName: name, ...olderThan(cursor) },
      include: VERSION_WITH,
      orderBy: NEWEST_FIRST,
      take: limit + 1,
    });
    return pageOf(rows, limit, showSummary);
  }

  /** @throws DomainError `dataset-not-found`, `dataset-version-not-found` */
  async getVersion(name: string, version: number): Promise<DatasetVersion> {
    const db = this.database.reader;
    return showDatasetVersion(await findDatasetVersion(db, name, version), await findExpectations(db, name));
  }

  /** @throws DomainError `dataset-not-found`, `dataset-version-not-found` */
  async diff(dataset: string, from: number, to: number): Promise<z.output<typeof DatasetDiff>> {
    const [first, second] = await Promise.all([this.getVersion(dataset, from), this.getVersion(dataset, to)]);
    return { dataset, from, to, ...diffVersions(first, second) };
  }

  /**
   * Puts a corrected definition in force; the content stays. Columns that it does not name keep their meaning.
   * @throws DomainError `dataset-not-found`, `dataset-version-not-found`; `revision-conflict`; `dataset-invalid` when it contradicts itself or
   *   names a column that is not there
   */
  async correct({ name, version, request, actor }: WantedDefinition): Promise<DatasetVersion> {
    return await this.database.change(async (tx) => {
      await lockDataset(tx, name);
      const row = await findDatasetVersion(tx, name, version);
      const expectations = await findExpectations(tx, name);
      const present = showDatasetVersion(row, expectations);
      if (present.definitionRevision !== request.revision)
        throw new DomainError(
          'revision-conflict',
          `The definition is at revision ${present.definitionRevision}. Read it again and decide anew.`,
        );
      const definition = joinDefinitions(present.definition, request.definition);
      const revision = request.revision + 1;
      const at = new Date();
      const data = {
        datasetName: name,
        version,
        revision,
        reason: request.reason,
        createdBy: actor.name,
        createdAt: at,
      };
      const document = toJson(storableValue(encodeWire(TableDefinition, definition)));
      await tx.datasetDefinition.create({ data: { ...data, definition: document } });
      await this.audit.record(tx, {
        action: 'dataset.definition-corrected',
        key: `${row.id}:${revision}`,
        subject: `dataset:${name}/version:${version}`,
        actor: actor.name,
        at,
        payload: { revision, reason: request.reason },
      });
      return showDatasetVersion(await findDatasetVersion(tx, name, version), expectations);
    });
  }
}

/** @throws DomainError `dataset-invalid` */
function joinDefinitions(present: TableDefinition, wanted: TableDefinition): TableDefinition {
  const corrected = new Map(wanted.columns.map((column) => [column.name, column]));
  const names = new Set(present.columns.map(({ name }) => name));
  const foreign = [...corrected.keys()].filter((name) => !names.has(name));
  if (foreign.length > 0) throw new DomainError('dataset-invalid', `There is no column ${foreign.join(', ')}.`);
  if (corrected.size < wanted.columns.length) throw new DomainError('dataset-invalid', 'Two columns have one name.');
  const definition = { ...wanted, columns: present.columns.map((column) => corrected.get(column.name) ?? column) };
  checkDefinition(definition);
  return definition;
}
