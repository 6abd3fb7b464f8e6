import {
  type Comparison,
  type Model,
  type ModelsQuery,
  type ModelVersion,
  type VersionsQuery,
} from '@gimbal/contracts';
import type { Prisma } from '@gimbal/db';
import { compareVersions, DomainError, type NamedMetrics } from '@gimbal/domain';
import { NEWEST_FIRST, olderThan, type PageOf, pageOf } from '@gimbal/platform';
import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { Database } from '../database/database.js';
import { evaluationOf, showVersion, type VersionRow } from './show-version.js';
import { findVersion, LIVE_ALIAS, listVersions } from './version.repository.js';

const MODEL_PARTS = { aliases: { select: { alias: true, version: true }, orderBy: { alias: 'asc' } } } as const;
type ModelRow = Prisma.ModelGetPayload<{ include: typeof MODEL_PARTS }>;

/** Reads models and versions: search, detail, comparison. */
@Injectable()
export class ModelService {
  constructor(private readonly database: Database) {}

  /** Models of which one version fulfils every given condition, newest first. */
  async list({
    limit,
    cursor,
    framework,
    stage,
    minAccuracy,
  }: z.output<typeof ModelsQuery>): Promise<PageOf<z.output<typeof Model>>> {
    const wanted: Prisma.ModelVersionWhereInput = {
      ...(framework !== undefined && { framework }),
      ...(stage && { stage }),
      ...(minAccuracy !== undefined && { accuracy: { gte: minAccuracy } }),
    };
    const rows = await this.database.reader.model.findMany({
      where: {
        ...(Object.keys(wanted).length > 0 && { versions: { some: wanted } }),
        ...olderThan(cursor),
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

  /** @throws DomainError `model-not-found` */
  async listVersions(model: string, query: z.output<typeof VersionsQuery>): Promise<PageOf<ModelVersion>> {
    const rows = await listVersions(this.database.reader, model, query);
    return pageOf(rows, query.limit, showVersion);
  }

  /** @throws DomainError `model-not-found`, `version-not-found` */
  async getVersion(model: string, version: number): Promise<ModelVersion> {
    return showVersion(await findVersion(this.database.reader, model, version));
  }

  /** @throws DomainError `model-not-found`, `version-not-found` */
  async compare(model: string, [first, second]: readonly [number, number]): Promise<z.output<typeof Comparison>> {
    const rows = await Promise.all([first, second].map((version) => findVersion(this.database.reader, model, version)));
    const [one = {}, other = {}] = rows.map(metricsOf);
    const metrics = Object.entries(compareVersions(one, other)).map(([name, { pctChange, ...values }]) => [
      name,
      { ...values, pct_change: pctChange }, // metric names are data, so this record speaks the wire's names itself
    ]);
    return { modelName: model, versions: [first, second], metrics: Object.fromEntries(metrics) };
  }
}

function showModel(row: ModelRow): z.output<typeof Model> {
  const aliases = Object.fromEntries(row.aliases.map(({ alias, version }) => [alias, version]));
  return {
    name: row.name,
    description: row.description,
    liveVersion: aliases[LIVE_ALIAS] ?? null,
    latestVersion: row.lastVersion > 0 ? row.lastVersion : null,
    versions: row.lastVersion,
    aliases,
    createdAt: row.createdAt.toISOString(),
  };
}

function metricsOf(row: VersionRow): NamedMetrics {
  const holdout = evaluationOf(row)?.holdout;
  return {
    accuracy: row.accuracy,
    f1_score: row.f1Score,
    precision: row.precision,
    recall: row.recall,
    roc_auc: row.rocAuc,
    log_loss: holdout?.logLoss ?? null,
    brier: holdout?.brier ?? null,
    calibration_error: holdout?.calibrationError ?? null,
  };
}
