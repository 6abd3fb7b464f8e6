import { encodeWire, GateVerdict, type Promotion, type Stage } from '@gimbal/contracts';
import type { DatabaseReader, DatabaseTransaction, Promotion as PromotionRow } from '@gimbal/db';
import { chooseRollbackTarget, DomainError, type LiveMove, type PromotionVerdict } from '@gimbal/domain';
import { LIVE_ALIAS } from '../models/version.repository.js';

/** What makes a decision the same decision when it is asked again. */
export interface DecisionIdentity {
  readonly decisionId: string;
  readonly requestHash: string;
}

/** A decision as it is written down. */
export interface DecisionRecord extends DecisionIdentity {
  readonly kind: 'promote' | 'rollback';
  readonly model: string;
  readonly stage: Stage;
  readonly from: number | null;
  readonly to: number;
  readonly gate: 'held' | 'forced' | 'not-asked';
  readonly reason: string;
  readonly actor: string;
  readonly at: Date;
}

/**
 * The first outcome of a decision, when there is one.
 * @throws DomainError `idempotency-key-reused` when the id belongs to another request
 */
export async function findRecorded(
  db: DatabaseReader,
  { decisionId, requestHash }: DecisionIdentity,
): Promise<Promotion | null> {
  const row = await db.promotion.findUnique({ where: { decisionId } });
  if (row && row.requestHash !== requestHash) throw reusedDecision();
  return row && showPromotion(row);
}

export const reusedDecision = (): DomainError =>
  new DomainError('idempotency-key-reused', 'This decision id was used for another request.');

/** Writes a decision down. The id is its key: a second row of the same decision can't exist. */
export async function recordDecision(tx: DatabaseTransaction, record: DecisionRecord): Promise<Promotion> {
  const { decisionId, kind, model, stage, from, to, gate, requestHash, reason, actor, at } = record;
  const row = await tx.promotion.create({
    data: {
      decisionId,
      kind,
      modelName: model,
      stage,
      fromVersion: from,
      toVersion: to,
      forced: gate === 'forced',
      requestHash,
      reason,
      decidedBy: actor,
      createdAt: at,
    },
  });
  return showPromotion(row);
}

/** Every move of what is live, oldest first. */
export async function readLiveHistory(db: DatabaseReader, model: string): Promise<readonly LiveMove[]> {
  const moves = await db.$queryRaw<LiveMove[]>`
    SELECT p.kind::text AS kind, h.version AS "to"
    FROM alias_history h JOIN promotions p ON p.decision_id = h.decision_id
    WHERE h.model_name = ${model} AND h.alias = ${LIVE_ALIAS} ORDER BY h.id`;
  return moves;
}

/** The version that a rollback of each model would put live; models without one are left out. */
export async function readRollbackTargets(db: DatabaseReader): Promise<ReadonlyMap<string, number>> {
  const moves = await db.$queryRaw<(LiveMove & { readonly model: string })[]>`
    SELECT h.model_name AS model, p.kind::text AS kind, h.version AS "to"
    FROM alias_history h JOIN promotions p ON p.decision_id = h.decision_id
    WHERE h.alias = ${LIVE_ALIAS} ORDER BY h.id`;
  const targets = new Map<string, number>();
  for (const [model, history] of Map.groupBy(moves, (move) => move.model)) {
    const choice = chooseRollbackTarget(history);
    if ('target' in choice) targets.set(model, choice.target);
  }
  return targets;
}

/** Keeps what the gate found last. */
export async function keepVerdict(
  tx: DatabaseTransaction,
  { model, version, verdict }: { readonly model: string; readonly version: number; readonly verdict: PromotionVerdict },
): Promise<void> {
  await tx.modelVersion.update({
    where: { modelName_version: { modelName: model, version } },
    data: { gateVerdict: encodeVerdict(verdict) },
  });
}

/** A verdict as the table and the wire hold it. */
export function encodeVerdict(verdict: PromotionVerdict) {
  return encodeWire(GateVerdict, showVerdict(verdict));
}

/** The domain's verdict as the contract's, whose arrays may be written to. */
export function showVerdict({ admitted, refusals, conditions }: PromotionVerdict): GateVerdict {
  return { admitted, refusals: [...refusals], conditions: [...conditions] };
}

function showPromotion(row: PromotionRow): Promotion {
  const { decisionId, modelName, kind, stage, fromVersion, toVersion, forced, createdAt } = row;
  return { decisionId, modelName, kind, stage, fromVersion, toVersion, forced, at: createdAt.toISOString() };
}
