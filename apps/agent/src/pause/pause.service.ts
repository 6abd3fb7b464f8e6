import { type Actor, type AgentState, hasRole } from '@gimbal/contracts';
import { type DatabaseTransaction } from '@gimbal/db';
import { DomainError } from '@gimbal/domain';
import { AuditTrail, OutboxWriter } from '@gimbal/platform';
import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import type { AuditedAction } from '../audit/audited-action.js';
import { Database } from '../database/database.js';
import { CONTROL_ID } from './pause.repository.js';

type State = z.output<typeof AgentState>;

/** The switch that stops the agent: no proposals, no executions, no approvals, until somebody lets it go on. */
@Injectable()
export class PauseService {
  constructor(
    private readonly database: Database,
    private readonly outbox: OutboxWriter,
    private readonly audit: AuditTrail<AuditedAction>,
  ) {}

  async state(): Promise<State> {
    const row = await this.database.reader.agentControl.findUnique({ where: { id: CONTROL_ID } });
    return {
      paused: row?.paused ?? false,
      changedBy: row?.changedBy ?? null,
      changedAt: row?.changedAt.toISOString() ?? null,
    };
  }

  /** Safe to repeat. Anybody who operates the system may stop it. */
  async pause(reason: string, actor: Actor): Promise<State> {
    return await this.set(true, reason, actor);
  }

  /** Goes on with what was approved. @throws DomainError `role-required` */
  async resume(reason: string, actor: Actor): Promise<State> {
    if (!hasRole(actor.roles, 'admin'))
      throw new DomainError('role-required', 'Letting the agent go on needs the role admin.');
    return await this.set(false, reason, actor);
  }

  private async set(paused: boolean, reason: string, actor: Actor): Promise<State> {
    await this.database.changeInTurn('pause', async (tx) => {
      const present = await tx.agentControl.findUnique({ where: { id: CONTROL_ID } });
      if ((present?.paused ?? false) === paused) return;
      const at = new Date();
      const data = { paused, reason, changedBy: actor.name, changedAt: at };
      await tx.agentControl.upsert({ where: { id: CONTROL_ID }, create: { id: CONTROL_ID, ...data }, update: data });
      await this.audit.record(tx, {
        action: paused ? 'agent.paused' : 'agent.resumed',
        key: at.toISOString(),
        subject: 'agent',
        actor: actor.name,
        at,
        payload: { reason },
      });
      if (!paused) await this.wakeApproved(tx);
    });
    return await this.state();
  }

  private async wakeApproved(tx: DatabaseTransaction): Promise<void> {
    const waiting = await tx.agentAction.findMany({
      where: { state: { in: ['approved', 'executing'] } },
      select: { id: true },
    });
    for (const { id } of waiting) await this.outbox.enqueue(tx, 'action.due', { v: 1, actionId: id });
  }
}
