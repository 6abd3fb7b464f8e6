import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import {
  AbortMultipartUploadCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  paginateListObjectsV2,
} from '@aws-sdk/client-s3';
import type { ArtifactStore, ByteRange, ListedArtifact, PutOptions, StoredArtifact } from './artifact-store.js';
import { checked, corrupt, endsEarly, isDigest, notFound, requireMatch, tooLarge } from './content-checks.js';
import { isGone, openBucket, type S3Bucket, type S3Options, s3Error } from './s3-bucket.js';
import { copyObject, deleteObject, PART_BYTES, PartReader, putObject, uploadParts } from './s3-upload.js';

/** S3 takes 10 000 parts. */
const OBJECT_BYTES_MAX = 10_000 * PART_BYTES;
/** Keys of ours below the prefix: a bucket, and a prefix that is empty, may be shared with others. */
const OWN_KEY = /^(tmp\/[0-9a-f-]{36}|sha256\/[0-9a-f]{2}\/[0-9a-f]{64})$/;
/** What is under way longer than this was left by a process that died. */
const ABANDONED_MS = 86_400_000;

/**
 * The artifact store in a bucket of S3, or of a server that speaks its protocol: `sha256/ab/ab12...` below the prefix, and `tmp/` for uploads
 * whose digest is not known yet. Each service needs a prefix of its own.
 */
export class S3ArtifactStore implements ArtifactStore {
  private readonly store: S3Bucket;
  private readonly maxBytes: number;

  private constructor(options: S3Options) {
    this.store = openBucket(options);
    this.maxBytes = Math.min(options.maxBytes, OBJECT_BYTES_MAX);
  }

  /** Opens the store. Whether it can be used is seen by the first call, so that a service starts without it, too. */
  static open(options: S3Options): S3ArtifactStore {
    const store = new S3ArtifactStore(options);
    store.clearAbandoned(new Date(Date.now() - ABANDONED_MS)).catch(() => undefined); // the next start clears them
    return store;
  }

  async put(content: AsyncIterable<Uint8Array> | Uint8Array, options: PutOptions = {}): Promise<StoredArtifact> {
    const limit = Math.min(options.maxBytes ?? this.maxBytes, this.maxBytes);
    const chunks = content instanceof Uint8Array ? Readable.from([content]) : content;
    const reader = new PartReader(chunks, limit, () => tooLarge(limit));
    try {
      return await this.upload(reader, options.expectedDigest);
    } catch (error) {
      throw s3Error(error);
    }
  }

  async read(digest: string): Promise<Buffer> {
    const body = await this.get(digest);
    const content = await buffer(body).catch((error: unknown) => {
      throw s3Error(error);
    });
    return requireMatch(content, digest);
  }

  async open(digest: string, range?: ByteRange): Promise<Readable> {
    const body = await this.get(digest, range);
    return range ? body : Readable.from(checked(body, { digest, explain: s3Error }), { objectMode: false });
  }

  async readRange(digest: string, start: number, end: number): Promise<Uint8Array<ArrayBuffer>> {
    const stored = await this.find(digest);
    if (!stored) throw notFound();
    if (end > stored.bytes) throw endsEarly();
    if (start === end) return new Uint8Array();
    const content = await buffer(await this.get(digest, { start, end }));
    if (content.length !== end - start) throw endsEarly();
    return new Uint8Array(content);
  }

  async find(digest: string): Promise<StoredArtifact | undefined> {
    if (!isDigest(digest)) return undefined;
    try {
      const { client, bucket: Bucket } = this.store;
      const { ContentLength = 0 } = await client.send(new HeadObjectCommand({ Bucket, Key: this.keyOf(digest) }));
      return { digest, bytes: ContentLength };
    } catch (error) {
      if (isGone(error)) return undefined;
      throw s3Error(error);
    }
  }

