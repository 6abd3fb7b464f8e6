import type { ModelArchive } from '@gimbal/contracts';
import { type DatabaseTransaction, Prisma, toJson } from '@gimbal/db';
import { LIVE_ALIAS } from '../models/version.repository.js';

type ArchivedVersion = ModelArchive['versions'][number];

/** Adds the model with versions, aliases and histories. @param runs new ids of the runs, by the old ones */
export async function insertModel(
  tx: DatabaseTransaction,
  name: string,
  { model, versions, aliases, aliasHistory, stageHistory }: ModelArchive,
  runs: ReadonlyMap<string, string>,
): Promise<void> {
  const { description, tags, lastVersion, createdBy } = model;
  const createdAt = new Date(model.createdAt);
  await tx.model.create({ data: { name, description, tags, lastVersion, createdBy, createdAt } });
  await tx.modelVersion.createMany({ data: versions.map((version) => rowOf(name, version, runs)) });
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
  { manifest: _, createdAt, stage, runId, ...version }: ArchivedVersion,
  runs: ReadonlyMap<string, string>,
): Prisma.ModelVersionCreateManyInput {
  const json = (value: unknown) => (value === null || value === undefined ? Prisma.DbNull : toJson(value));
  return {
    ...version,
    modelName,
    stage: stage === 'production' ? 'staging' : stage,
    evaluation: json(version.evaluation),
    signature: json(version.signature),
    parity: json(version.parity),
    hyperparameters: toJson(version.hyperparameters),
    runId: runId === null ? null : (runs.get(runId) ?? null),
    createdAt: new Date(createdAt),
  };
}
