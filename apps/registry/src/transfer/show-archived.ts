import type { ModelArchive } from '@gimbal/contracts';
import type { Prisma } from '@gimbal/db';
import { z } from 'zod';
import type { VersionPlace } from './version-place.js';

/** Points of all metrics of one run; a longer history is cut at its old end. */
const POINTS_MAX = 10_000;

export const Tags = z.record(z.string(), z.string());

const EXPERIMENT = { select: { name: true, artifactLocation: true } } as const;
export const RUN_PARTS = {
  experiment: EXPERIMENT,
  params: true,
  tags: true,
  artifacts: { orderBy: { path: 'asc' } },
  metrics: { orderBy: [{ step: 'desc' }, { at: 'desc' }], take: POINTS_MAX },
} as const satisfies Prisma.RunInclude;
export const LOGGED_MODEL_PARTS = {
  experiment: EXPERIMENT,
  artifacts: { orderBy: { path: 'asc' } },
} as const satisfies Prisma.LoggedModelInclude;

type RunRow = Prisma.RunGetPayload<{ include: typeof RUN_PARTS }>;
type LoggedModelRow = Prisma.LoggedModelGetPayload<{ include: typeof LOGGED_MODEL_PARTS }>;
type VersionRow = Prisma.ModelVersionGetPayload<{ include: { manifests: true } }>;
/** What files belong to. */
export type ArchivedOwner = Pick<RunRow | LoggedModelRow, 'id' | 'experiment'>;

export const showChange = (change: { changedBy: string; reason: string; changedAt: Date }) => ({
  changedBy: change.changedBy,
  reason: change.reason,
  changedAt: change.changedAt.toISOString(),
});

/** @param place of its files, when they are in the archive */
export function showVersion(
  { manifests, ...row }: VersionRow,
  place: VersionPlace | undefined,
): ModelArchive['versions'][number] {
  const { accuracy, f1Score, precision, recall, rocAuc, evaluation, signature, parity } = row;
  return {
    ...{ version: row.version, stage: row.stage, algorithm: row.algorithm, framework: row.framework },
    ...{ accuracy, f1Score, precision, recall, rocAuc, evaluation, signature, parity },
    hyperparameters: z.record(z.string(), z.unknown()).parse(row.hyperparameters),
    featureNames: z.array(z.string()).parse(row.featureNames),
    ...{ threshold: row.threshold, artifactDigest: row.artifactDigest, unservedReason: row.unservedReason },
    artifactBytes: row.artifactBytes === null ? null : Number(row.artifactBytes),
    ...{ source: row.source, tags: Tags.parse(row.tags), referenceProfileDigest: row.referenceProfileDigest },
    files: place ? { ...place.owner, folder: place.folder } : null,
    ...{ runId: row.runId, loggedModelId: row.loggedModelId, parentVersion: row.parentVersion },
    ...{ datasetDigest: row.datasetDigest, dataOrigin: row.dataOrigin, codeVersion: row.codeVersion },
    ...{ description: row.description, createdBy: row.createdBy, createdAt: row.createdAt.toISOString() },
    manifest: manifests[0]?.signed ?? null,
  };
}

export function showRun(run: RunRow): ModelArchive['runs'][number] {
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
    files: run.artifacts.map(showFile),
  };
}

export function showLoggedModel(row: LoggedModelRow): ModelArchive['loggedModels'][number] {
  const { id, name, modelType, sourceRunId, ofVersion, createdBy, createdAt } = row;
  return {
    ...{ id, experiment: row.experiment.name, name, modelType, sourceRunId, ofVersion, createdBy },
    ...{ params: Tags.parse(row.params), tags: Tags.parse(row.tags), createdAt: createdAt.toISOString() },
    files: row.artifacts.map(showFile),
  };
}

const showFile = ({
  path,
  digest,
  bytes,
  contentType,
}: RunRow['artifacts'][number] | LoggedModelRow['artifacts'][number]) => ({
  path,
  digest,
  bytes: Number(bytes),
  contentType,
});
