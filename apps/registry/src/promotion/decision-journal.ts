import type { Actor, Promotion } from '@gimbal/contracts';
import { type DatabaseTransaction, isTaken } from '@gimbal/db';
import { DomainError } from '@gimbal/domain';
import { AuditTrail } from '@gimbal/platform';
import { Injectable } from '@nestjs/common';
import { type AuditedAction, auditSubject } from '../audit/audited-action.js';
import { Database } from '../database/database.js';
import { lockModel } from '../models/version.repository.js';
import { TrafficWatch } from '../traffic/traffic-watch.js';
import { type DecisionIdentity, findRecorded, reusedDecision } from './promotion.repository.js';
import type { MoveOutcome } from './promotion-outcome.js';

/** A decision that somebody took, before it is known whether it can be carried out. */
export interface TakenDecision extends DecisionIdentity {
  readonly model: string;
  /** Null for "whatever was live before". */
  readonly version: number | null;
  readonly actor: Actor;
  readonly reason: string;
}

/** Carries out each decision once, and writes down those that were refused, too. */
@Injectable()
export class DecisionJournal {
  constructor(
    private readonly database: Database,
    private readonly audit: AuditTrail<AuditedAction>,
    private readonly watch: TrafficWatch,
  ) {}

  /**
   * Runs `attempt` while this model's turn is taken, unless the decision has an outcome already: a retry must not meet a newer gate.
   * @throws DomainError with the code of the refusal; `idempotency-key-reused`
   */
  async decide(
    decision: TakenDecision,
    attempt: (tx: DatabaseTransaction) => Promise<MoveOutcome>,
  ): Promise<Promotion> {
    const outcome = await this.database
      .change(async (tx) => {
        await lockModel(tx, decision.model);
        const done = await findRecorded(tx, decision);
        if (done) return { done };
        const result = await attempt(tx);
        if ('refusal' in result) await this.auditRefusal(tx, decision, result);
        return result;
      })
      .catch((error: unknown) => {
        // Two models were asked at the same moment under one id; each took its own turn.
        throw isTaken(error) ? reusedDecision() : error;
      });
    if ('refusal' in outcome) throw new DomainError(outcome.refusal.code, outcome.refusal.detail);
    this.watch.changed();
    return outcome.done;
  }

  private async auditRefusal(
    tx: DatabaseTransaction,
    { decisionId, model, version, actor, reason }: TakenDecision,
    { refusal }: Extract<MoveOutcome, { refusal: unknown }>,
  ): Promise<void> {
    await this.audit.record(tx, {
      action: 'model.promotion-refused',
      key: `${decisionId}:${refusal.code}`,
      subject: auditSubject(model, version),
      actor: actor.name,
      at: new Date(),
      payload: { decision_id: decisionId, code: refusal.code, detail: refusal.detail, reason, ...refusal.facts },
    });
  }
}
