import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { SpoolFiles } from './spool-files.js';
import { SEGMENT_MAGIC, SEGMENT_NAME_BYTES } from './spool-segment.js';

export interface NewSegment {
  readonly descriptor: number;
  /** Of its head. */
  readonly bytes: number;
}

const segmentPath = (directory: string, segment: number): string =>
  join(directory, `${String(segment).padStart(12, '0')}.spool`);

/**
 * Makes the file of a segment, with its head.
 * @param sync `batch`: the file is to survive a power loss, too
 * @throws the file system's error; then there is no such file
 */
export function createSegment(
  files: SpoolFiles,
  directory: string,
  { number, sync }: { readonly number: number; readonly sync: 'none' | 'batch' },
): NewSegment {
  const path = segmentPath(directory, number);
  const descriptor = files.openSync(path, 'wx', 0o600);
  const head = Buffer.concat([SEGMENT_MAGIC, randomBytes(SEGMENT_NAME_BYTES)]);
  try {
    const written = files.writeSync(descriptor, head, 0, head.length, 0);
    if (written < head.length) throw Object.assign(new Error('no space for a new segment'), { code: 'ENOSPC' });
    if (sync === 'batch') syncDirectory(files, directory);
  } catch (error) {
    files.closeSync(descriptor);
    files.unlinkSync(path); // a full disk must not fill with empty files
    throw error;
  }
  return { descriptor, bytes: head.length };
}

/** A new file survives a power loss only when its folder was written, too. */
function syncDirectory(files: SpoolFiles, directory: string): void {
  const descriptor = files.openSync(directory, 'r');
  try {
    files.fsyncSync(descriptor);
  } finally {
    files.closeSync(descriptor);
  }
}
