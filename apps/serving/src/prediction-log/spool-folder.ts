import { mkdir, open, readdir, rename, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';

const SEGMENT_NAME = /^(\d{12})\.spool$/;

/** A segment on disk. */
export interface SegmentFile {
  readonly number: number;
  readonly path: string;
  readonly bytes: number;
}

/** Makes the folder when it is absent and lists its segments, oldest first. */
export async function listSegments(directory: string): Promise<readonly SegmentFile[]> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const found: SegmentFile[] = [];
  for (const name of (await readdir(directory)).sort()) {
    const number = SEGMENT_NAME.exec(name)?.[1];
    if (number === undefined) continue;
    const path = join(directory, name);
    found.push({ number: Number(number), path, bytes: (await stat(path)).size });
  }
  return found;
}

/** A segment that can't be read to its end is kept beside the others for a person to look at. */
export async function setAside(path: string): Promise<void> {
  await rename(path, `${path}.damaged`);
}

/** Deletes a file; one that is gone already is fine. */
export async function deleteSegment(path: string): Promise<void> {
  await unlink(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
}

const PROBE_BYTES = 65_536;

/** Writes a little beside the log and deletes it again. @throws the file system's error when that is not possible */
export async function probeFolder(directory: string): Promise<void> {
  const path = join(directory, 'probe.new');
  try {
    const file = await open(path, 'w', 0o600);
    try {
      await file.writeFile(Buffer.alloc(PROBE_BYTES, 1));
      await file.datasync();
    } finally {
      await file.close();
    }
  } finally {
    await deleteSegment(path);
  }
}
