import type { Actor } from '@gimbal/contracts';
import type { DatabaseTransaction, Prisma } from '@gimbal/db';
import { DomainError } from '@gimbal/domain';
import { ARTIFACT_STORE, type ArtifactStore, CONFIG, type StoredArtifact } from '@gimbal/platform';
import { Inject, Injectable } from '@nestjs/common';
import type { RegistryConfig } from '../config.js';
import { Database } from '../database/database.js';
import { ArtifactFiles, type ArtifactPlace } from './artifact-files.service.js';
import { holdContent } from './content-lock.js';
import { UnnamedContent } from './unnamed-content.service.js';
import {
  lockUpload,
  markCompleted,
  requireUpload,
  sumOtherParts,
  type UploadedPart,
  type UploadRow,
  writePart,
} from './upload-rows.js';

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
    const room = this.roomBeside(await sumOtherParts(this.database.reader, id, number));
    const stored = await this.store.put(content, { maxBytes: room });
    try {
      const replaced = await this.database.change((tx) => this.addPart(tx, id, { number, ...stored }));
      if (replaced !== null) await this.unnamed.remove([replaced]);
      return stored;
    } catch (error) {
      await this.unnamed.remove([stored.digest]).catch(() => undefined); // else the next sweep does
      throw error;
    }
  }

  /** Parts that were sent at once are added up here, where they take turns. */
  private async addPart(tx: DatabaseTransaction, id: string, part: UploadedPart): Promise<string | null> {
    await holdContent(tx, this.store, part.digest);
    await lockUpload(tx, id);
    if (part.bytes > this.roomBeside(await sumOtherParts(tx, id, part.number))) throw this.tooLarge();
    return await writePart(tx, id, part);
  }

  /**
   * Joins the parts, in the order of their numbers, into the file. Safe to repeat: a completed upload is remembered for as long as one may
   * be on its way.
   * @throws DomainError `artifact-not-found`; `validation-failed` when a part is missing, is another one, or the upload was completed with
   *   others; `payload-too-large` when they are more than one file may have
   */
  async complete({ id, place }: UploadOf, named: readonly NamedPart[]): Promise<void> {
    await this.files.checkChangeable(place);
    const where = { id, path: nameOf(place) };
    const upload = await requireUpload(this.database.reader, where);
    const parts = choose(upload, named);
    if (upload.completedAt) return;
    if (sumOf(parts) > this.config.artifacts.maxBytes) throw this.tooLarge();
    try {
      await this.files.keep(place, this.join(parts), (tx) => markCompleted(tx, id, parts));
    } catch (error) {
      // Somebody who asked before, and did not wait for the answer, may have been first: then the parts are gone.
      const now = await requireUpload(this.database.reader, where);
      if (!now.completedAt) throw error;
      choose(now, named);
    }
    await this.unnamed.remove(digestsOf(upload.parts));
  }

  /** Forgets an upload and what came of it, but not the file of one that was completed. Without such an upload there is nothing to do. */
  async abort({ id, place }: UploadOf): Promise<void> {
    await this.remove({ id, path: nameOf(place), completedAt: null });
  }

  /** Ends uploads whose time is over, and forgets those that were completed so long ago. */
  async abortStale(now: Date): Promise<void> {
    const before = new Date(now.getTime() - this.config.uploads.lifetimeMs);
    const over = { createdAt: { lt: before }, OR: [{ completedAt: null }, { completedAt: { lt: before } }] };
    for (let count = STALE_AT_ONCE; count === STALE_AT_ONCE; ) {
      const select = { id: true };
      const stale = await this.database.reader.multipartUpload.findMany({ where: over, select, take: STALE_AT_ONCE });
      for (const { id } of stale) await this.remove({ id });
      count = stale.length;
    }
  }

  private roomBeside(bytes: number): number {
    return Math.max(0, this.config.artifacts.maxBytes - bytes);
  }

  private tooLarge(): DomainError {
    return new DomainError('payload-too-large', `A file may have at most ${this.config.artifacts.maxBytes} bytes.`);
  }

  private async *join(parts: readonly UploadedPart[]): AsyncGenerator<Uint8Array> {
    for (const { digest } of parts) yield* await this.store.open(digest);
  }

  /** Removes an upload, and those of its parts that nobody else names. */
  private async remove(where: Prisma.MultipartUploadWhereInput): Promise<void> {
    const parts = await this.database.change(async (tx) => {
      const found = await tx.uploadedPart.findMany({ where: { upload: where }, select: { digest: true } });
      await tx.multipartUpload.deleteMany({ where });
      return found;
    });
    await this.unnamed.remove(digestsOf(parts));
  }
}

/** Uploads that are ended in one go. */
const STALE_AT_ONCE = 100;

/**
 * The parts that a client names, by their numbers.
 * @throws DomainError `validation-failed` when one is missing or is another one; of a completed upload also when it was made of more
 */
function choose({ completedAt, parts }: UploadRow, named: readonly NamedPart[]): UploadedPart[] {
  const kept = new Map(parts.map((part) => [part.number, part]));
  const chosen = new Map(
    named.map(({ number, digest }) => {
      const part = kept.get(number);
      if (!part || (digest !== undefined && digest !== part.digest))
        throw new DomainError(
          'validation-failed',
          `Part ${number} was not uploaded, or is another one. Send it again.`,
        );
      return [number, part];
    }),
  );
  if (completedAt && chosen.size < parts.length)
    throw new DomainError('validation-failed', 'The upload was completed already, with more parts.');
  return [...chosen.values()].sort((left, right) => left.number - right.number);
}

const sumOf = (parts: readonly UploadedPart[]): number => parts.reduce((sum, { bytes }) => sum + bytes, 0);
const digestsOf = (parts: readonly { readonly digest: string }[]): string[] => [
  ...new Set(parts.map(({ digest }) => digest)),
];

/** How a place is written down; only for comparing. */
const nameOf = ({ owner, path }: ArtifactPlace): string => `${owner.kind}/${owner.id}/${path}`;