  async *list(): AsyncGenerator<ListedArtifact> {
    const { client, bucket: Bucket, prefix } = this.store;
    try {
      for await (const { Contents = [] } of paginateListObjectsV2({ client }, { Bucket, Prefix: `${prefix}sha256/` })) {
        for (const { Key = '', LastModified } of Contents) {
          const digest = Key.slice(Key.lastIndexOf('/') + 1);
          if (isDigest(digest) && LastModified) yield { digest, storedAt: LastModified };
        }
      }
    } catch (error) {
      throw s3Error(error);
    }
  }

  async remove(digest: string): Promise<boolean> {
    if (!(await this.find(digest))) return false;
    try {
      await deleteObject(this.store, this.keyOf(digest));
      return true;
    } catch (error) {
      throw s3Error(error);
    }
  }

  async probe(): Promise<{ readonly freeBytes: null }> {
    try {
      await this.store.client.send(new HeadBucketCommand({ Bucket: this.store.bucket }));
      return { freeBytes: null };
    } catch (error) {
      throw s3Error(error);
    }
  }

  /** Frees what uploads took that began before `before` and never ended. @throws DomainError `storage-failed` */
  async clearAbandoned(before: Date): Promise<void> {
    const { client, bucket: Bucket, prefix } = this.store;
    const isLeft = (key: string, time: Date | undefined): boolean =>
      OWN_KEY.test(key.slice(prefix.length)) && time !== undefined && time < before;
    try {
      const Prefix = `${prefix}tmp/`;
      const { Uploads = [] } = await client.send(new ListMultipartUploadsCommand({ Bucket, Prefix: prefix }));
      for (const { Key = '', UploadId, Initiated } of Uploads)
        if (isLeft(Key, Initiated)) await client.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId }));
      const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket, Prefix }));
      for (const { Key = '', LastModified } of Contents)
        if (isLeft(Key, LastModified)) await deleteObject(this.store, Key);
    } catch (error) {
      throw s3Error(error);
    }
  }

  /** Content of one part is put at once under its digest; that of more goes by a temporary key, since the digest is known at its end only. */
  private async upload(reader: PartReader, expected: string | undefined): Promise<StoredArtifact> {
    const parts = reader.parts();
    const { value: first = Buffer.alloc(0) } = await parts.next();
    if (first.length < PART_BYTES) {
      const { done } = await parts.next(); // ends the content
      if (!done) throw new RangeError('A part was smaller than it must be.');
      const stored = sealed(reader, expected);
      await putObject(this.store, this.keyOf(stored.digest), first);
      return stored;
    }
    const temporary = `${this.store.prefix}tmp/${randomUUID()}`;
    await uploadParts(this.store, temporary, before(first, parts));
    try {
      const stored = sealed(reader, expected);
      await copyObject(this.store, { from: temporary, to: this.keyOf(stored.digest), bytes: stored.bytes });
      return stored;
    } finally {
      await deleteObject(this.store, temporary).catch(() => undefined); // cleared as abandoned later
    }
  }

  private async get(digest: string, range?: ByteRange): Promise<Readable> {
    const Key = this.keyOf(digest);
    const Range = range && { Range: `bytes=${range.start}-${range.end - 1}` };
    try {
      const { Body } = await this.store.client.send(new GetObjectCommand({ Bucket: this.store.bucket, Key, ...Range }));
      return Body as Readable; // under Node the SDK gives the connection's own stream
    } catch (error) {
      throw isGone(error) ? notFound() : s3Error(error);
    }
  }

  private keyOf(digest: string): string {
    if (!isDigest(digest)) throw notFound();
    return `${this.store.prefix}sha256/${digest.slice(0, 2)}/${digest}`;
  }
}

/** What was read, when it is what was expected. @throws DomainError `artifact-corrupt` */
function sealed({ digest, bytes }: PartReader, expected: string | undefined): StoredArtifact {
  if (expected !== undefined && digest !== expected) throw corrupt();
  return { digest, bytes };
}

async function* before(first: Buffer, rest: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  yield first;
  yield* rest;
}
