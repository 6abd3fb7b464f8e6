import { OutboxWriter } from '@gimbal/platform';
import { Injectable } from '@nestjs/common';
import type { DatabaseTransaction } from '../database/database.js';

/** What training tells the audit chain. */
type AuditedAction =
  | 'training.requested'
  | 'training.succeeded'
  | 'training.failed'
  | 'training.cancelled'
  | 'schedule.changed';

/** One request, end or change. */
export interface AuditedEvent {
  readonly action: AuditedAction;
  /** What tells this event from all others of its action: the same again is the same event. */
  readonly key: string;
  /** `training-run:<id>` or `training-schedule:<name>`. */
  readonly subject: string;
  /** Name of who did it. */
  readonly actor: string;
  readonly at: Date;
  readonly payload: Readonly<Record<string, unknown>>;
}

/** Tells the audit chain of an event in the transaction that makes it. */
@Injectable()
export class AuditTrail {
  constructor(private readonly outbox: OutboxWriter) {}

  async record(tx: DatabaseTransaction, { action, key, at, ...event }: AuditedEvent): Promise<void> {
    await this.outbox.enqueue(tx, 'audit.recorded', {
      v: 1,
      eventId: `${action}:${key}`,
      at: at.toISOString(),
      service: 'training',
      action,
      ...event,
    });
  }
}
