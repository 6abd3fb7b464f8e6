import type { DatabaseReader, DatabaseTransaction } from '@gimbal/db';

/** One move of an alias, by whom and why. */
export interface AliasMove {
  readonly model: string;
  readonly alias: string;
  readonly from: number | null;
  /** Null when it was taken away. */
  readonly to: number | null;
  readonly actor: string;
  readonly reason: string;
  readonly decisionId: string | null;
  readonly at: Date;
}

export async function setAlias(
  tx: DatabaseTransaction,
  { model, alias, to, actor, at }: AliasMove & { readonly to: number },
): Promise<void> {
  await tx.modelAlias.upsert({
    where: { modelName_alias: { modelName: model, alias } },
    create: { modelName: model, alias, version: to, updatedBy: actor, updatedAt: at },
    update: { version: to, updatedBy: actor, updatedAt: at },
  });
}

export async function deleteAlias(tx: DatabaseTransaction, model: string, alias: string): Promise<void> {
  await tx.modelAlias.delete({ where: { modelName_alias: { modelName: model, alias } } });
}

/** Writes the history of a move. @returns its running number */
export async function recordMove(
  tx: DatabaseTransaction,
  { model, alias, from, to, actor, reason, decisionId, at }: AliasMove,
): Promise<bigint> {
  const { id } = await tx.aliasHistory.create({
    data: {
      modelName: model,
      alias,
      version: to,
      previousVersion: from,
      changedBy: actor,
      reason,
      decisionId,
      changedAt: at,
    },
  });
  return id;
}

/** What an alias points at now; null when it was never set. */
export async function findAlias(db: DatabaseReader, model: string, alias: string) {
  return await db.modelAlias.findUnique({ where: { modelName_alias: { modelName: model, alias } } });
}

/** The last move of an alias that is not later than `at`; null when there is none. */
export async function findMoveAt(db: DatabaseReader, model: string, alias: string, at: Date) {
  return await db.aliasHistory.findFirst({
    where: { modelName: model, alias, changedAt: { lte: at } },
    orderBy: { id: 'desc' },
  });
}

/** Moves of an alias, newest first; `before` is the id of the last move of the page before. */
export async function listMoves(
  db: DatabaseReader,
  {
    model,
    alias,
    take,
    before,
  }: { readonly model: string; readonly alias: string; readonly take: number; readonly before: number | undefined },
) {
  return await db.aliasHistory.findMany({
    where: { modelName: model, alias, ...(before !== undefined && { id: { lt: before } }) },
    orderBy: { id: 'desc' },
    take,
  });
}
