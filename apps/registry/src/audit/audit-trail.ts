import type { Actor } from '@gimbal/contracts';
import { OutboxWriter } from '@gimbal/platform';
import { Injectable } from '@nestjs/common';
import type { DatabaseTransaction } from '../database/database.js';

/** What the registry tells the audit chain. */
type AuditedAction =
  | 'model.version-registered'
  | 'model.promoted'
  | 'model.rolled-back'
  | 'model.promotion-refused'
  | 'alias.moved'
  | 'traffic.changed'
  | 'threshold.adjusted';

/** One change, decision or refusal. */
export interface AuditedEvent {
  readonly action: AuditedAction;
  /** What tells this event from all others of its action: the same again is the same event. */
  readonly key: string;
  readonly model: string;
  /** Null when it concerns the whole model. */
  readonly version: number | null;
  readonly actor: Actor;
  readonly at: Date;
  /** What anybody may read, in the wire's names. */
  readonly payload: Readonly<Record<string, unknown>>;
}

/** Tells the audit chain of a change in the transaction that makes it. */
@Injectable()
export class AuditTrail {
  constructor(private readonly outbox: OutboxWriter) {}

  async record(tx: DatabaseTransaction, event: AuditedEvent): Promise<void> {
    const { action, key, model, version, actor, at, payload } = event;
    await this.outbox.enqueue(tx, 'audit.recorded', {
      v: 1,
      eventId: `${action}:${key}`,
      at: at.toISOString(),
      service: 'registry',
      actor: actor.name,
      action,
      subject: version === null ? `model:${model}` : `model:${model}/version:${version}`,
      payload,
    });
  }
}
