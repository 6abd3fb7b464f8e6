import { randomUUID } from 'node:crypto';
import { encodeWire, GateVerdict, ModelVersion } from '@gimbal/contracts';
import type { ModelVersion as ModelVersionRow, PrismaClient } from '@gimbal/db';

const HOUR_MS = 3_600_000;

/** One version of a model to be arranged. */
export interface Arranged {
  readonly version: number;
  /** Whether the gate admitted it; default true. */
  readonly isAdmitted?: boolean;
  /** Hours ago when it went live; undefined: never. */
  readonly liveSinceHours?: number;
  readonly trainingRunId?: string;
}

const verdict = (admitted: boolean) => ({
  admitted,
  refusals: admitted ? [] : [{ code: 'not-better-than-live', message: 'Brier .20 against .19 on the recent rows.' }],
  conditions: [],
});

/** Adds a version as the registry would, and a training run behind it. */
export async function arrangeVersion(
  rows: PrismaClient,
  model: string,
  { version, isAdmitted = true, ...more }: Arranged,
) {
  const trainingRunId = more.trainingRunId ?? randomUUID();
  await rows.trainingRun.upsert({
    where: { id: trainingRunId },
    create: {
      id: trainingRunId,
      modelName: model,
      state: 'running',
      data: { dataset: 'heart-disease', parts: ['cleveland'] },
      request: {},
      requestedBy: 'test',
    },
    update: {},
  });
  const added = await rows.modelVersion.create({
    data: {
      modelName: model,
      version,
      algorithm: 'random-forest',
      framework: 'onnx',
      featureNames: ['age'],
      signature: {},
      evaluation: { holdout: { rows: 90, positives: 41 } },
      threshold: 0.45,
      artifactDigest: 'a'.repeat(64),
      artifactBytes: 1_000n,
      gateVerdict: encodeWire(GateVerdict, verdict(isAdmitted)) as object,
      codeVersion: 'test',
      trainingRunId,
      createdBy: 'test',
    },
  });
  // In the order of training: the version is registered before its run has succeeded.
  await rows.trainingRun.update({ where: { id: trainingRunId }, data: { state: 'succeeded' } });
  return added;
}

/** Moves the live alias, as every promotion and rollback does. */
export async function moveLive(
  rows: PrismaClient,
  move: { readonly model: string; readonly from: number | null; readonly to: number; readonly decisionId: string },
): Promise<void> {
  const { model: modelName, from: previousVersion, to: version, decisionId } = move;
  const data = { modelName, alias: 'live', version, previousVersion, changedBy: 'test', reason: 'test', decisionId };
  await rows.aliasHistory.create({ data });
}

/** Adds a model with its versions; the one that went live last is live. */
export async function arrangeModel(rows: PrismaClient, model: string, versions: readonly Arranged[]): Promise<void> {
  await rows.model.create({ data: { name: model, createdBy: 'test', lastVersion: versions.length } });
  let live: number | null = null;
  for (const arranged of versions) {
    await arrangeVersion(rows, model, arranged);
    const { version, liveSinceHours } = arranged;
    if (liveSinceHours === undefined) continue;
    const decisionId = randomUUID();
    await moveLive(rows, { model, from: live, to: version, decisionId });
    await rows.promotion.create({
      data: {
        decisionId,
        kind: 'promote',
        modelName: model,
        stage: 'production',
        fromVersion: live,
        toVersion: version,
        requestHash: '',
        reason: 'test',
        decidedBy: 'test',
        createdAt: new Date(Date.now() - liveSinceHours * HOUR_MS),
      },
    });
    live = version;
  }
  if (live !== null)
    await rows.modelVersion.updateMany({ where: { modelName: model, version: live }, data: { isActive: true } });
}

/** A row as the registry's route answers it; what the agent does not look at is empty. */
export function showVersion(row: ModelVersionRow): unknown {
  const input = {
    name: 'age',
    type: 'number' as const,
    description: '',
    allowed: null,
    range: null,
    missing: 'allowed' as const,
    trainingRange: null,
  };
  return encodeWire(ModelVersion, {
    id: row.id,
    modelName: row.modelName,
    version: row.version,
    stage: row.stage,
    isActive: row.isActive,
    algorithm: row.algorithm,
    framework: row.framework,
    threshold: row.threshold,
    accuracy: null,
    f1Score: null,
    precision: null,
    recall: null,
    rocAuc: null,
    evaluation: null,
    parity: null,
    gate: GateVerdict.parse(row.gateVerdict),
    signature: { task: 'binary-classification', inputs: [input], target: 'num', codings: {} },
    hyperparameters: {},
    featureNames: ['age'],
    artifactDigest: row.artifactDigest,
    artifactBytes: Number(row.artifactBytes),
    unservedReason: row.unservedReason,
    datasetDigest: null,
    dataOrigin: null,
    trainingRunId: row.trainingRunId,
    runId: null,
    parentVersion: null,
    codeVersion: row.codeVersion,
    referenceProfileDigest: null,
    description: '',
    aliases: [],
    createdBy: row.createdBy,
    createdAt: row.createdAt.toISOString(),
  });
}
