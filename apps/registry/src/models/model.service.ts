import { type Model, type ModelsQuery, type ModelVersion, type VersionsQuery } from '@gimbal/contracts';
import type { Prisma } from '@gimbal/db';
import { DomainError } from '@gimbal/domain';
import { NEWEST_FIRST, olderThan, type PageOf, pageOf } from '@gimbal/platform';
import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { Database } from '../database/database.js';
import { showVersion } from './show-version.js';
import { findVersion, findVersions, LIVE_ALIAS, requireModel } from './version.repository.js';
import { hasText, tagCondition, versionConditions } from './version-conditions.js';

const MODEL_PARTS = {
  aliases: { select: { alias: true, version: true }, orderBy: { alias: 'asc' } },
  versions: { select: { version: true }, orderBy: { version: 'desc' }, take: 1 },
  _count: { select: { versions: true } },
} as const satisfies Prisma.ModelInclude;
type ModelRow = Prisma.ModelGetPayload<{ include: typeof MODEL_PARTS }>;

/** Reads models and versions: search and detail. */
@Injectable()
export class ModelService {
  constructor(private readonly database: Database) {}

  /** Models of which one version fulfils every given condition, newest first. */
  async list({
    limit,
    cursor,
    tag,
    text,
    ...asked
  }: z.output<typeof ModelsQuery>): Promise<PageOf<z.output<typeof Model>>> {
    const wanted = versionConditions(asked);
    const rows = await this.database.reader.model.findMany({
      where: {
        AND: [
          ...(wanted.length > 0 ? [{ versions: { some: { AND: wanted } } }] : []),
          ...tagCondition(tag),
          ...(text === undefined ? [] : [{ OR: [{ name: hasText(text) }, { description: hasText(text) }] }]),
          olderThan(cursor),
        ],
      },
      include: MODEL_PARTS,
      orderBy: NEWEST_FIRST,
      take: limit + 1,
    });
    return pageOf(rows, limit, showModel);
  }

  /** @throws DomainError `model-not-found` */
  async get(model: string): Promise<z.output<typeof Model>> {
    const row = await this.database.reader.model.findUnique({ where: { name: model }, include: MODEL_PARTS });
    if (!row) throw new DomainError('model-not-found', `There is no model ${model}.`);
    return showModel(row);
  }

  /** Versions that fulfil every given condition, newest first. @throws DomainError `model-not-found` */
  async listVersions(model: string, query: z.output<typeof VersionsQuery>): Promise<PageOf<ModelVersion>> {
    await requireModel(this.database.reader, model);
    return await this.searchVersions(query, { modelName: model });
  }

  /** As {@link listVersions}, of all models. */
  async searchVersions(
    query: z.output<typeof VersionsQuery>,
    within: Prisma.ModelVersionWhereInput = {},
  ): Promise<PageOf<ModelVersion>> {
    const rows = await findVersions(this.database.reader, query, within);
    return pageOf(rows, query.limit, showVersion);
  }

  /** @throws DomainError `model-not-found`, `version-not-found` */
  async getVersion(model: string, version: number): Promise<ModelVersion> {
    return showVersion(await findVersion(this.database.reader, model, version));
  }
}

function showModel(row: ModelRow): z.output<typeof Model> {
  const aliases = Object.fromEntries(row.aliases.map(({ alias, version }) => [alias, version]));
  return {
    name: row.name,
    description: row.description,
    liveVersion: aliases[LIVE_ALIAS] ?? null,
    latestVersion: row.versions[0]?.version ?? null,
    versions: row._count.versions,
    aliases,
    createdAt: row.createdAt.toISOString(),
  };
}
