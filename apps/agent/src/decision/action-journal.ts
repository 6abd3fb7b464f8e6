import type { DatabaseTransaction } from '@gimbal/db';
import { AuditTrail, OutboxWriter } from '@gimbal/platform';
import { Injectable } from '@nestjs/common';
import type { AuditedAction } from '../audit/audited-action.js';
import { type NewAction, saveAction } from './decision.repository.js';

/** Enters new actions: the row, its line in the audit chain and, when it runs by itself, the job that sets it going. */
@Injectable()
export class ActionJournal {
  constructor(
    private readonly outbox: OutboxWriter,
    private readonly audit: AuditTrail<AuditedAction>,
  ) {}

  async enter(tx: DatabaseTransaction, action: NewAction): Promise<void> {
    const { proposal, evidence, at } = action;
    const { id, state } = await saveAction(tx, action);
    await this.audit.record(tx, {
      action: 'action.proposed',
      key: id,
      subject: `agent-action:${id}`,
      at,
      payload: {
        actionType: proposal.actionType,
        modelName: evidence.modelName,
        modelVersion: evidence.modelVersion,
        risk: proposal.risk,
        requiresApproval: proposal.requiresApproval,
        state,
        target: proposal.target,
        arguments: proposal.arguments,
        reason: proposal.reason,
      },
    });
    if (state === 'approved') await this.outbox.enqueue(tx, 'action.due', { v: 1, actionId: id });
  }
}
