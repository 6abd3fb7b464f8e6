import { OutboxWriter } from '@gimbal/platform';
import { Injectable } from '@nestjs/common';
import type { DatabaseTransaction } from '../database/database.js';

/** What the agent tells the audit chain. */
type AuditedAction =
  | 'incident.opened'
  | 'action.proposed'
  | 'action.refused'
  | 'action.approved'
  | 'action.rejected'
  | 'action.expired'
  | 'action.executed'
  | 'action.verified'
  | 'action.failed'
  | 'action.compensated'
  | 'agent.paused'
  | 'agent.resumed'
  | 'policy.changed';

/** Who acts when nobody asked. */
export const AGENT = 'agent';

/** One decision, refusal or change. */
export interface AuditedEvent {
  readonly action: AuditedAction;
  /** What tells this event from all others of its action: the same again is the same event. */
  readonly key: string;
  /** For example `agent-action:<id>`, `incident:<id>`, `policy:default`. */
  readonly subject: string;
  /** Name of the key that did it; default the agent itself. */
  readonly actor?: string;
  readonly at: Date;
  readonly payload: Readonly<Record<string, unknown>>;
}

/** Tells the audit chain of an event in the transaction that makes it. */
@Injectable()
export class AuditTrail {
  constructor(private readonly outbox: OutboxWriter) {}

  async record(
    tx: DatabaseTransaction,
    { action, key, subject, actor = AGENT, at, payload }: AuditedEvent,
  ): Promise<void> {
    await this.outbox.enqueue(tx, 'audit.recorded', {
      v: 1,
      eventId: `${action}:${key}`,
      at: at.toISOString(),
      service: 'agent',
      actor,
      action,
      subject,
      payload,
    });
  }
}
