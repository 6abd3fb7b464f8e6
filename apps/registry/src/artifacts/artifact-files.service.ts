import type { Readable } from 'node:stream';
import type { DatabaseTransaction } from '@gimbal/db';
import { DomainError } from '@gimbal/domain';
import { ARTIFACT_STORE, type ArtifactStore, type ByteRange, type StoredArtifact } from '@gimbal/platform';
import { Inject, Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import {
  type ArtifactOwner,
  lockOwner,
  type OwnersExperiment,
  requireActiveOwner,
  requireOwner,
} from './artifact-owner.js';
import {
  type ArtifactRow,
  type FolderEntry,
  type FolderPage,
  findArtifact,
  isArtifact,
  listFolder,
  removeArtifacts,
  writeArtifact,
} from './artifact-rows.js';
import { holdContent } from './content-lock.js';
import { guessContentType } from './content-type.js';

/** A path below a run or a logged model; '' is its root. */
export interface ArtifactPlace {
  readonly owner: ArtifactOwner;
  readonly path: string;
  /** The number of the experiment, where the caller named it: the owner must be of that one. */
  readonly experiment?: bigint;
}

/** The files of runs and logged models: rows that name content in the artifact store. */
@Injectable()
export class ArtifactFiles {
  constructor(
    private readonly database: Database,
    @Inject(ARTIFACT_STORE) private readonly store: ArtifactStore,
  ) {}

  /**
   * Stores a file under a path; another one that is there is replaced. Content that breaks off leaves nothing.
   * @param also done in the transaction that names the file, or neither is
   * @throws DomainError as {@link requireActiveOwner} and {@link ArtifactStore.put}; `validation-failed` when the path is a folder
   */
  async keep(
    place: ArtifactPlace,
    content: AsyncIterable<Uint8Array>,
    also?: (tx: DatabaseTransaction) => Promise<void>,
  ): Promise<StoredArtifact> {
    await this.checkChangeable(place); // before the content is read: it may be large
    const stored = await this.store.put(content);
    await this.database.change(async (tx) => {
      await this.name(tx, place, stored);
      await also?.(tx);
    });
    return stored;
  }

  private async name(tx: DatabaseTransaction, { owner, path }: ArtifactPlace, stored: StoredArtifact): Promise<void> {
    await holdContent(tx, this.store, stored.digest);
    await lockOwner(tx, owner);
    await writeArtifact(tx, owner, { path, ...stored, contentType: guessContentType(path) });
  }

  /** @throws DomainError as {@link requireOwner}; `artifact-not-found` */
  async find(place: ArtifactPlace): Promise<ArtifactRow> {
    await this.check(place);
    const row = await findArtifact(this.database.reader, place.owner, place.path);
    if (!row) throw new DomainError('artifact-not-found', `No such artifact: '${place.path}'`);
    return row;
  }

  /**
   * For a caller who names content without bringing it: it must be one that all may read who may read runs. What else the store holds, such as
   * datasets, is as if it were not there.
   * @throws DomainError `artifact-not-found`
   */
  async requireReadable(digest: string): Promise<void> {
    if (!(await isArtifact(this.database.reader, digest)))
      throw new DomainError('artifact-not-found', 'No run has a file with this digest. Send the file itself.');
  }

  /** The bytes of a file, or a part of them. @throws DomainError as {@link ArtifactStore.open} */
  async open({ digest }: ArtifactRow, range?: ByteRange): Promise<Readable> {
    return await this.store.open(digest, range);
  }

  /** What lies directly in a folder, by name; of a file, or of what is not there, nothing. @throws DomainError as {@link requireOwner} */
  async list(place: ArtifactPlace, page: FolderPage): Promise<FolderEntry[]> {
    await this.check(place);
    return await listFolder(this.database.reader, place.owner, { folder: place.path, ...page });
  }

  /** Removes a file or a folder; its content stays until nobody names it. @throws DomainError as {@link requireActiveOwner} */
  async remove(place: ArtifactPlace): Promise<void> {
    await this.checkChangeable(place);
    await this.database.change(async (tx) => {
      await lockOwner(tx, place.owner);
      await removeArtifacts(tx, place.owner, place.path);
    });
  }

  /** @throws DomainError as {@link requireActiveOwner} */
  async checkChangeable({ owner, experiment }: ArtifactPlace): Promise<void> {
    await requireActiveOwner(this.database.reader, owner, experiment);
  }

  /** The experiment of a place whose owner is there. @throws DomainError as {@link requireOwner} */
  async check({ owner, experiment }: ArtifactPlace): Promise<OwnersExperiment> {
    return await requireOwner(this.database.reader, owner, experiment);
  }
}
