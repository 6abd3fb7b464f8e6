import type { Readable } from 'node:stream';

/** A stored artifact: its SHA-256 in lower-case hex, which is its name, and its size in bytes. */
export interface StoredArtifact {
  readonly digest: string;
  readonly bytes: number;
}

export interface ListedArtifact {
  readonly digest: string;
  readonly storedAt: Date;
}

export interface PutOptions {
  /** Refuse more than this; the store's own limit holds besides. */
  readonly maxBytes?: number;
  /** Refuse content with another SHA-256. */
  readonly expectedDigest?: string;
}

/** The bytes from `start` up to, but not including, `end`; both within the content. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/**
 * Files named by their content: what was put can't change, and putting it again is harmless. Every read is checked against the
 * name, so that a bad disk is found and never served.
 */
export interface ArtifactStore {
  /**
   * Stores a stream or bytes. A chunk is not looked at any more once the next one is asked for. When it resolves, the content is on the disk, not only in its cache.
   * @throws DomainError `payload-too-large` · `artifact-corrupt` (not the expected digest) · `storage-full` · `storage-failed`
   */
  put(content: AsyncIterable<Uint8Array> | Uint8Array, options?: PutOptions): Promise<StoredArtifact>;
  /** The whole content, checked. @throws DomainError `artifact-not-found` · `artifact-corrupt` · `storage-failed` */
  read(digest: string): Promise<Buffer>;
  /**
   * The content as a stream that fails with `artifact-corrupt` before its last part when it does not match. Of a `range` only those bytes,
   * which can't be held against the digest.
   * @throws DomainError `artifact-not-found` · `storage-failed`
   */
  open(digest: string, range?: ByteRange): Promise<Readable>;
  /**
   * The bytes from `start` up to `end`, for formats that are read in parts. A part can't be held against the digest: read whole what must be
   * proven.
   * @throws DomainError `artifact-not-found` · `storage-failed`, also when the content ends before `end`
   */
  readRange(digest: string, start: number, end: number): Promise<Uint8Array<ArrayBuffer>>;
  /** Its size, or undefined when it is not there. */
  find(digest: string): Promise<StoredArtifact | undefined>;
  /** Everything that is stored, in no order, with when it was last put. */
  list(): AsyncIterable<ListedArtifact>;
  /** Removes it; true when it was there. */
  remove(digest: string): Promise<boolean>;
  /** Rejects when nothing can be stored now; `freeBytes` is null where no room is known. @throws DomainError `storage-full` · `storage-failed` */
  probe(): Promise<{ readonly freeBytes: number | null }>;
}

/** Injects the {@link ArtifactStore} of the service. */
export const ARTIFACT_STORE = Symbol('gimbal:artifact-store');
