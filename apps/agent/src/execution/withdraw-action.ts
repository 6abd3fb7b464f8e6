import type { DatabaseTransaction } from '@gimbal/db';
import type { AuditTrail } from '@gimbal/platform';
import type { AuditedAction } from '../audit/audited-action.js';
import { type ActionRow, moveAction, settleIncident } from './action.repository.js';

/** A proposal or approval that no longer holds. */
export interface Withdrawal {
  readonly row: ActionRow;
  readonly reason: string;
  readonly at: Date;
  /** The assessment that speaks against it, when it was one. */
  readonly assessmentId?: string;
}

/** Supersedes an action, tells the audit chain why, and closes its incident when it was the last one open. */
export async function withdrawAction(
  tx: DatabaseTransaction,
  audit: AuditTrail<AuditedAction>,
  { row, reason, at, ...origin }: Withdrawal,
): Promise<void> {
  const code = 'approval-stale';
  await moveAction(tx, row, 'supersede', { error: { code, message: reason } });
  await audit.record(tx, {
    action: 'action.refused',
    key: `${row.id}:superseded`,
    subject: `agent-action:${row.id}`,
    at,
    payload: { actionType: row.actionType, was: row.state, code, reason, ...origin },
  });
  await settleIncident(tx, row.incidentId, at);
}
