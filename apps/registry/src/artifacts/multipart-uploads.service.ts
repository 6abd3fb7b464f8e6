import type { Actor } from '@gimbal/contracts';
import { DomainError } from '@gimbal/domain';
import { ARTIFACT_STORE, type ArtifactStore, CONFIG, type StoredArtifact } from '@gimbal/platform';
import { Inject, Injectable } from '@nestjs/common';
import type { RegistryConfig } from '../config.js';
import { Database } from '../database/database.js';
import { ArtifactFiles, type ArtifactPlace } from './artifact-files.service.js';
import { holdContent } from './content-lock.js';
import { UnnamedContent } from './unnamed-content.service.js';

/** A part as the client names it when it asks to put all together. */
export interface NamedPart {
  readonly number: number;
  /** The digest it was answered with; undefined when it does not say. */
  readonly digest: string | undefined;
}

/** An upload and the place it is for. */
export interface UploadOf {
  readonly id: string;
  readonly place: ArtifactPlace;
}

const uploadNotFound = (): DomainError =>
  new DomainError(
    'artifact-not-found',
    'There is no such multipart upload: it was completed, aborted, or took too long.',
  );

/** Large files in parts, which may come in any order, at once, and again. Each part is stored by itself until all are joined. */
@Injectable()
export class MultipartUploads {
  constructor(
    private readonly database: Database,
    private readonly files: ArtifactFiles,
    private readonly unnamed: UnnamedContent,
    @Inject(ARTIFACT_STORE) private readonly store: ArtifactStore,
    @Inject(CONFIG) private readonly config: RegistryConfig,
  ) {}

  /** Begins an upload. @returns its id. @throws DomainError as {@link ArtifactFiles.checkChangeable} */
  async create(place: ArtifactPlace, actor: Actor): Promise<string> {
    await this.files.checkChangeable(place);
    const { id } = await this.database.reader.multipartUpload.create({
      data: { path: nameOf(place), createdBy: actor.name },
      select: { id: true },
    });
    return id;
  }

  /**
   * Stores a part; the same number again replaces it.
   * @throws DomainError `artifact-not-found` when the upload is over; `payload-too-large` when its parts are more than one file may have
   */
  async keepPart(id: string, number: number, content: AsyncIterable<Uint8Array>): Promise<StoredArtifact> {
    const others = { uploadId: id, number: { not: number } };
    const upload = await this.database.reader.multipartUpload.findUnique({ where: { id }, select: { id: true } });
    if (!upload) throw uploadNotFound();
    const { _sum } = await this.database.reader.uploadedPart.aggregate({ where: others, _sum: { bytes: true } });
    const room = this.config.artifacts.maxBytes - Number(_sum.bytes ?? 0);
    const { digest, bytes } = await this.store.put(content, { maxBytes: Math.max(0, room) });
    const replaced = await this.database.change(async (tx) => {
      await holdContent(tx, this.store, digest);
      const [locked] = await tx.$queryRaw<unknown[]>`SELECT 1 FROM multipart_uploads WHERE id = ${id}::uuid FOR UPDATE`;
      if (!locked) throw uploadNotFound();
      const where = { uploadId_number: { uploadId: id, number } };
      const before = await tx.uploadedPart.findUnique({ where, select: { digest: true } });
      await tx.uploadedPart.upsert({
        where,
        create: { uploadId: id, number, digest, bytes },
        update: { digest, bytes },
      });
      return before;
    });
    if (replaced) await this.unnamed.remove([replaced.digest]);
    return { digest, bytes };
  }

  /**
   * Joins the parts, in the order of their numbers, into the file.
   * @throws DomainError `artifact-not-found`; `validation-failed` when a part is missing, is another one, or all are too large
   */
  async complete({ id, place }: UploadOf, named: readonly NamedPart[]): Promise<void> {
    await this.files.checkChangeable(place);
    const digests = await this.digestsOf({ id, place }, named);
    await this.files.keep(place, this.join(digests));
    await this.end({ id, place });
  }

  /** Forgets an upload and what came of it. Without such an upload there is nothing to do. */
  async abort(upload: UploadOf): Promise<void> {
    await this.end(upload);
  }

  /** Ends uploads whose time is over. @returns how many those were */
  async abortStale(now: Date): Promise<number> {
    const before = new Date(now.getTime() - this.config.uploads.lifetimeMs);
    const stale = await this.database.reader.multipartUpload.findMany({
      where: { createdAt: { lt: before } },
      select: { id: true },
      take: STALE_AT_ONCE,
    });
    for (const { id } of stale) await this.remove({ id });
    return stale.length;
  }

  private async digestsOf({ id, place }: UploadOf, named: readonly NamedPart[]): Promise<string[]> {
    const upload = await this.database.reader.multipartUpload.findUnique({
      where: { id, path: nameOf(place) },
      include: { parts: true },
    });
    if (!upload) throw uploadNotFound();
    const kept = new Map(upload.parts.map((part) => [part.number, part.digest]));
    const wanted = new Map(named.map((part) => [part.number, part.digest]));
    return [...wanted]
      .sort(([left], [right]) => left - right)
      .map(([number, digest]) => {
        const present = kept.get(number);
        if (present === undefined || (digest !== undefined && digest !== present))
          throw new DomainError(
            'validation-failed',
            `Part ${number} was not uploaded, or is another one. Send it again.`,
          );
        return present;
      });
  }

  private async *join(digests: readonly string[]): AsyncGenerator<Uint8Array> {
    for (const digest of digests) yield* await this.store.open(digest);
  }

  private async end({ id, place }: UploadOf): Promise<void> {
    await this.remove({ id, path: nameOf(place) });
  }

  /** Removes an upload, and those of its parts that nobody else names. */
  private async remove(where: { readonly id: string; readonly path?: string }): Promise<void> {
    const parts = await this.database.change(async (tx) => {
      const found = await tx.uploadedPart.findMany({
        where: { uploadId: where.id, upload: where },
        select: { digest: true },
      });
      await tx.multipartUpload.deleteMany({ where });
      return found;
    });
    await this.unnamed.remove([...new Set(parts.map(({ digest }) => digest))]);
  }
}

/** Uploads that are ended in one go. */
const STALE_AT_ONCE = 100;

/** How a place is written down; only for comparing. */
const nameOf = ({ owner, path }: ArtifactPlace): string => `${owner.kind}/${owner.id}/${path}`;
