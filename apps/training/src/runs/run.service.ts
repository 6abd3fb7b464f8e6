import type { Actor, TrainingRun, TrainingRunPage, TrainingRunsQuery } from '@gimbal/contracts';
import type { TrainingRun as TrainingRunRow } from '@gimbal/db';
import { DomainError } from '@gimbal/domain';
import { AuditTrail, NEWEST_FIRST, OutboxWriter, olderThan, pageOf } from '@gimbal/platform';
import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import type { AuditedAction } from '../audit/audited-action.js';
import { Database } from '../database/database.js';
import { tellEnd } from '../execution/run-claim.service.js';
import { isOver, showRun } from './show-run.js';

/** Training runs, to look at and to stop. */
@Injectable()
export class RunService {
  constructor(
    private readonly database: Database,
    private readonly outbox: OutboxWriter,
    private readonly audit: AuditTrail<AuditedAction>,
  ) {}

  /** Newest first. @throws DomainError `invalid-cursor` */
  async list({
    limit,
    cursor,
    model,
    state,
  }: z.output<typeof TrainingRunsQuery>): Promise<z.output<typeof TrainingRunPage>> {
    const rows = await this.database.reader.trainingRun.findMany({
      where: { ...(model !== undefined && { modelName: model }), ...(state && { state }), ...olderThan(cursor) },
      orderBy: NEWEST_FIRST,
      take: limit + 1,
    });
    return pageOf(rows, limit, showRun);
  }

  /** @throws DomainError `training-run-not-found` */
  async get(id: string): Promise<TrainingRun> {
    return showRun(await this.find(id));
  }

  /** The row itself, whose revision says whether there is something new to see. @throws DomainError `training-run-not-found` */
  async find(id: string): Promise<TrainingRunRow> {
    const row = await this.database.reader.trainingRun.findUnique({ where: { id } });
    if (!row) throw new DomainError('training-run-not-found', `There is no training run ${id}.`);
    return row;
  }

  /**
   * Stops a run. One that waits ends at once; one that is worked on is told, and ends within a second. Asked again, nothing changes.
   * @throws DomainError `training-run-not-found`; `invalid-transition` when it has ended otherwise
   */
  async cancel(id: string, actor: Actor): Promise<TrainingRun> {
    const row = await this.find(id);
    if (row.state === 'cancelled') return showRun(row);
    if (isOver(row)) throw new DomainError('invalid-transition', `The run has ${row.state} already.`);
    const at = new Date();
    await this.database.change(async (tx) => {
      const asked = { cancelRequestedAt: at, cancelRequestedBy: actor.name, revision: { increment: 1 } };
      const { count } = await tx.trainingRun.updateMany({
        where: { id, state: 'queued' },
        data: {
          ...asked,
          state: 'cancelled',
          endedAt: at,
          error: { code: 'training-cancelled', message: 'The training run was cancelled.' },
        },
      });
      if (count > 0) {
        const end = {
          state: 'cancelled',
          code: 'training-cancelled',
          message: 'The training run was cancelled.',
        } as const;
        const told = { id, decisionId: row.decisionId, actor: actor.name, end, at };
        await tellEnd(tx, { outbox: this.outbox, audit: this.audit }, told);
        return;
      }
      await tx.trainingRun.updateMany({ where: { id, state: 'running', cancelRequestedAt: null }, data: asked });
    });
    return await this.get(id);
  }
}
