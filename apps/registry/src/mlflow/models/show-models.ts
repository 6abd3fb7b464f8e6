import type { Prisma } from '@gimbal/db';
import { z } from 'zod';
import { mlflowRunId } from '../ids.js';
import { MLFLOW_STAGES } from './stages.js';

/** What a version is read with to be shown to MLflow's clients. */
export const SHOWN_VERSION = {
  id: true,
  modelName: true,
  version: true,
  stage: true,
  description: true,
  source: true,
  sourceRun: true,
  runId: true,
  runLink: true,
  loggedModelId: true,
  tags: true,
  unservedReason: true,
  createdAt: true,
  updatedAt: true,
  aliases: { select: { alias: true }, orderBy: { alias: 'asc' } },
} as const satisfies Prisma.ModelVersionSelect;
export type ShownVersion = Prisma.ModelVersionGetPayload<{ select: typeof SHOWN_VERSION }>;

/** The same of a model. */
export const SHOWN_MODEL = {
  name: true,
  description: true,
  tags: true,
  createdAt: true,
  updatedAt: true,
  aliases: { select: { alias: true, version: true }, orderBy: { alias: 'asc' } },
} as const satisfies Prisma.ModelSelect;
export type ShownModel = Prisma.ModelGetPayload<{ select: typeof SHOWN_MODEL }>;

const Tags = z.record(z.string(), z.string());
const showTags = (tags: unknown) => Object.entries(Tags.parse(tags)).map(([key, value]) => ({ key, value }));

/** A version as MLflow's clients read it. Every registered version is ready; one that serving cannot run says why in `status_message`. */
export function showVersion(row: ShownVersion): object {
  const run = row.sourceRun ?? (row.runId && mlflowRunId(row.runId));
  return {
    name: row.modelName,
    version: String(row.version),
    creation_timestamp: row.createdAt.getTime(),
    last_updated_timestamp: row.updatedAt.getTime(),
    description: row.description,
    current_stage: MLFLOW_STAGES[row.stage],
    source: row.source ?? '',
    run_id: run ?? '',
    run_link: row.runLink ?? '',
    status: 'READY',
    ...(row.unservedReason !== null && { status_message: `Not served: ${row.unservedReason}` }),
    tags: showTags(row.tags),
    aliases: row.aliases.map(({ alias }) => alias),
    ...(row.loggedModelId !== null && { model_id: row.loggedModelId }),
  };
}

/** A model with the latest version of each stage, as MLflow's clients read it. */
export function showModel(row: ShownModel, latest: readonly ShownVersion[]): object {
  return {
    name: row.name,
    creation_timestamp: row.createdAt.getTime(),
    last_updated_timestamp: row.updatedAt.getTime(),
    ...(row.description !== '' && { description: row.description }),
    ...(latest.length > 0 && { latest_versions: latest.map(showVersion) }),
    tags: showTags(row.tags),
    aliases: row.aliases.map(({ alias, version }) => ({ alias, version: String(version) })),
  };
}
