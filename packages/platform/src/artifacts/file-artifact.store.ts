import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import {
  access,
  constants,
  type FileHandle,
  mkdir,
  open,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  statfs,
  unlink,
} from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { DomainError, isDomainError } from '@gimbal/domain';
import { errorCode } from '../start-service/error-facts.js';
import type { ArtifactStore, ByteRange, ListedArtifact, PutOptions, StoredArtifact } from './artifact-store.js';
import { checked, corrupt, endsEarly, isDigest, notFound, requireMatch, tooLarge } from './content-checks.js';

/** A temporary file older than this was left by a process that died. */
const STALE_MS = 3_600_000;
/** Others put files of their own beside ours: NFS for one that was removed while it was open, systems for their file browsers. */
const FOLDER = /^[0-9a-f]{2}$/;
/** Below this the store counts as full: a file system needs some room to rename and to log. */
const FREE_BYTES_MIN = 1_048_576;

/** Read at once of a stream: larger ones cost memory, smaller ones a trip to the thread pool each. */
const READ_BYTES = 262_144;

const FULL = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

const storageError = (error: unknown): unknown => {
  if (isDomainError(error)) return error;
  const code = errorCode(error);
  if (FULL.has(code)) return new DomainError('storage-full', 'The artifact store has no space left.', { cause: error });
  return code
    ? new DomainError('storage-failed', `The artifact store cannot be used (${code}).`, { cause: error })
    : error;
};

export interface FileArtifactOptions {
  readonly directory: string;
  /** Largest artifact, in bytes, > 0. */
  readonly maxBytes: number;
}

/** The artifact store on a file system: `sha256/ab/ab12...`, written beside (`tmp/`), synced, then renamed into place. */
export class FileArtifactStore implements ArtifactStore {
  private readonly directory: string;
  private readonly maxBytes: number;

  private constructor({ directory, maxBytes }: FileArtifactOptions) {
    this.directory = directory;
    this.maxBytes = maxBytes;
  }

  /**
   * Opens the store in `directory`, made when absent, and clears what dead processes left half-written.
   * @throws DomainError `storage-full` · `storage-failed`
   */
  static async open(options: FileArtifactOptions): Promise<FileArtifactStore> {
    const store = new FileArtifactStore(options);
    try {
      await mkdir(join(options.directory, 'sha256'), { recursive: true });
      await mkdir(store.temporary, { recursive: true });
      await store.sweep();
    } catch (error) {
      throw storageError(error);
    }
    return store;
  }

  async put(content: AsyncIterable<Uint8Array> | Uint8Array, options: PutOptions = {}): Promise<StoredArtifact> {
    const limit = Math.min(options.maxBytes ?? this.maxBytes, this.maxBytes);
    const path = join(this.temporary, randomUUID());
    try {
      const stored = await this.write(path, content, limit);
      if (options.expectedDigest !== undefined && stored.digest !== options.expectedDigest) throw corrupt();
      await this.moveIntoPlace(path, stored.digest);
      return stored;
    } catch (error) {
      await rm(path, { force: true }).catch(() => undefined); // the first failure is the one to tell
      throw storageError(error);
    }
  }

  async read(digest: string): Promise<Buffer> {
    const content = await readFile(this.pathOf(digest)).catch((error: unknown) => {
      throw errorCode(error) === 'ENOENT' ? notFound() : storageError(error);
    });
    return requireMatch(content, digest);
  }

  async open(digest: string, range?: ByteRange): Promise<Readable> {
    const path = this.pathOf(digest);
    await access(path, constants.R_OK).catch((error: unknown) => {
      throw errorCode(error) === 'ENOENT' ? notFound() : storageError(error);
    });
    const part = range && { start: range.start, end: range.end - 1 };
    const content = createReadStream(path, { ...part, highWaterMark: READ_BYTES });
    return part ? content : Readable.from(checked(content, { digest, explain: storageError }), { objectMode: false });
  }

