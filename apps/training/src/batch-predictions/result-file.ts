import { type FileHandle, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { storageError, syncFolder } from './batch-files.js';

/** The result while it grows: what was synced is there after a crash, what comes behind it is cut off by the next attempt. */
export class ResultFile {
  private waiting: string[] = [];

  private constructor(
    private readonly file: FileHandle,
    private written: number,
  ) {}

  /** Goes on behind the first `bytes`. @returns undefined when the file has fewer: it is not the one that was written */
  static async open(path: string, bytes: number): Promise<ResultFile | undefined> {
    try {
      const file = await open(path, bytes === 0 ? 'w+' : 'r+', 0o600).catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return undefined;
        throw error;
      });
      if (file && (await file.stat()).size >= bytes) {
        await file.truncate(bytes);
        if (bytes === 0) await syncFolder(dirname(path)); // else what is synced later may be in a file without a name
        return new ResultFile(file, bytes);
      }
      await file?.close();
      return undefined;
    } catch (error) {
      throw storageError(error);
    }
  }

  append(lines: string): void {
    this.waiting.push(lines);
  }

  /** @returns the bytes that are safe on the disk now. @throws DomainError `storage-full`, `storage-failed` */
  async sync(): Promise<number> {
    const bytes = Buffer.from(this.waiting.join(''));
    this.waiting = [];
    try {
      for (let offset = 0; offset < bytes.length; ) {
        const { bytesWritten } = await this.file.write(bytes, offset, bytes.length - offset, this.written);
        offset += bytesWritten;
        this.written += bytesWritten;
      }
      await this.file.datasync();
    } catch (error) {
      throw storageError(error);
    }
    return this.written;
  }

  async close(): Promise<void> {
    await this.file.close();
  }
}
