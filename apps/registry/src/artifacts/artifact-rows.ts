import { type DatabaseReader, type DatabaseTransaction, Prisma } from '@gimbal/db';
import { DomainError } from '@gimbal/domain';
import type { ArtifactOwner } from './artifact-owner.js';

/** A file of a run or logged model: its bytes are in the artifact store under the digest. */
export interface ArtifactRow {
  readonly path: string;
  readonly digest: string;
  readonly bytes: number;
  readonly contentType: string;
}

/** What lies directly in a folder. */
export interface FolderEntry {
  readonly name: string;
  /** Null for a folder. */
  readonly bytes: number | null;
}

/** Where in a folder's entries to go on, and how many to take. */
export interface FolderPage {
  /** The last name that was shown; '' begins. */
  readonly after: string;
  readonly limit: number;
}

const ofOwner = ({ kind, id }: ArtifactOwner) =>
  kind === 'run'
    ? { table: Prisma.sql`artifacts`, key: Prisma.sql`run_id`, id: Prisma.sql`${id}::uuid` }
    : { table: Prisma.sql`logged_model_artifacts`, key: Prisma.sql`model_id`, id: Prisma.sql`${id}` };

/** A file by its path; undefined when there is none. */
export async function findArtifact(
  db: DatabaseReader,
  owner: ArtifactOwner,
  path: string,
): Promise<ArtifactRow | undefined> {
  const { table, key, id } = ofOwner(owner);
  const [row] = await db.$queryRaw<(Omit<ArtifactRow, 'bytes'> & { bytes: bigint })[]>`
    SELECT path, digest, bytes, content_type AS "contentType" FROM ${table} WHERE ${key} = ${id} AND path = ${path}`;
  return row && { ...row, bytes: Number(row.bytes) };
}

/** Whether some run or logged model has a file with this content. */
export async function isArtifact(db: DatabaseReader, digest: string): Promise<boolean> {
  const where = { digest };
  return (await db.artifact.count({ where, take: 1 })) + (await db.loggedModelArtifact.count({ where, take: 1 })) > 0;
}

/** What lies directly in a folder ('' is the root), by name. */
export async function listFolder(
  db: DatabaseReader,
  owner: ArtifactOwner,
  { folder, after, limit }: FolderPage & { readonly folder: string },
): Promise<FolderEntry[]> {
  const { table, key, id } = ofOwner(owner);
  const prefix = folder === '' ? '' : `${folder}/`;
  const rows = await db.$queryRaw<{ name: string; bytes: bigint | null }[]>`
    SELECT split_part(rest, '/', 1) AS name, CASE WHEN bool_or(strpos(rest, '/') > 0) THEN NULL ELSE max(bytes) END AS bytes
    FROM (SELECT substr(path, char_length(${prefix}) + 1) AS rest, bytes FROM ${table}
          WHERE ${key} = ${id} AND starts_with(path, ${prefix})) AS below
    WHERE split_part(rest, '/', 1) COLLATE "C" > ${after}
    GROUP BY split_part(rest, '/', 1) ORDER BY split_part(rest, '/', 1) COLLATE "C" LIMIT ${limit}::int`;
  return rows.map(({ name, bytes }) => ({ name, bytes: bytes === null ? null : Number(bytes) }));
}

/**
 * Names a stored file, or gives the path to another one. The caller holds the owner's turn.
 * @throws DomainError `validation-failed` when the path is a folder, or goes through a file
 */
export async function writeArtifact(
  tx: DatabaseTransaction,
  owner: ArtifactOwner,
  { path, digest, bytes, contentType }: ArtifactRow,
): Promise<void> {
  const { table, key, id } = ofOwner(owner);
  const names = path.split('/');
  const folders = names.slice(1).map((_, depth) => names.slice(0, depth + 1).join('/'));
  const [inTheWay] = await tx.$queryRaw<{ path: string }[]>`
    SELECT path FROM ${table} WHERE ${key} = ${id} AND (path = ANY(${folders}::text[]) OR starts_with(path, ${`${path}/`})) LIMIT 1`;
  if (inTheWay)
    throw new DomainError(
      'validation-failed',
      `The path is in the way of a file that is there already: ${inTheWay.path}`,
    );
  await tx.$executeRaw`
    INSERT INTO ${table} (${key}, path, digest, bytes, content_type) VALUES (${id}, ${path}, ${digest}, ${bytes}, ${contentType})
    ON CONFLICT (${key}, path) DO UPDATE
    SET digest = EXCLUDED.digest, bytes = EXCLUDED.bytes, content_type = EXCLUDED.content_type, created_at = now()`;
}

/** Removes a file, or a folder with all that is in it ('' is everything). @returns how many files that were */
export async function removeArtifacts(tx: DatabaseTransaction, owner: ArtifactOwner, path: string): Promise<number> {
  const { table, key, id } = ofOwner(owner);
  return await tx.$executeRaw`
    DELETE FROM ${table} WHERE ${key} = ${id} AND (path = ${path} OR starts_with(path, ${path === '' ? '' : `${path}/`}))`;
}