  async readRange(digest: string, start: number, end: number): Promise<Uint8Array<ArrayBuffer>> {
    const file = await open(this.pathOf(digest), 'r').catch((error: unknown) => {
      throw errorCode(error) === 'ENOENT' ? notFound() : storageError(error);
    });
    try {
      const bytes = new Uint8Array(end - start);
      for (let offset = 0; offset < bytes.length; ) {
        const { bytesRead } = await file.read(bytes, offset, bytes.length - offset, start + offset);
        if (bytesRead === 0) throw endsEarly();
        offset += bytesRead;
      }
      return bytes;
    } catch (error) {
      throw storageError(error);
    } finally {
      await file.close();
    }
  }

  async find(digest: string): Promise<StoredArtifact | undefined> {
    if (!isDigest(digest)) return undefined;
    try {
      return { digest, bytes: (await stat(this.pathOf(digest))).size };
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return undefined;
      throw storageError(error);
    }
  }

  async *list(): AsyncGenerator<ListedArtifact> {
    try {
      const root = join(this.directory, 'sha256');
      for (const folder of (await readdir(root)).filter((name) => FOLDER.test(name))) {
        for (const digest of (await readdir(join(root, folder))).filter(isDigest)) {
          const found = await stat(this.pathOf(digest)).catch(() => undefined); // removed meanwhile
          if (found) yield { digest, storedAt: found.mtime };
        }
      }
    } catch (error) {
      throw storageError(error);
    }
  }

  async remove(digest: string): Promise<boolean> {
    if (!isDigest(digest)) return false;
    try {
      await unlink(this.pathOf(digest));
      return true;
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return false;
      throw storageError(error);
    }
  }

  async probe(): Promise<{ readonly freeBytes: number }> {
    try {
      await access(this.temporary, constants.W_OK);
      const { bavail, bsize } = await statfs(this.temporary);
      const freeBytes = bavail * bsize;
      if (freeBytes < FREE_BYTES_MIN) throw new DomainError('storage-full', 'The artifact store has no space left.');
      return { freeBytes };
    } catch (error) {
      throw storageError(error);
    }
  }

  private get temporary(): string {
    return join(this.directory, 'tmp');
  }

  /** A digest comes from outside: only hex reaches the file system. */
  private pathOf(digest: string): string {
    if (!isDigest(digest)) throw notFound();
    return join(this.directory, 'sha256', digest.slice(0, 2), digest);
  }

  private async write(
    path: string,
    content: AsyncIterable<Uint8Array> | Uint8Array,
    limit: number,
  ): Promise<StoredArtifact> {
    const hash = createHash('sha256');
    let bytes = 0;
    const file = await open(path, 'wx', 0o600);
    try {
      for await (const part of content instanceof Uint8Array ? [content] : content) {
        bytes += part.byteLength;
        if (bytes > limit) throw tooLarge(limit);
        const written = writeAll(file, part); // by a thread, which leaves this one to the hash
        hash.update(part);
        await written;
      }
      await file.sync();
    } finally {
      await file.close();
    }
    return { digest: hash.digest('hex'), bytes };
  }

  /** Renaming over an older copy also repairs one that has gone bad. The rename itself is durable once its folder is synced. */
  private async moveIntoPlace(path: string, digest: string): Promise<void> {
    const target = this.pathOf(digest);
    const folder = dirname(target);
    if (await mkdir(folder, { recursive: true })) await syncFolder(dirname(folder));
    await rename(path, target);
    await syncFolder(folder);
  }

  private async sweep(): Promise<void> {
    for (const name of await readdir(this.temporary)) {
      const path = join(this.temporary, name);
      const age = await stat(path).then(
        ({ mtimeMs }) => Date.now() - mtimeMs,
        () => 0, // another process swept it
      );
      if (age > STALE_MS) await rm(path, { force: true });
    }
  }
}

async function writeAll(file: FileHandle, part: Uint8Array): Promise<void> {
  for (let offset = 0; offset < part.byteLength; ) {
    const { bytesWritten } = await file.write(part, offset);
    offset += bytesWritten;
  }
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
