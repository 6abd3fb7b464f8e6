import type { Actor, Promotion } from '@gimbal/contracts';
import type { DatabaseTransaction } from '@gimbal/db';
import { planAfterMove } from '@gimbal/domain';
import { AuditTrail } from '@gimbal/platform';
import { Injectable } from '@nestjs/common';
import { AliasMoves } from '../aliases/alias-moves.js';
import { DeploymentNews } from '../announcements/deployment-news.js';
import { type AuditedAction, auditSubject } from '../audit/audited-action.js';
import { LIVE_ALIAS } from '../models/version.repository.js';
import { addPlan, findPlan } from '../traffic/traffic-plan.repository.js';
import { type DecisionRecord, recordDecision } from './promotion.repository.js';
import { moveStage } from './stage-history.repository.js';

/** What the audit is told of a move besides the move. */
export interface ToldMove {
  readonly promotion: Promotion;
  readonly actor: Actor;
  readonly reason: string;
  readonly facts: Readonly<Record<string, unknown>>;
}

/** Puts another version live: stages, alias with history, traffic plan, decision and audit are one change. */
@Injectable()
export class LiveMover {
  constructor(
    private readonly aliases: AliasMoves,
    private readonly news: DeploymentNews,
    private readonly audit: AuditTrail<AuditedAction>,
  ) {}

  /** The caller holds the model's turn and has checked that the move is allowed. */
  async move(
    tx: DatabaseTransaction,
    record: DecisionRecord,
    { actor, facts }: Pick<ToldMove, 'actor' | 'facts'>,
  ): Promise<Promotion> {
    const { model, from, to, reason, decisionId, at } = record;
    const decision = { model, actor: actor.name, reason, decisionId, at };
    if (from !== null) await moveStage(tx, { ...decision, version: from, to: 'archived' });
    await moveStage(tx, { ...decision, version: to, to: 'production' });
    await this.aliases.move(tx, { ...decision, alias: LIVE_ALIAS, from, to });
    const present = await findPlan(tx, model);
    const { shadow } = planAfterMove(present?.plan ?? { live: null }, to);
    const plan = { live: to, ...(shadow && { shadow: [...shadow] }) };
    const revision = await addPlan(tx, { model, plan, actor: actor.name, reason, at });
    const promotion = await recordDecision(tx, record);
    await this.news.tell(tx, decisionId);
    await this.tell(tx, { promotion, actor, reason, facts: { ...facts, revision } });
    return promotion;
  }

  /** Tells the audit of a decision that was carried out. */
  async tell(tx: DatabaseTransaction, { promotion, actor, reason, facts }: ToldMove): Promise<void> {
    const { decisionId, kind, stage, modelName: model, fromVersion: from, toVersion: to, forced, at } = promotion;
    await this.audit.record(tx, {
      action: kind === 'rollback' ? 'model.rolled-back' : 'model.promoted',
      key: decisionId,
      subject: auditSubject(model, to),
      actor: actor.name,
      at: new Date(at),
      payload: { decision_id: decisionId, stage, from, to, forced, reason, ...facts },
    });
  }
}
