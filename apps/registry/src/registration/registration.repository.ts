import { Evaluation, encodeWire, ModelSignature, ParityCertificate, type RegisterVersion } from '@gimbal/contracts';
import { type DatabaseReader, type DatabaseTransaction, Prisma } from '@gimbal/db';
import { FIRST_STAGE, type PromotionVerdict } from '@gimbal/domain';
import { VERSION_PARTS, type VersionRow } from '../models/show-version.js';
import { lockModel } from '../models/version.repository.js';
import { encodeVerdict } from '../promotion/promotion.repository.js';
import { recordStage } from '../promotion/stage-history.repository.js';
import { addPlan } from '../traffic/traffic-plan.repository.js';
import type { LoggedModelPlace } from './logged-model-files.js';

/** A version that has its number and its verdict. */
export interface NumberedVersion {
  readonly model: string;
  readonly version: number;
  readonly request: RegisterVersion;
  readonly artifactBytes: number;
  readonly place: LoggedModelPlace;
  readonly verdict: PromotionVerdict;
  readonly actor: string;
  readonly at: Date;
}

export async function findByTrainingRun(db: DatabaseReader, trainingRunId: string): Promise<VersionRow | null> {
  return await db.modelVersion.findUnique({ where: { trainingRunId }, include: VERSION_PARTS });
}

/** Adds the model, with its first traffic plan, unless it is there; and takes its turn. @returns true when it was added */
export async function ensureModel(
  tx: DatabaseTransaction,
  { model, actor, at }: { readonly model: string; readonly actor: string; readonly at: Date },
): Promise<boolean> {
  const { count } = await tx.model.createMany({
    data: [{ name: model, createdBy: actor, createdAt: at }],
    skipDuplicates: true,
  });
  await lockModel(tx, model);
  if (count > 0) await addPlan(tx, { model, plan: { live: null }, actor, reason: 'The model is new.', at });
  return count > 0;
}

/** The next number of the model. It is given out only when the transaction commits, so that there are no gaps. */
export async function takeVersionNumber(tx: DatabaseTransaction, model: string): Promise<number> {
  const { lastVersion } = await tx.model.update({
    where: { name: model },
    data: { lastVersion: { increment: 1 } },
    select: { lastVersion: true },
  });
  return lastVersion;
}

export async function insertVersion(tx: DatabaseTransaction, numbered: NumberedVersion): Promise<VersionRow> {
  const { model, version, request, artifactBytes, place, verdict, actor, at } = numbered;
  const reason = 'Registered.';
  await recordStage(tx, { model, version, from: null, to: FIRST_STAGE, actor, reason, decisionId: null, at });
  return await tx.modelVersion.create({
    data: {
      modelName: model,
      version,
      algorithm: request.algorithm,
      framework: request.framework,
      ...columnsOf(request.evaluation),
      evaluation: encodeWire(Evaluation, request.evaluation),
      hyperparameters: request.hyperparameters,
      featureNames: request.signature.inputs.map(({ name }) => name),
      signature: encodeWire(ModelSignature, request.signature),
      threshold: request.threshold,
      artifactDigest: request.artifactDigest,
      artifactBytes,
      referenceProfileDigest: request.referenceProfileDigest,
      parity: request.parity ? encodeWire(ParityCertificate, request.parity) : Prisma.DbNull,
      gateVerdict: encodeVerdict(verdict),
      ...place,
      runId: request.runId,
      parentVersion: request.parentVersion,
      datasetDigest: request.datasetDigest,
      dataOrigin: request.dataOrigin,
      codeVersion: request.codeVersion,
      trainingRunId: request.trainingRunId,
      decisionId: request.decisionId,
      description: request.description,
      createdBy: actor,
      createdAt: at,
    },
    include: VERSION_PARTS,
  });
}

/** The metrics that have a column of their own. Other tasks than binary classification fill those that mean the same there. */
export function columnsOf({ holdout, scores }: Evaluation) {
  if (holdout) {
    const { accuracy, f1Score, precision, recall, rocAuc } = holdout;
    return { accuracy, f1Score, precision, recall, rocAuc };
  }
  const value = (name: string): number | null => scores?.values[name] ?? null;
  return {
    accuracy: value('accuracy'),
    f1Score: value('macro_f1'),
    precision: value('macro_precision'),
    recall: value('macro_recall'),
    rocAuc: value('roc_auc'),
  };
}
