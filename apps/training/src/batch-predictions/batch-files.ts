import { type FileHandle, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Id } from '@gimbal/contracts';
import { DomainError } from '@gimbal/domain';
import { CONFIG } from '@gimbal/platform';
import { Inject, Injectable } from '@nestjs/common';
import type { TrainingConfig } from '../config.js';

/** The files of batch predictions: each has a folder of its own with `input` and `result`. */
@Injectable()
export class BatchFiles {
  constructor(@Inject(CONFIG) private readonly config: Pick<TrainingConfig, 'batchPredictions'>) {}

  resultOf(id: string): string {
    return join(this.folderOf(id), 'result');
  }

  /** The file whose rows are predicted; undefined when it is not there. */
  async openInput(id: string): Promise<FileHandle | undefined> {
    return await open(this.inputOf(id), 'r').catch(absent);
  }

  /**
   * Keeps the file whose rows are predicted. It is there whole or not at all, and stays when the machine loses power.
   * @throws DomainError `payload-too-large`, `storage-full`, `storage-failed`; what `content` throws
   */
  async keepInput(id: string, content: AsyncIterable<Uint8Array>): Promise<void> {
    const { maxBytes } = this.config.batchPredictions;
    const path = this.inputOf(id);
    const draft = `${path}.part`;
    try {
      await mkdir(this.folderOf(id), { recursive: true });
      await writeFile(draft, content, maxBytes);
      await rename(draft, path);
      await syncFolder(dirname(path));
      await syncFolder(this.config.batchPredictions.folder);
    } catch (error) {
      await this.remove(id).catch(() => undefined); // the first failure is the one to tell
      throw storageError(error);
    }
  }

  /** Removes the file that was predicted: nobody needs it any more. */
  async removeInput(id: string): Promise<void> {
    await rm(this.inputOf(id), { force: true });
  }

  /** Removes everything. */
  async remove(id: string): Promise<void> {
    await rm(this.folderOf(id), { recursive: true, force: true });
  }

  /** Ids of the folders in which nothing has come or gone since then. */
  async foldersOlderThan(time: Date): Promise<string[]> {
    const { folder } = this.config.batchPredictions;
    const entries = (await readdir(folder, { withFileTypes: true }).catch(absent)) ?? [];
    const names = entries.filter((entry) => entry.isDirectory() && isId(entry.name)).map(({ name }) => name);
    const old: string[] = [];
    for (const name of names) {
      const found = await stat(join(folder, name)).catch(absent); // another process may just have removed it
      if (found && found.mtime < time) old.push(name);
    }
    return old;
  }

  /** Bytes of the result; undefined when there is none. */
  async resultBytes(id: string): Promise<number | undefined> {
    return (await stat(this.resultOf(id)).catch(absent))?.size;
  }

  private inputOf(id: string): string {
    return join(this.folderOf(id), 'input');
  }

  private folderOf(id: string): string {
    return join(this.config.batchPredictions.folder, id);
  }
}

/** Whatever else lies there is not ours. */
const isId = (name: string): boolean => Id.safeParse(name).success;

async function writeFile(path: string, content: AsyncIterable<Uint8Array>, maxBytes: number): Promise<void> {
  const file = await open(path, 'w', 0o600);
  try {
    let bytes = 0;
    for await (const part of content) {
      bytes += part.byteLength;
      if (bytes > maxBytes) throw new DomainError('payload-too-large', `A file may have at most ${maxBytes} bytes.`);
      await file.appendFile(part);
    }
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Makes safe which files a folder has. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

const absent = (error: NodeJS.ErrnoException): undefined => {
  if (error.code === 'ENOENT') return undefined;
  throw storageError(error);
};

/** What a disk refuses, in the words of the error table. */
export function storageError(error: unknown): unknown {
  if (error instanceof DomainError || !(error instanceof Error) || !('code' in error)) return error;
  const code = String(error.code);
  const isFull = code === 'ENOSPC' || code === 'EDQUOT';
  if (isFull)
    return new DomainError('storage-full', 'The folder of batch predictions has no space left.', { cause: error });
  return /^E[A-Z]+$/.test(code)
    ? new DomainError('storage-failed', `The folder of batch predictions cannot be used (${code}).`, { cause: error })
    : error;
}
