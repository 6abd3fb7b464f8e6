import type { Condition } from '@gimbal/domain';
import { isDomainError } from '@gimbal/domain';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { ServingClient } from '../clients/serving.client.js';
import { Database } from '../database/database.js';
import type { Executor, RunningAction, StepOutcome } from '../execution/executor.js';
import { collectSnapshot } from './diagnostics-snapshot.repository.js';

const Arguments = z.object({
  assessmentId: z.uuid(),
  modelVersion: z.int(),
  windowStart: z.iso.datetime(),
  windowEnd: z.iso.datetime(),
});
const SECTIONS = ['assessments', 'traffic', 'warnings', 'promotions', 'serving'] as const;

/** Keeps a bounded snapshot of numbers with the action, while they are fresh. It changes nothing anywhere else. */
@Injectable()
export class CollectDiagnosticsExecutor implements Executor {
  readonly type = 'collect_diagnostics';
  readonly compensate = null;

  constructor(
    private readonly database: Database,
    private readonly serving: ServingClient,
  ) {}

  async execute({ modelName, arguments: given }: RunningAction): Promise<StepOutcome> {
    const { windowStart, windowEnd } = Arguments.parse(given);
    const snapshot = await collectSnapshot(this.database.reader, {
      modelName,
      from: new Date(windowStart),
      until: new Date(windowEnd),
    });
    return { kind: 'done', result: { ...snapshot, serving: await this.askServing(modelName) } };
  }

  async verify({ result }: RunningAction): Promise<Condition[]> {
    const missing = SECTIONS.filter((section) => result?.[section] === undefined);
    return [
      {
        code: 'snapshot-kept',
        holds: missing.length === 0,
        measured: SECTIONS.filter((section) => !missing.includes(section)),
        limit: SECTIONS,
        message: missing.length === 0 ? 'The snapshot is kept.' : `The snapshot lacks ${missing.join(', ')}.`,
      },
    ];
  }

  /** That serving is away is worth a note in a diagnosis, not a reason to have none. */
  private async askServing(modelName: string): Promise<unknown> {
    try {
      const { models, windowMinutes, spool } = await this.serving.statistics();
      return { windowMinutes, model: models[modelName] ?? null, spool };
    } catch (error) {
      if (isDomainError(error)) return { unavailable: error.code };
      throw error;
    }
  }
}
