import { type FileHandle, open, realpath } from 'node:fs/promises';
import { isAbsolute, sep } from 'node:path';
import { InvalidInputError } from '@gimbal/platform';
import { z } from 'zod';

/** Absolute folders, comma-separated. */
export function foldersText() {
  return z
    .string()
    .default('')
    .transform((text) => text.split(',').flatMap((folder) => folder.trim() || []))
    .refine((folders) => folders.every((folder) => isAbsolute(folder)), 'must be absolute paths');
}

/**
 * Opens a file that lies, links followed, in one of the folders. Whether another file exists is not told.
 * @throws InvalidInputError
 */
export async function openAllowed(path: string, folders: readonly string[]): Promise<FileHandle> {
  const refused = new InvalidInputError([
    { path: 'path', message: 'is no readable file in a folder that the registry allows (DATASET_FOLDERS)' },
  ]);
  if (!isAbsolute(path)) throw refused;
  const allowed = await Promise.all(folders.map((folder) => realpath(folder).catch(() => undefined)));
  const real = await realpath(path).catch(() => undefined);
  const isInside = allowed.some(
    (folder) => folder !== undefined && real?.startsWith(folder.endsWith(sep) ? folder : folder + sep),
  );
  if (real === undefined || !isInside) throw refused;
  const file = await open(real, 'r').catch(() => {
    throw refused;
  });
  if ((await file.stat()).isFile()) return file;
  await file.close();
  throw refused;
}
