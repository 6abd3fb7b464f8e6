import type { Actor, PutSchedule, Schedule } from '@gimbal/contracts';
import type { TrainingSchedule } from '@gimbal/db';
import { DomainError } from '@gimbal/domain';
import { AuditTrail, deriveId, JobQueue } from '@gimbal/platform';
import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import type { AuditedAction } from '../audit/audited-action.js';
import { Database } from '../database/database.js';
import { RequestRunService } from '../runs/request-run.service.js';

type Shown = z.output<typeof Schedule>;

/** Minute, hour, day of month, month, day of week: seconds would train without end. */
const FIVE_FIELDS = /^\s*(\S+\s+){4}\S+\s*$/;
const SCHEDULER: Actor = { id: 'service:scheduler', name: 'scheduler', roles: ['operator'] };

/** A schedule's place in the queue. */
const schedulerId = (name: string): string => `training-${name}`;

/** When models are trained by themselves. The row is what people set; the queue's scheduler makes the turns, once for all replicas. */
@Injectable()
export class ScheduleService {
  constructor(
    private readonly database: Database,
    private readonly queue: JobQueue,
    private readonly audit: AuditTrail<AuditedAction>,
    private readonly requests: RequestRunService,
  ) {}

  /** @throws DomainError `schedule-not-found` */
  async get(name: string): Promise<Shown> {
    return showSchedule(await this.find(name));
  }

  /** Sets a schedule. @throws DomainError `invalid-schedule` for what is no cron expression of five fields; `queue-unavailable` */
  async put(name: string, { cron, model, enabled }: z.output<typeof PutSchedule>, actor: Actor): Promise<Shown> {
    // Asked of the queue first, also when it stays off: an expression that can't be read changes nothing.
    const nextAt = await this.schedule(name, cron);
    if (!enabled) await this.queue.unschedule('training', schedulerId(name));
    const at = new Date();
    return await this.database.change(async (tx) => {
      const values = {
        cron,
        modelName: model,
        enabled,
        nextAt: enabled ? nextAt : null,
        updatedBy: actor.name,
        updatedAt: at,
      };
      const row = await tx.trainingSchedule.upsert({ where: { name }, create: { name, ...values }, update: values });
      await this.audit.record(tx, {
        action: 'schedule.changed',
        key: `${name}:${at.toISOString()}`,
        subject: `training-schedule:${name}`,
        actor: actor.name,
        at,
        payload: { cron, model, enabled },
      });
      return showSchedule(row);
    });
  }

  /** Makes a schedule unless there is one of its name, and gives the queue every schedule that is on. */
  async restore(first: { readonly name: string; readonly cron: string; readonly model: string }): Promise<void> {
    const { name, cron, model } = first;
    await this.database.reader.trainingSchedule.createMany({
      data: [{ name, cron, modelName: model, updatedBy: SCHEDULER.name }],
      skipDuplicates: true,
    });
    const schedules = await this.database.reader.trainingSchedule.findMany({ where: { enabled: true } });
    for (const schedule of schedules) {
      const nextAt = await this.schedule(schedule.name, schedule.cron);
      await this.database.reader.trainingSchedule.updateMany({
        where: { name: schedule.name, enabled: true },
        data: { nextAt },
      });
    }
  }

  /**
   * A schedule's time has come: one run for its minute, however often that is told.
   * @throws DomainError `dataset-not-found` when there is nothing that its model learns from
   */
  async run(name: string, turn: Date): Promise<void> {
    const idempotencyKey = `${name}:${turn.toISOString().slice(0, 16)}Z`;
    const id = deriveId(`training-schedule:${idempotencyKey}`);
    const row = await this.database.reader.trainingSchedule.findUnique({ where: { name } });
    if (!row?.enabled) return;
    const next = (await this.queue.listSchedules('training')).find((one) => one.id === schedulerId(name))?.next ?? null;
    const data = await this.requests.findDataOf(row.modelName, SCHEDULER);
    await this.database.change(async (tx) => {
      const turnOf = { model: row.modelName, data, actor: SCHEDULER, scheduleName: name, idempotencyKey, id };
      await this.requests.retrainOnSchedule(tx, turnOf);
      await tx.trainingSchedule.update({
        where: { name },
        data: { lastAt: turn, lastTrainingRunId: id, nextAt: next },
      });
    });
  }

  private async schedule(name: string, cron: string): Promise<Date> {
    if (!FIVE_FIELDS.test(cron))
      throw new DomainError('invalid-schedule', 'Give five fields: minute, hour, day of month, month, day of week.');
    const payload = { v: 1, schedule: name } as const;
    return await this.queue.schedule({ id: schedulerId(name), name: 'training.due', payload, when: { cron } });
  }

  private async find(name: string): Promise<TrainingSchedule> {
    const row = await this.database.reader.trainingSchedule.findUnique({ where: { name } });
    if (!row) throw new DomainError('schedule-not-found', `There is no schedule ${name}.`);
    return row;
  }
}

const showSchedule = (row: TrainingSchedule): Shown => ({
  name: row.name,
  cron: row.cron,
  model: row.modelName,
  enabled: row.enabled,
  nextAt: row.nextAt?.toISOString() ?? null,
  lastTrainingRunId: row.lastTrainingRunId,
  updatedAt: row.updatedAt.toISOString(),
});
