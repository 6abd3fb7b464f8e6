import { type Actor, hasRole } from '@gimbal/contracts';
import { type DatabaseTransaction } from '@gimbal/db';
import { type DecisionContext, DomainError, judgeReview, type ReviewRefusal } from '@gimbal/domain';
import { AuditTrail, OutboxWriter } from '@gimbal/platform';
import { Injectable } from '@nestjs/common';
import { findNewestEvidence } from '../assessment/assessment.repository.js';
import type { AuditedAction } from '../audit/audited-action.js';
import { Database } from '../database/database.js';
import { loadContext } from '../decision/decision-context.repository.js';
import { type ActionRow, findAction, lockAction, moveAction, settleIncident } from '../execution/action.repository.js';
import { ClaimService } from '../execution/claim.service.js';
import { findStaleReason } from '../execution/standing-proposal.js';

const HOUR_MS = 3_600_000;

/** One person's word on one proposal. */
export interface Review {
  readonly actionId: string;
  readonly decision: 'approve' | 'reject';
  readonly comment: string;
  readonly actor: Actor;
}

type Outcome = { readonly row: ActionRow } | { readonly refusal: ReviewRefusal; readonly detail: string };

/** Lets a person decide a proposal, once, in time, on evidence that still holds, and never on their own account. */
@Injectable()
export class ApprovalService {
  constructor(
    private readonly database: Database,
    private readonly outbox: OutboxWriter,
    private readonly audit: AuditTrail<AuditedAction>,
    private readonly claims: ClaimService,
  ) {}

  /**
   * Approves or rejects. What a refusal finds out (expired, stale) is written down before it is answered.
   * @throws DomainError `action-not-found`, `role-required`, `self-approval`, `approval-decided`, `approval-expired`, `approval-stale`,
   *   `agent-paused`, `invalid-transition`
   */
  async review(review: Review): Promise<ActionRow> {
    const { actionId, actor } = review;
    // The gateway asked already; what changes a model in production is worth asking twice.
    if (!hasRole(actor.roles, 'approver'))
      throw new DomainError('role-required', 'Deciding a proposal needs the role approver.');
    const found = await findAction(this.database.reader, actionId);
    if (!found) throw new DomainError('action-not-found', `There is no action ${actionId}.`);
    const outcome = await this.database.changeInTurn(found.modelName, (tx) => this.judge(tx, review));
    if ('refusal' in outcome) throw new DomainError(outcome.refusal, outcome.detail);
    return outcome.row;
  }

  private async judge(tx: DatabaseTransaction, review: Review): Promise<Outcome> {
    const row = await lockAction(tx, review.actionId);
    if (!row) throw new DomainError('action-not-found', `There is no action ${review.actionId}.`);
    const at = new Date();
    const context = await loadContext(tx, row.modelName, at);
    const { decision, actor: reviewer } = review;
    const action = { ...row, expiresAt: row.expiresAt?.getTime() ?? null };
    const verdict = judgeReview(action, { decision, reviewer, now: context.now, isPaused: context.isPaused });
    if (!verdict.allowed) {
      if (verdict.code === 'approval-expired' && row.state === 'proposed') await this.claims.expire(tx, row, at);
      if (verdict.code === 'self-approval') await this.auditSelfApproval(tx, row, review, at);
      return { refusal: verdict.code, detail: verdict.detail };
    }
    const stale = decision === 'approve' ? await this.findStale(tx, row, context) : null;
    if (stale !== null) {
      await this.claims.supersede(tx, row, stale, at);
      return { refusal: 'approval-stale', detail: stale };
    }
    return { row: await this.write(tx, row, review, { at, approvalHours: context.policy.approvalHours }) };
  }

  private async findStale(tx: DatabaseTransaction, row: ActionRow, context: DecisionContext): Promise<string | null> {
    const newest = row.modelVersion === null ? null : await findNewestEvidence(tx, row.modelName, row.modelVersion);
    return findStaleReason(row, { newest, context, isApprovedByPerson: true });
  }

  private async write(
    tx: DatabaseTransaction,
    row: ActionRow,
    { decision, comment, actor }: Review,
    { at, approvalHours }: { readonly at: Date; readonly approvalHours: number },
  ): Promise<ActionRow> {
    const { evidenceHash, argumentsHash } = row;
    await tx.approval.create({
      data: {
        agentActionId: row.id,
        decision,
        decidedBy: actor.name,
        decidedByKeyId: actor.id,
        comment,
        evidenceHash,
        argumentsHash,
        decidedAt: at,
      },
    });
    const reviewed = { reviewedBy: actor.name, reviewedAt: at, comment };
    const expiresAt = new Date(at.getTime() + approvalHours * HOUR_MS);
    const moved = await moveAction(tx, row, decision, decision === 'approve' ? { ...reviewed, expiresAt } : reviewed);
    await this.audit.record(tx, {
      action: decision === 'approve' ? 'action.approved' : 'action.rejected',
      key: row.id,
      subject: `agent-action:${row.id}`,
      actor: actor.name,
      at,
      payload: { actionType: row.actionType, comment, evidenceHash, argumentsHash, keyId: actor.id },
    });
    if (decision === 'approve') await this.outbox.enqueue(tx, 'action.due', { v: 1, actionId: row.id });
    else await settleIncident(tx, row.incidentId, at);
    return moved;
  }

  private async auditSelfApproval(tx: DatabaseTransaction, row: ActionRow, { actor }: Review, at: Date): Promise<void> {
    await this.audit.record(tx, {
      action: 'action.refused',
      key: `${row.id}:self-approval:${actor.id}`,
      subject: `agent-action:${row.id}`,
      actor: actor.name,
      at,
      payload: { actionType: row.actionType, code: 'self-approval', keyId: actor.id },
    });
  }
}
