import { createHash } from 'node:crypto';
import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DataOrigin, type DatasetDefinition, type DatasetPart } from '@gimbal/contracts';
import { DomainError } from '@gimbal/domain';
import { z } from 'zod';

/** Where a dataset's files may come from, in this order. */
export interface DataSources {
  /** Resolved files are kept here: `<cacheFolder>/<dataset>/<part>.csv` and `manifest.json`. */
  readonly cacheFolder: string;
  /** A folder with the definition's files (GIMBAL_DATA_DIR); when given, nothing is downloaded. */
  readonly dataFolder: string | undefined;
  /** Fetches the original; rejects when there is no network. */
  readonly download: (url: string) => Promise<Buffer>;
  /** Makes a stand-in for one part, as CSV with a header; the last resort. */
  readonly synthesize: (definition: DatasetDefinition, part: DatasetPart) => string;
}

const Manifest = z.object({
  origin: DataOrigin,
  parts: z.record(z.string(), z.object({ file: z.string(), sha256: z.string(), rows: z.int() })),
});
/** The resolved files of a dataset; all of one origin. */
export type Manifest = z.infer<typeof Manifest>;

/**
 * Makes all parts of a dataset available as CSV files with a header. They are resolved together, so that measured and synthetic
 * rows never meet in one dataset. Idempotent; a crash half-way leaves nothing that is taken for whole.
 *
 * @throws DomainError `dataset-invalid` when a file of the data folder is missing or its checksum is not the definition's.
 */
export async function resolveDataset(
  definition: DatasetDefinition,
  sources: DataSources,
): Promise<Manifest & { readonly folder: string }> {
  const folder = join(sources.cacheFolder, definition.name);
  const known = await readManifest(folder);
  if (known && isUsable(known, definition, sources)) return { ...known, folder };
  const { origin, contents } = await obtain(definition, sources);
  const parts: Record<string, Manifest['parts'][string]> = {};
  for (const [part, content] of contents) {
    const file = `${part.name}.csv`;
    await writeWhole(join(folder, file), content);
    parts[part.name] = { file, sha256: sha256(content), rows: part.rows };
  }
  const manifest: Manifest = { origin, parts };
  await writeWhole(join(folder, 'manifest.json'), Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`));
  return { ...manifest, folder };
}

async function readManifest(folder: string): Promise<Manifest | undefined> {
  try {
    const manifest = Manifest.parse(JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8')));
    for (const { file, sha256: expected } of Object.values(manifest.parts)) {
      if (sha256(await readFile(join(folder, file))) !== expected) return undefined;
    }
    return manifest;
  } catch {
    return undefined; // missing or damaged: it is made again
  }
}

/** Measured files are never replaced by others; a stand-in gives way as soon as a folder with the real ones is named. */
function isUsable({ origin, parts }: Manifest, definition: DatasetDefinition, { dataFolder }: DataSources): boolean {
  return definition.parts.every(({ name }) => parts[name]) && !(origin === 'synthetic' && dataFolder !== undefined);
}

type Obtained = { readonly origin: DataOrigin; readonly contents: readonly (readonly [DatasetPart, Buffer])[] };

async function obtain(
  definition: DatasetDefinition,
  { dataFolder, download, synthesize }: DataSources,
): Promise<Obtained> {
  const { parts } = definition;
  if (dataFolder !== undefined) {
    return {
      origin: 'folder',
      contents: await Promise.all(parts.map(async (part) => [part, await readGiven(dataFolder, part)] as const)),
    };
  }
  try {
    const header = `${definition.columns.map(({ name }) => name).join(',')}\n`;
    const contents: [DatasetPart, Buffer][] = [];
    // One after the other: a look-up of a name that nobody answers holds one of Node's few file threads until the system gives up, and
    // with all of them held nothing could be written either.
    for (const part of parts) {
      const body = verify(await download(part.url), part.bodySha256, part.url);
      contents.push([part, Buffer.concat([Buffer.from(header), body])]);
    }
    return { origin: 'uci', contents };
  } catch (error) {
    // A wrong checksum is a fault to be told; no network is not.
    if (error instanceof DomainError) throw error;
    return {
      origin: 'synthetic',
      contents: parts.map((part) => [part, Buffer.from(synthesize(definition, part))] as const),
    };
  }
}

async function readGiven(folder: string, part: DatasetPart): Promise<Buffer> {
  const path = join(folder, part.file);
  const content = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    throw new DomainError('dataset-invalid', `${part.file} can't be read from the data folder (${error.code}).`);
  });
  return verify(content, part.fileSha256, part.file);
}

function verify(content: Buffer, expected: string, file: string): Buffer {
  const actual = sha256(content);
  if (actual !== expected)
    throw new DomainError('dataset-invalid', `${file}: SHA-256 is ${actual}, the definition says ${expected}.`);
  return content;
}

const sha256 = (content: Buffer): string => createHash('sha256').update(content).digest('hex');

/** The file is there whole, on disk, or not at all. */
async function writeWhole(path: string, content: Buffer): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const draft = `${path}.${process.pid}`;
  const handle = await open(draft, 'w', 0o644);
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(draft, path);
}

const DOWNLOAD_TIMEOUT_MS = 10_000;
const DOWNLOAD_BYTES_MAX = 50_000_000;

/** Fetches a file over HTTPS, bounded in time and size. */
export async function downloadFile(url: string): Promise<Buffer> {
  const response = await fetch(url, { signal: AbortSignal.timeout(DOWNLOAD_TIMEOUT_MS), redirect: 'follow' });
  if (!response.ok || !response.body) throw new Error(`${url} answered ${response.status}`);
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body) {
    bytes += chunk.byteLength;
    if (bytes > DOWNLOAD_BYTES_MAX) throw new Error(`${url} is larger than ${DOWNLOAD_BYTES_MAX} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
