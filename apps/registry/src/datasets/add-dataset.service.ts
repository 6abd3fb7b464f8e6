import type { Actor, DatasetVersion } from '@gimbal/contracts';
import type { DatabaseTransaction } from '@gimbal/db';
import { AuditTrail } from '@gimbal/platform';
import { Injectable } from '@nestjs/common';
import type { AuditedAction } from '../audit/audited-action.js';
import { Database } from '../database/database.js';
import { ensureDataset, findExpectations, findSame, insertDatasetVersion } from './dataset.repository.js';
import type { ReadFile } from './dataset-files.js';
import { type DatasetVersionRow, showDatasetVersion } from './show-dataset.js';

/** A file that is to be a version of a dataset. */
export interface WantedDatasetVersion {
  readonly name: string;
  readonly description: string;
  readonly file: ReadFile;
  readonly actor: Actor;
}

/** Adds versions of datasets: numbered, written down and told in one transaction. */
@Injectable()
export class AddDatasetService {
  constructor(
    private readonly database: Database,
    private readonly audit: AuditTrail<AuditedAction>,
  ) {}

  /** Adds a version, and the dataset with its first one. The same content read in the same way is the version that is there. */
  async add(wanted: WantedDatasetVersion): Promise<{ readonly version: DatasetVersion; readonly isNew: boolean }> {
    return await this.database.change(async (tx) => {
      const { name, description, actor, file } = wanted;
      const at = new Date();
      await ensureDataset(tx, { name, description, actor: actor.name, at });
      const same = await findSame(tx, name, file);
      const row = same ?? (await this.insert(tx, wanted, at));
      return { version: showDatasetVersion(row, await findExpectations(tx, name)), isNew: !same };
    });
  }

  private async insert(
    tx: DatabaseTransaction,
    { name, file, actor }: WantedDatasetVersion,
    at: Date,
  ): Promise<DatasetVersionRow> {
    const row = await insertDatasetVersion(tx, { name, file, actor: actor.name, at });
    await this.audit.record(tx, {
      action: 'dataset.version-added',
      key: row.id,
      subject: `dataset:${name}/version:${row.version}`,
      actor: actor.name,
      at,
      payload: { digest: row.digest, bytes: Number(row.bytes), rows: row.rows, columns: row.columns },
    });
    return row;
  }
}
