import type { DatabaseTransaction } from '@gimbal/db';
import { DomainError } from '@gimbal/domain';
import { ARTIFACT_STORE, type ArtifactStore, CONFIG, type StoredArtifact } from '@gimbal/platform';
import { Inject, Injectable } from '@nestjs/common';
import { holdContent } from '../artifacts/content-lock.js';
import type { RegistryConfig } from '../config.js';
import { checkModelFile } from './check-model-file.js';
import type { ServedSignature } from './served-signature.js';

/** The files of versions: stored by digest, and looked into before a version names them. */
@Injectable()
export class ModelFiles {
  constructor(
    @Inject(ARTIFACT_STORE) private readonly store: ArtifactStore,
    @Inject(CONFIG) private readonly config: RegistryConfig,
  ) {}

  /** @throws DomainError `payload-too-large`, `storage-full`, `storage-failed` */
  async keep(content: AsyncIterable<Uint8Array>): Promise<StoredArtifact> {
    return await this.store.put(content, { maxBytes: this.config.modelFiles.maxBytes });
  }

  /**
   * The stored file of a version, once it has been seen to be a model that serving can run.
   * @param signature the version's
   * @throws DomainError `artifact-not-found`, `artifact-corrupt`, `payload-too-large`; `invalid-model-file` with everything that is wrong
   */
  async inspect(digest: string, signature: ServedSignature): Promise<StoredArtifact> {
    const stored = await this.find(digest);
    const { maxBytes } = this.config.modelFiles;
    if (stored.bytes > maxBytes)
      throw new DomainError('payload-too-large', `A model file may have at most ${maxBytes} bytes.`);
    const faults = checkModelFile(await this.store.read(digest), signature);
    if (faults.length > 0)
      throw new DomainError('invalid-model-file', `The file can't be served: ${faults.join('; ')}.`);
    return stored;
  }

  /** @throws DomainError `artifact-not-found` */
  async find(digest: string): Promise<StoredArtifact> {
    const stored = await this.store.find(digest);
    if (!stored) throw new DomainError('artifact-not-found', `The file ${digest} is not stored. Send it first.`);
    return stored;
  }

  /** Makes sure, for the rest of the transaction, that stored files stay. Before any other lock. @throws DomainError as {@link holdContent} */
  async hold(tx: DatabaseTransaction, digests: readonly string[]): Promise<void> {
    for (const digest of digests) await holdContent(tx, this.store, digest);
  }
}
