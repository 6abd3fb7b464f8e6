import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { encodeWire, ModelArchive } from '@gimbal/contracts';
import { DomainError } from '@gimbal/domain';
import { ARTIFACT_STORE, type ArtifactStore } from '@gimbal/platform';
import { Inject, Injectable } from '@nestjs/common';
import { CompactSign } from 'jose';
import { type Pack, pack } from 'tar-stream';
import { Database } from '../database/database.js';
import { ManifestKeys } from '../manifests/manifest-keys.js';
import { ARCHIVE_BYTES_MAX, ARCHIVE_ENTRY, contentEntry, SIGNATURE_ENTRY } from './archive-format.js';
import { collectArchive } from './collect-archive.js';
import { listContents } from './list-contents.js';

/** Writes a model with all that is known of it into one file. */
@Injectable()
export class ExportService {
  constructor(
    private readonly database: Database,
    private readonly keys: ManifestKeys,
    @Inject(ARTIFACT_STORE) private readonly store: ArtifactStore,
  ) {}

  /**
   * A tar stream; files are read as it is read. It is destroyed when a file can't be read, so that nobody takes a part for the whole.
   * @throws DomainError `model-not-found`, `artifact-not-found`, `payload-too-large`
   */
  async export(model: string, exportedBy: string): Promise<Readable> {
    const collected = await this.database.snapshot((tx) => collectArchive(tx, model));
    const contents = await listContents(collected, this.store);
    const { signing, publicKeys } = await this.keys.open();
    const at = new Date();
    const archive = { ...collected, contents, exportedBy, exportedAt: at.toISOString(), keys: [...publicKeys] };
    const document = Buffer.from(JSON.stringify(encodeWire(ModelArchive, archive)));
    if (document.length > ARCHIVE_BYTES_MAX)
      throw new DomainError('payload-too-large', 'The history of the model is larger than an export may be.');
    const digest = createHash('sha256').update(document).digest('hex');
    const signature = await new CompactSign(Buffer.from(JSON.stringify({ archive_sha256: digest })))
      .setProtectedHeader({ alg: signing.publicKey.alg, kid: signing.publicKey.kid, typ: 'gimbal-model+jws' })
      .sign(signing.privateKey);
    const tar = pack();
    tar.entry({ name: ARCHIVE_ENTRY, mtime: at }, document);
    tar.entry({ name: SIGNATURE_ENTRY, mtime: at }, signature);
    this.writeContents(tar, archive.contents, at).then(
      () => tar.finalize(),
      (error: Error) => tar.destroy(error),
    );
    return tar as unknown as Readable; // streamx, which has the interface of node:stream
  }

  private async writeContents(tar: Pack, contents: ModelArchive['contents'], mtime: Date): Promise<void> {
    for (const { digest, bytes } of contents)
      await pipeline(await this.store.open(digest), tar.entry({ name: contentEntry(digest), size: bytes, mtime }));
  }
}
