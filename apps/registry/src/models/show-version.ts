import {
  DataOrigin,
  Evaluation,
  GateVerdict,
  ModelSignature,
  type ModelVersion,
  ParityCertificate,
} from '@gimbal/contracts';
import type { Prisma } from '@gimbal/db';
import { z } from 'zod';

/** What a version's row is read with: its aliases and the adjustment in force. */
export const VERSION_PARTS = {
  aliases: { select: { alias: true }, orderBy: { alias: 'asc' } },
  thresholds: { select: { toThreshold: true }, orderBy: { createdAt: 'desc' }, take: 1 },
} as const satisfies Prisma.ModelVersionInclude;

export type VersionRow = Prisma.ModelVersionGetPayload<{ include: typeof VERSION_PARTS }>;

/** The threshold in force: the version's own, or what the last adjustment put in its place; null where serving cannot run the version. */
export function thresholdInForce<T extends number | null>(row: {
  readonly threshold: T;
  readonly thresholds: VersionRow['thresholds'];
}): T | number {
  return row.thresholds[0]?.toThreshold ?? row.threshold;
}

/** What was measured before registration; null for a version that came without. */
export function evaluationOf(row: Pick<VersionRow, 'evaluation'>): Evaluation | null {
  return Evaluation.nullable().parse(row.evaluation);
}

/** A row as the routes answer it. Documents in the table have the wire's form and are parsed again. */
export function showVersion(row: VersionRow): ModelVersion {
  return {
    id: row.id,
    modelName: row.modelName,
    version: row.version,
    stage: row.stage,
    isActive: row.isActive,
    algorithm: row.algorithm,
    framework: row.framework,
    threshold: thresholdInForce(row),
    accuracy: row.accuracy,
    f1Score: row.f1Score,
    precision: row.precision,
    recall: row.recall,
    rocAuc: row.rocAuc,
    evaluation: evaluationOf(row),
    parity: ParityCertificate.nullable().parse(row.parity),
    gate: GateVerdict.nullable().parse(row.gateVerdict),
    signature: ModelSignature.nullable().parse(row.signature),
    hyperparameters: z.record(z.string(), z.unknown()).parse(row.hyperparameters),
    featureNames: z.array(z.string()).parse(row.featureNames),
    artifactDigest: row.artifactDigest,
    artifactBytes: row.artifactBytes === null ? null : Number(row.artifactBytes),
    unservedReason: row.unservedReason,
    datasetDigest: row.datasetDigest,
    dataOrigin: DataOrigin.nullable().parse(row.dataOrigin),
    trainingRunId: row.trainingRunId,
    runId: row.runId,
    parentVersion: row.parentVersion,
    codeVersion: row.codeVersion,
    referenceProfileDigest: row.referenceProfileDigest,
    description: row.description,
    aliases: row.aliases.map(({ alias }) => alias),
    createdBy: row.createdBy,
    createdAt: row.createdAt.toISOString(),
  };
}
