import type { Stage } from '@gimbal/contracts';
import type { DatabaseTransaction } from '@gimbal/db';

/** A version's way into a stage: by whom and why. */
export interface StageMove {
  readonly model: string;
  readonly version: number;
  readonly to: Stage;
  readonly actor: string;
  readonly reason: string;
  readonly decisionId: string | null;
  readonly at: Date;
}

/** Writes the history of a stage; `from` is null at registration. */
export async function recordStage(
  tx: DatabaseTransaction,
  { model, version, from, to, actor, reason, decisionId, at }: StageMove & { readonly from: Stage | null },
): Promise<void> {
  await tx.stageChange.create({
    data: {
      modelName: model,
      version,
      fromStage: from,
      toStage: to,
      changedBy: actor,
      reason,
      decisionId,
      changedAt: at,
    },
  });
}

/**
 * The one way in which a registered version changes its stage: with its history. The one in production is the one that answers; for a
 * version that serving cannot run, the stage is a label that MLflow's clients set.
 */
export async function moveStage(tx: DatabaseTransaction, move: StageMove): Promise<void> {
  const { model, version, to, at } = move;
  const where = { modelName_version: { modelName: model, version } };
  const select = { stage: true, unservedReason: true } as const;
  const { stage: from, unservedReason } = await tx.modelVersion.findUniqueOrThrow({ where, select });
  const isActive = to === 'production' && unservedReason === null;
  await tx.modelVersion.update({ where, data: { stage: to, isActive, ...(isActive && { promotedAt: at }) } });
  await recordStage(tx, { ...move, from });
}
