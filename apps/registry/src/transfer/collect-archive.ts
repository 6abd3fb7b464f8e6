import type { ModelArchive } from '@gimbal/contracts';
import type { DatabaseReader, Prisma } from '@gimbal/db';
import { DomainError } from '@gimbal/domain';
import type { ArtifactStore } from '@gimbal/platform';
import { z } from 'zod';

/** Points of all metrics of one run; a longer history is cut at its old end. */
const POINTS_MAX = 10_000;

const Tags = z.record(z.string(), z.string());

const RUN_PARTS = {
  experiment: { select: { name: true } },
  params: true,
  tags: true,
  artifacts: { orderBy: { path: 'asc' } },
  metrics: { orderBy: [{ step: 'desc' }, { at: 'desc' }], take: POINTS_MAX },
} as const satisfies Prisma.RunInclude;
const MODEL_PARTS = {
  aliases: true,
  aliasHistory: { orderBy: { id: 'asc' } },
  stageChanges: { orderBy: { id: 'asc' } },
  versions: {
    orderBy: { version: 'asc' },
    include: {
      manifests: { orderBy: { id: 'desc' }, take: 1 },
      run: { include: RUN_PARTS },
    },
  },
} as const satisfies Prisma.ModelInclude;

type ModelRow = Prisma.ModelGetPayload<{ include: typeof MODEL_PARTS }>;
type VersionRow = ModelRow['versions'][number];
type RunRow = NonNullable<VersionRow['run']>;
type Collected = Omit<ModelArchive, 'exportedAt' | 'exportedBy' | 'keys'>;

/** All that is known of a model but the bytes of its files. Call it inside a snapshot. @throws DomainError `model-not-found`, `artifact-not-found` */
export async function collectArchive(
  db: DatabaseReader,
  store: Pick<ArtifactStore, 'find'>,
  name: string,
): Promise<Collected> {
  const row = await db.model.findUnique({ where: { name }, include: MODEL_PARTS });
  if (!row) throw new DomainError('model-not-found', `There is no model ${name}.`);
  const runs = [...new Map(row.versions.flatMap(({ run }) => (run ? [[run.id, run] as const] : []))).values()];
  const { description, lastVersion, createdBy, createdAt } = row;
  return {
    format: 'gimbal-model',
    v: 1,
    model: {
      name,
      description,
      tags: Tags.parse(row.tags),
      lastVersion,
      createdBy,
      createdAt: createdAt.toISOString(),
    },
    versions: row.versions.map(showVersion),
    aliases: row.aliases.map(({ alias, version }) => ({ alias, version })),
    aliasHistory: row.aliasHistory.map(({ alias, version, previousVersion, ...change }) => ({
      ...{ alias, version, previousVersion },
      ...showChange(change),
    })),
    stageHistory: row.stageChanges.map(({ version, fromStage, toStage, ...change }) => ({
      ...{ version, fromStage, toStage },
      ...showChange(change),
    })),
    runs: runs.map(showRun),
    contents: await listContents(store, row.versions, runs),
  };
}

const showChange = (change: { changedBy: string; reason: string; changedAt: Date }) => ({
  changedBy: change.changedBy,
  reason: change.reason,
  changedAt: change.changedAt.toISOString(),
});

function showVersion({ run: _, manifests, ...row }: VersionRow): Collected['versions'][number] {
  const { accuracy, f1Score, precision, recall, rocAuc, evaluation, signature, parity } = row;
  return {
    ...{ version: row.version, stage: row.stage, algorithm: row.algorithm, framework: row.framework },
    ...{ accuracy, f1Score, precision, recall, rocAuc, evaluation, signature, parity },
    hyperparameters: z.record(z.string(), z.unknown()).parse(row.hyperparameters),
    featureNames: z.array(z.string()).parse(row.featureNames),
    ...{ threshold: row.threshold, artifactDigest: row.artifactDigest, unservedReason: row.unservedReason },
    artifactBytes: row.artifactBytes === null ? null : Number(row.artifactBytes),
    ...{ source: row.source, tags: Tags.parse(row.tags), referenceProfileDigest: row.referenceProfileDigest },
    ...{ runId: row.runId, parentVersion: row.parentVersion, datasetDigest: row.datasetDigest },
    ...{ dataOrigin: row.dataOrigin, codeVersion: row.codeVersion, description: row.description },
    ...{ createdBy: row.createdBy, createdAt: row.createdAt.toISOString(), manifest: manifests[0]?.signed ?? null },
  };
}

function showRun(run: RunRow): Collected['runs'][number] {
  const { id, name, state, datasetDigest, userName, createdBy, startedAt, endedAt } = run;
  return {
    ...{ id, experiment: run.experiment.name, name, state, datasetDigest, userName, createdBy },
    ...{ startedAt: startedAt.toISOString(), endedAt: endedAt?.toISOString() ?? null },
    params: Object.fromEntries(run.params.map(({ key, value }) => [key, value])),
    tags: Object.fromEntries(run.tags.map(({ key, value }) => [key, value])),
    metrics: run.metrics.map(({ key, step, at, value }) => ({
      ...{ key, step: Number(step), at: at.toISOString() },
      value: Number.isFinite(value) ? value : (String(value) as 'NaN' | 'Infinity' | '-Infinity'), // as they write themselves
    })),
    files: run.artifacts.map(({ path, digest, bytes, contentType }) => ({
      path,
      digest,
      bytes: Number(bytes),
      contentType,
    })),
  };
}

/** Of reference profiles no row knows the size: the store does. */
async function listContents(
  store: Pick<ArtifactStore, 'find'>,
  versions: readonly VersionRow[],
  runs: readonly RunRow[],
): Promise<Collected['contents']> {
  const sizes = new Map<string, number>();
  for (const { artifacts } of runs) for (const { digest, bytes } of artifacts) sizes.set(digest, Number(bytes));
  for (const { artifactDigest, artifactBytes, referenceProfileDigest } of versions) {
    if (artifactDigest !== null) sizes.set(artifactDigest, Number(artifactBytes));
    if (referenceProfileDigest === null) continue;
    const profile = await store.find(referenceProfileDigest);
    if (!profile) throw new DomainError('artifact-not-found', 'A reference profile of the model is not in the store.');
    sizes.set(profile.digest, profile.bytes);
  }
  return [...sizes].map(([digest, bytes]) => ({ digest, bytes }));
}
