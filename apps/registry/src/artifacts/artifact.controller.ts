import { Readable } from 'node:stream';
import { encodeWire, Sha256, StoredArtifact } from '@gimbal/contracts';
import { DomainError, isDomainError } from '@gimbal/domain';
import { ARTIFACT_STORE, type ArtifactStore, InvalidInputError } from '@gimbal/platform';
import { Body, Controller, Get, Inject, Param, Put, StreamableFile } from '@nestjs/common';

/** The artifact store, for the other services. What a digest names never changes. */
@Controller('internal/artifacts/:digest')
export class ArtifactController {
  constructor(@Inject(ARTIFACT_STORE) private readonly store: ArtifactStore) {}

  /** Takes raw bytes (`application/octet-stream`), as a stream. Refuses those that do not hash to the digest. */
  @Put()
  async put(@Param('digest', { schema: Sha256 }) digest: string, @Body() content: unknown) {
    if (!(content instanceof Readable))
      throw new DomainError('unsupported-media-type', 'Send application/octet-stream.');
    try {
      const bytes: AsyncIterable<Uint8Array> = content.iterator({ destroyOnReturn: false });
      return encodeWire(StoredArtifact, await this.store.put(bytes, { expectedDigest: digest }));
    } catch (error) {
      content.resume(); // the rest of a refused body is read and dropped, else it would hold the connection
      // To the store a foreign digest is a corrupt file; here it is what the caller sent.
      if (!isDomainError(error, 'artifact-corrupt')) throw error;
      throw new InvalidInputError([{ path: 'digest', message: 'is not the SHA-256 of the bytes that were sent' }]);
    }
  }

  @Get()
  async get(@Param('digest', { schema: Sha256 }) digest: string): Promise<StreamableFile> {
    const stored = await this.store.find(digest);
    if (!stored) throw new DomainError('artifact-not-found', 'There is no artifact with this digest.');
    return new StreamableFile(await this.store.open(digest), {
      type: 'application/octet-stream',
      length: stored.bytes,
    });
  }
}
