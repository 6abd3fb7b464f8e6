import { createHash, createPublicKey } from 'node:crypto';
import { Readable } from 'node:stream';
import { ModelArchive } from '@gimbal/contracts';
import { type ArtifactStore, describePublicKey, InvalidInputError, type PublicKey } from '@gimbal/platform';
import { compactVerify, createLocalJWKSet } from 'jose';
import { type Extract, extract } from 'tar-stream';
import { z } from 'zod';
import {
  ARCHIVE_BYTES_MAX,
  ARCHIVE_ENTRY,
  contentEntry,
  SIGNATURE_BYTES_MAX,
  SIGNATURE_ENTRY,
} from './archive-format.js';

type Entry = Extract extends AsyncIterable<infer E> ? E : never;

const Signed = z.object({ archive_sha256: z.string() });

/** A file that was taken in. */
export interface ReadArchive {
  readonly archive: ModelArchive;
  /** Of the key that signed it. */
  readonly keyId: string;
}

/** What decides whether a file is taken in. */
interface ArchiveTrust {
  readonly ownKeys: readonly PublicKey[];
  /** Of a foreign key that the importer trusts. */
  readonly keyId: string | undefined;
}

/** What a file is read with. */
interface Reading {
  readonly store: Pick<ArtifactStore, 'put'>;
  readonly trust: ArchiveTrust;
  /** Rejects when the model cannot be taken in, before its files are stored. */
  readonly admit: (archive: ModelArchive) => Promise<void>;
}

const refuse = (message: string): InvalidInputError => new InvalidInputError([{ path: 'file', message }]);

/**
 * Reads an exported model as it comes: what it says is checked before the first of its files is stored, each file against its digest. Nothing
 * is ever written under a name that the file chose. Content that was stored before something else is refused has no name, and is swept.
 * @throws InvalidInputError for anything but a whole export by a trusted key
 */
export async function readArchive(content: AsyncIterable<Uint8Array>, reading: Reading): Promise<ReadArchive> {
  const entries = extract();
  const source = Readable.from(content);
  source.on('error', (error) => entries.destroy(error));
  source.pipe(entries);
  try {
    return await readEntries(entries, reading);
  } catch (error) {
    if (error instanceof InvalidInputError || !isOfTar(error)) throw error;
    throw refuse('is no whole tar file');
  } finally {
    source.destroy();
  }
}

async function readEntries(entries: AsyncIterable<Entry>, { store, trust, admit }: Reading): Promise<ReadArchive> {
  let document: Buffer | undefined;
  let read: ReadArchive | undefined;
  let taken = 0;
  for await (const entry of entries) {
    const { name, type, size = 0 } = entry.header;
    if (type !== 'file') throw refuse(`has an entry that is no file (${type})`);
    if (!document) document = await readWhole(entry, ARCHIVE_ENTRY, ARCHIVE_BYTES_MAX);
    else if (!read) {
      read = await verify(document, await readWhole(entry, SIGNATURE_ENTRY, SIGNATURE_BYTES_MAX), trust);
      await admit(read.archive);
    } else {
      const wanted = read.archive.contents[taken++];
      if (!wanted || name !== contentEntry(wanted.digest) || size !== wanted.bytes)
        throw refuse('has other files than it says, or in another order');
      await store.put(entry as AsyncIterable<Uint8Array>, { expectedDigest: wanted.digest });
    }
  }
  if (!read || taken !== read.archive.contents.length) throw refuse('ends early');
  return read;
}

async function readWhole(entry: Entry, name: string, bytesMax: number): Promise<Buffer> {
  if (entry.header.name !== name) throw refuse(`must have ${name} here`);
  if ((entry.header.size ?? 0) > bytesMax) throw refuse(`has a ${name} of more than ${bytesMax} bytes`);
  const chunks: Uint8Array[] = [];
  for await (const chunk of entry as AsyncIterable<Uint8Array>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** @returns what the document says, which is signed by a key that is trusted */
async function verify(document: Buffer, signature: Buffer, trust: ArchiveTrust): Promise<ReadArchive> {
  const parsed = ModelArchive.safeParse(parseJson(document));
  if (!parsed.success) throw refuse('is no export of a model, or of another version of Gimbal');
  const archive = parsed.data;
  const keys = await trustedKeys(archive, trust);
  if (keys.length === 0)
    throw refuse(
      'is not signed by a key of this registry: name the key of the exporting one in key_id when you trust it',
    );
  try {
    const { payload, protectedHeader } = await compactVerify(
      signature.toString('utf8'),
      createLocalJWKSet({ keys: [...keys] }),
      {
        algorithms: ['Ed25519'],
      },
    );
    const { archive_sha256: digest } = Signed.parse(parseJson(Buffer.from(payload)));
    if (digest === createHash('sha256').update(document).digest('hex'))
      return { archive: checkContents(archive), keyId: protectedHeader.kid ?? '' };
  } catch (error) {
    if (error instanceof InvalidInputError) throw error;
    // Malformed, of another key, or altered: all the same to whoever asks.
  }
  throw refuse('is not what was signed');
}

/** Whatever the document names is among its files, once. */
function checkContents(archive: ModelArchive): ModelArchive {
  const digests = new Set(archive.contents.map(({ digest }) => digest));
  if (digests.size < archive.contents.length) throw refuse('lists a file twice');
  const named = [
    ...archive.versions.flatMap(({ artifactDigest, referenceProfileDigest }) => [
      artifactDigest,
      referenceProfileDigest,
    ]),
    ...[...archive.runs, ...archive.loggedModels].flatMap(({ files }) => files.map(({ digest }) => digest)),
  ];
  const missing = named.find((digest) => digest !== null && !digests.has(digest));
  if (missing !== undefined) throw refuse(`names a file that it does not have (${missing})`);
  return archive;
}

/** Those of the file that the importer named are only what they say when their thumbprint is that name. */
async function trustedKeys({ keys }: ModelArchive, { ownKeys, keyId }: ArchiveTrust): Promise<readonly PublicKey[]> {
  const named = keys.filter(({ kid }) => kid === keyId);
  const proven: PublicKey[] = [];
  for (const key of named) if ((await thumbprintOf(key)) === keyId) proven.push(key);
  const own = new Set(keys.map(({ kid }) => kid));
  return [...ownKeys.filter(({ kid }) => own.has(kid)), ...proven];
}

async function thumbprintOf(key: PublicKey): Promise<string | undefined> {
  try {
    const { kid } = await describePublicKey(
      createPublicKey({ key: { kty: key.kty, crv: key.crv, x: key.x }, format: 'jwk' }),
    );
    return kid;
  } catch {
    return undefined;
  }
}

/** The extractor throws plain errors; those of the store and of the connection have codes. */
const isOfTar = (error: unknown): boolean => error instanceof Error && !('code' in error);

function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
}
