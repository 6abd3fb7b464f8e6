import type { VersionsQuery } from '@gimbal/contracts';
import type { DatabaseReader, DatabaseTransaction, Prisma } from '@gimbal/db';
import { DomainError } from '@gimbal/domain';
import { NEWEST_FIRST, olderThan } from '@gimbal/platform';
import type { z } from 'zod';
import { VERSION_PARTS, type VersionRow } from './show-version.js';
import { hasText, tagCondition, versionConditions } from './version-conditions.js';

/** The alias of the version that answers. It moves only by promotion or rollback. */
export const LIVE_ALIAS = 'live';

/** Ancestors that a lineage shows at most; a longer chain is cut at its old end. */
const ANCESTORS_MAX = 1_000;

/**
 * Takes this model's turn: everybody else who wants to change it waits until the transaction ends.
 * @throws DomainError `model-not-found`
 */
export async function lockModel(tx: DatabaseTransaction, model: string): Promise<void> {
  const rows = await tx.$queryRaw<unknown[]>`SELECT 1 FROM models WHERE name = ${model} FOR UPDATE`;
  if (rows.length === 0) throw new DomainError('model-not-found', `There is no model ${model}.`);
}

/** @throws DomainError `model-not-found` or `version-not-found` */
export async function findVersion(db: DatabaseReader, model: string, version: number): Promise<VersionRow> {
  const where = { modelName_version: { modelName: model, version } };
  const row = await db.modelVersion.findUnique({ where, include: VERSION_PARTS });
  if (row) return row;
  await requireModel(db, model);
  throw new DomainError('version-not-found', `Model ${model} has no version ${version}.`);
}

/** @throws DomainError `model-not-found` */
export async function requireModel(db: DatabaseReader, model: string): Promise<void> {
  const row = await db.model.findUnique({ where: { name: model }, select: { id: true } });
  if (!row) throw new DomainError('model-not-found', `There is no model ${model}.`);
}

/** The version that answers now; null before the first promotion. */
export async function findLiveVersion(db: DatabaseReader, model: string): Promise<VersionRow | null> {
  return await db.modelVersion.findFirst({ where: { modelName: model, isActive: true }, include: VERSION_PARTS });
}

/** A page of versions, newest first, and one row more when there is a next page. */
export async function findVersions(
  db: DatabaseReader,
  { limit, cursor, tag, text, ...asked }: z.output<typeof VersionsQuery>,
  within: Prisma.ModelVersionWhereInput,
): Promise<VersionRow[]> {
  return await db.modelVersion.findMany({
    where: {
      AND: [
        within,
        ...versionConditions(asked),
        ...tagCondition(tag),
        ...(text === undefined ? [] : [{ OR: [{ modelName: hasText(text) }, { description: hasText(text) }] }]),
        olderThan(cursor),
      ],
    },
    include: VERSION_PARTS,
    orderBy: NEWEST_FIRST,
    take: limit + 1,
  });
}

/** The versions that a version descends from, nearest first, and those made directly from it. */
export async function findRelatives(
  db: DatabaseReader,
  model: string,
  version: number,
): Promise<{ readonly parents: number[]; readonly children: number[] }> {
  const ancestors = await db.$queryRaw<{ parent: number }[]>`
    WITH RECURSIVE line (parent, depth) AS (
      SELECT parent_version, 1 FROM model_versions WHERE model_name = ${model} AND version = ${version}
      UNION ALL
      SELECT v.parent_version, line.depth + 1 FROM model_versions v JOIN line ON v.version = line.parent
      WHERE v.model_name = ${model} AND line.depth < ${ANCESTORS_MAX}
    )
    SELECT parent FROM line WHERE parent IS NOT NULL ORDER BY depth`;
  const children = await db.modelVersion.findMany({
    where: { modelName: model, parentVersion: version },
    select: { version: true },
    orderBy: { version: 'asc' },
    take: ANCESTORS_MAX,
  });
  return { parents: ancestors.map(({ parent }) => parent), children: children.map((child) => child.version) };
}
