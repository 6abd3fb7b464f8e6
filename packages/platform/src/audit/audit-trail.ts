import type { ServiceName } from '@gimbal/contracts';
import { Inject, Injectable } from '@nestjs/common';
import { OutboxWriter } from '../outbox/outbox-writer.js';
import type { SqlExecutor } from '../outbox/sql-executor.js';
import { SERVICE_NAME } from '../start-service/tokens.js';

/** One change, decision or refusal that somebody has to answer for. */
export interface AuditedEvent<Action extends string> {
  readonly action: Action;
  /** What tells this event from all others of its action: the same again is the same event. */
  readonly key: string;
  /** What it happened to, `kind:id`. */
  readonly subject: string;
  /** Name of who did it; by default the service itself, which nobody asked. */
  readonly actor?: string;
  readonly at: Date;
  /** What anybody may read, in the wire's names. */
  readonly payload: Readonly<Record<string, unknown>>;
}

/** Tells the audit chain of an event in the transaction that makes it. `Action` are the actions of the service that is told. */
@Injectable()
export class AuditTrail<Action extends string = string> {
  constructor(
    private readonly outbox: OutboxWriter,
    @Inject(SERVICE_NAME) private readonly service: ServiceName,
  ) {}

  async record(tx: SqlExecutor, event: AuditedEvent<Action>): Promise<void> {
    await this.outbox.enqueue(tx, 'audit.recorded', this.jobOf(event));
  }

  /** The event as the outbox holds it, for statements that write it among other rows. */
  encode(event: AuditedEvent<Action>): string {
    return this.outbox.encode('audit.recorded', this.jobOf(event));
  }

  private jobOf({ action, key, subject, actor, at, payload }: AuditedEvent<Action>) {
    return {
      v: 1 as const,
      eventId: `${action}:${key}`,
      at: at.toISOString(),
      service: this.service,
      actor: actor ?? this.service,
      action,
      subject,
      payload,
    };
  }
}
