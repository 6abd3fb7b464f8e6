import { stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DomainError } from '@gimbal/domain';
import { CONFIG, LOGGER, type Logger } from '@gimbal/platform';
import { Inject, Injectable } from '@nestjs/common';
import type { RegistryConfig } from '../config.js';
import { Database } from '../database/database.js';
import { ManifestService } from './manifest.service.js';
import { ManifestKeys } from './manifest-keys.js';

/** Beside the keys, where the database's administrators can't reach: there it says that what is unsigned now was not forgotten. */
const DONE_FILE = 'older-versions-signed';
const ROWS_AT_ONCE = 200;

/**
 * Signs, once for all, versions that were registered before there were manifests: they are vouched for as they are found. Later a version
 * without a manifest is one that somebody else wrote into the table.
 */
@Injectable()
export class SignOlderVersions {
  private readonly doneFile: string;
  private done: Promise<void> | undefined;

  constructor(
    private readonly database: Database,
    private readonly manifests: ManifestService,
    private readonly keys: ManifestKeys,
    @Inject(CONFIG) { manifests: { keysDirectory } }: RegistryConfig,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.doneFile = join(keysDirectory, DONE_FILE);
  }

  /** Resolves when it is done; tried again by the next who asks when it fails. */
  finish(): Promise<void> {
    this.done ??= this.run().catch((error: unknown) => {
      this.done = undefined;
      throw error;
    });
    return this.done;
  }

  private async run(): Promise<void> {
    if (await isThere(this.doneFile)) return;
    let signed = 0;
    for (let count = ROWS_AT_ONCE; count === ROWS_AT_ONCE; signed += count) count = await this.signSome();
    if (signed > 0) this.logger.info({ versions: signed }, 'signed the manifests of older versions');
    await this.keys.open(); // the folder is there from then on
    await writeFile(this.doneFile, '', { mode: 0o600 });
  }

  private signSome(): Promise<number> {
    return this.database.changeInTurn('sign-older-versions', async (tx) => {
      const rows = await tx.modelVersion.findMany({
        where: { unservedReason: null, manifests: { none: {} } },
        orderBy: { id: 'asc' },
        take: ROWS_AT_ONCE,
      });
      if (rows.length > 0) await this.manifests.signRows(tx, rows, 'registry');
      return rows.length;
    });
  }
}

/** What cannot be looked at may be there: only a file that is known to be missing lets versions without a manifest be vouched for. */
async function isThere(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false; // stat rejects with nothing else
    throw new DomainError('storage-failed', 'Whether older versions were signed already cannot be read.', {
      cause: error,
    });
  }
}
