import type { ModelArchive } from '@gimbal/contracts';
import { type DatabaseTransaction, Prisma, toJson } from '@gimbal/db';
import { LIVE_ALIAS } from '../models/version.repository.js';
import type { ImportedOwners } from './insert-owners.js';

type ArchivedVersion = ModelArchive['versions'][number];

/** Says of an imported version where its files were, where it was made. */
const ORIGIN_SOURCE_TAG = 'gimbal.imported_source';

/** Adds the model with versions, aliases and histories. @param owners the runs and logged models that came with it */
export async function insertModel(
  tx: DatabaseTransaction,
  name: string,
  { model, versions, aliases, aliasHistory, stageHistory }: ModelArchive,
  owners: ImportedOwners,
): Promise<void> {
  const { description, tags, lastVersion, createdBy } = model;
  const createdAt = new Date(model.createdAt);
  await tx.model.create({ data: { name, description, tags, lastVersion, createdBy, createdAt } });
  await tx.modelVersion.createMany({ data: versions.map((version) => rowOf(name, version, owners)) });
  const kept = aliases.filter(({ alias }) => alias !== LIVE_ALIAS); // nothing is live here yet
  const importedBy = { modelName: name, updatedBy: createdBy };
  await tx.modelAlias.createMany({ data: kept.map((alias) => ({ ...alias, ...importedBy })) });
  const rows = <R extends { changedAt: string }>(changes: readonly R[]) =>
    changes.map(({ changedAt, ...change }) => ({ ...change, modelName: name, changedAt: new Date(changedAt) }));
  await tx.aliasHistory.createMany({ data: rows(aliasHistory) });
  await tx.stageChange.createMany({ data: rows(stageHistory) });
}

/** Ends in the histories what was live where the model comes from, lest they say that it is live here. */
export async function endLive(
  tx: DatabaseTransaction,
  modelName: string,
  { aliases, versions }: ModelArchive,
  { actor, at }: { readonly actor: string; readonly at: Date },
): Promise<void> {
  const end = { modelName, changedBy: actor, reason: 'The model was imported: nothing is live here.', changedAt: at };
  const live = aliases.filter(({ alias }) => alias === LIVE_ALIAS);
  await tx.aliasHistory.createMany({
    data: live.map(({ alias, version }) => ({ ...end, alias, version: null, previousVersion: version })),
  });
  const inProduction = versions.filter(({ stage }) => stage === 'production');
  await tx.stageChange.createMany({
    data: inProduction.map(({ version }) => ({ ...end, version, fromStage: 'production', toStage: 'staging' })),
  });
}

function rowOf(
  modelName: string,
  { manifest: _, createdAt, stage, runId, loggedModelId, files, ...version }: ArchivedVersion,
  owners: ImportedOwners,
): Prisma.ModelVersionCreateManyInput {
  const json = (value: unknown) => (value === null || value === undefined ? Prisma.DbNull : toJson(value));
  const idOf = (was: string | null) => (was === null ? null : (owners.get(was)?.id ?? null));
  const { source, tags } = version;
  const found = files && findSource(files, owners);
  return {
    ...version,
    modelName,
    stage: stage === 'production' ? 'staging' : stage,
    evaluation: json(version.evaluation),
    signature: json(version.signature),
    parity: json(version.parity),
    hyperparameters: toJson(version.hyperparameters),
    source: found ?? source,
    tags: found && source !== null ? { ...tags, [ORIGIN_SOURCE_TAG]: source } : tags,
    runId: idOf(runId),
    loggedModelId: idOf(loggedModelId),
    createdAt: new Date(createdAt),
  };
}

/** Where MLflow's clients find the files here. */
function findSource({ id, folder }: NonNullable<ArchivedVersion['files']>, owners: ImportedOwners): string | undefined {
  const uri = owners.get(id)?.uri;
  return uri === undefined || folder === '' ? uri : `${uri}/${folder}`;
}
