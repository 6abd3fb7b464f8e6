import type { DatabaseReader } from '@gimbal/db';
import { isDomainError } from '@gimbal/domain';
import { type ArtifactOwner, requireOwner } from '../../artifacts/artifact-owner.js';
import { mlflowRunId, runUuid } from '../ids.js';
import { invalidParameter, MlflowError, notThere } from '../mlflow-error.js';
import { findVersion } from './model-reads.js';
import { SHOWN_VERSION, type ShownVersion } from './show-models.js';
import { readStage } from './stages.js';
import { checkSourceOwner, invalidSource, readSource, type VersionSelector } from './version-source.js';

/** What a client says of the files of a version that it registers. */
export interface NamedSource {
  readonly source: string;
  readonly run_id?: string | undefined;
  readonly model_id?: string | undefined;
}

/** The same, looked up. */
export interface ResolvedSource {
  /** As it is kept and shown. */
  readonly source: string;
  /** The run as the client names it; null when it names none and none is known. */
  readonly sourceRun: string | null;
  /** The same, when it is one of ours. */
  readonly runId: string | null;
  readonly loggedModelId: string | null;
  /** Where the files are; or which version they belong to already; or the scheme of a storage that is not ours. */
  readonly files:
    | { readonly owner: ArtifactOwner; readonly folder: string }
    | { readonly version: ShownVersion }
    | { readonly elsewhere: string };
}

/** @throws MlflowError in MLflow's words */
export async function resolveSource(db: DatabaseReader, named: NamedSource): Promise<ResolvedSource> {
  const source = readSource(named.source);
  if (source.kind === 'version') return resolveVersion(named, await selectVersion(db, source.name, source.by));
  const run = await findRun(db, named.run_id);
  const sourceRun = named.run_id || null;
  if (source.kind === 'elsewhere')
    return {
      source: named.source,
      sourceRun,
      runId: run,
      loggedModelId: await findLoggedModel(db, named.model_id),
      files: { elsewhere: source.scheme },
    };
  const { owner, folder } = source;
  checkSourceOwner(named.source, owner, named);
  const { artifactLocation } = await requireSourceOwner(db, named.source, owner);
  const loggedModel = owner.kind === 'logged-model' ? owner.id : await findLoggedModel(db, named.model_id);
  const madeBy = owner.kind === 'run' ? owner.id : (run ?? (await findSourceRun(db, owner.id)));
  return {
    source: named.source,
    sourceRun: sourceRun ?? (madeBy && mlflowRunId(madeBy)),
    runId: madeBy,
    loggedModelId: loggedModel,
    files: artifactLocation === null ? { owner, folder } : { elsewhere: artifactLocation.split(':', 1)[0] ?? '' },
  };
}

/** A version that is made of another one keeps where that came from. */
function resolveVersion(named: NamedSource, version: ShownVersion): ResolvedSource {
  const run = version.sourceRun ?? (version.runId && mlflowRunId(version.runId));
  if ((named.run_id && named.run_id !== run) || (named.model_id && named.model_id !== version.loggedModelId))
    throw invalidSource(
      named.source,
      'The run_id and model_id request parameters must match the referenced model version.',
    );
  return {
    source: `models:/${version.modelName}/${version.version}`,
    sourceRun: run,
    runId: version.runId,
    loggedModelId: version.loggedModelId,
    files: { version },
  };
}

async function selectVersion(db: DatabaseReader, name: string, by: VersionSelector): Promise<ShownVersion> {
  if ('version' in by) return await findVersion(db, { name, version: by.version });
  if ('alias' in by) return await findByAlias(db, name, by.alias);
  const stage = 'stage' in by ? readStage(by.stage) : undefined;
  const row = await db.modelVersion.findFirst({
    where: { modelName: name, ...(stage && { stage }) },
    orderBy: { version: 'desc' },
    select: SHOWN_VERSION,
  });
  if (!row)
    throw notThere(`No versions of model with name '${name}'${'stage' in by ? ` and stage '${by.stage}'` : ''} found`);
  return row;
}

/** @throws MlflowError in MLflow's words */
export async function findByAlias(db: DatabaseReader, name: string, alias: string): Promise<ShownVersion> {
  const row = await db.modelAlias.findUnique({
    where: { modelName_alias: { modelName: name, alias } },
    select: { modelVersion: { select: SHOWN_VERSION } },
  });
  if (!row) throw invalidParameter(`Registered model alias ${alias} not found.`);
  return row.modelVersion;
}

async function requireSourceOwner(db: DatabaseReader, source: string, owner: ArtifactOwner) {
  try {
    return await requireOwner(db, owner);
  } catch (error) {
    if (!isDomainError(error)) throw error;
    const parameter = owner.kind === 'run' ? 'run_id' : 'model_id';
    throw invalidSource(
      source,
      `The ${parameter} request parameter must identify the resource that contains the source. ${error.detail}`,
    );
  }
}

/** A run that a client names need not be one of ours: the files may come from another server. */
async function findRun(db: DatabaseReader, named: string | undefined): Promise<string | null> {
  const id = named ? runUuid(named) : undefined;
  const row = id === undefined ? null : await db.run.findUnique({ where: { id }, select: { id: true } });
  return row?.id ?? null;
}

async function findLoggedModel(db: DatabaseReader, named: string | undefined): Promise<string | null> {
  if (!named) return null;
  const row = await db.loggedModel.findUnique({ where: { id: named }, select: { id: true } });
  if (!row)
    throw new MlflowError('RESOURCE_DOES_NOT_EXIST', `Logged model with ID '${named.slice(0, 100)}' not found.`);
  return row.id;
}

async function findSourceRun(db: DatabaseReader, loggedModel: string): Promise<string | null> {
  const row = await db.loggedModel.findUnique({ where: { id: loggedModel }, select: { sourceRunId: true } });
  return row?.sourceRunId ?? null;
}
