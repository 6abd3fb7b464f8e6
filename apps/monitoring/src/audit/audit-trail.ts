import { OutboxWriter } from '@gimbal/platform';
import { Injectable } from '@nestjs/common';
import type { DatabaseTransaction } from '../database/database.js';

/** Monitoring measures; the only things it changes that somebody has to answer for are alerts. */
type AuditedAction = 'alert.raised' | 'alert.acknowledged' | 'alert.resolved';

/** One change of an alert. */
export interface AuditedEvent {
  readonly action: AuditedAction;
  readonly alertId: string;
  readonly actor: string;
  readonly at: Date;
  readonly payload: Readonly<Record<string, unknown>>;
}

/** Tells the audit chain of a change in the transaction that makes it. */
@Injectable()
export class AuditTrail {
  constructor(private readonly outbox: OutboxWriter) {}

  /** An alert takes each step once, so its id and the step name the event. */
  async record(tx: DatabaseTransaction, { action, alertId, actor, at, payload }: AuditedEvent): Promise<void> {
    const subject = `alert:${alertId}`;
    const event = { eventId: `${action}:${alertId}`, at: at.toISOString(), service: 'monitoring', actor };
    await this.outbox.enqueue(tx, 'audit.recorded', { v: 1, ...event, action, subject, payload });
  }
}
