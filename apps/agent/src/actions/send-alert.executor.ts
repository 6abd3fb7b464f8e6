import { ALERT_SEVERITIES } from '@gimbal/contracts';
import type { Condition } from '@gimbal/domain';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { MonitoringClient } from '../clients/monitoring.client.js';
import { Database } from '../database/database.js';
import type { Executor, RunningAction, StepOutcome } from '../execution/executor.js';

const Arguments = z.object({
  dedupKey: z.string(),
  alertType: z.string(),
  severity: z.enum(ALERT_SEVERITIES),
  title: z.string(),
  message: z.string(),
});
const Raised = z.object({ alertId: z.uuid() });

/** Raises an alert, or counts the trouble on the alert that is open for it. */
@Injectable()
export class SendAlertExecutor implements Executor {
  readonly type = 'send_alert';
  readonly compensate = null;

  constructor(
    private readonly database: Database,
    private readonly monitoring: MonitoringClient,
  ) {}

  async execute({ id: decisionId, modelName, arguments: given }: RunningAction): Promise<StepOutcome> {
    const alert = await this.monitoring.raiseAlert({ ...Arguments.parse(given), modelName, decisionId });
    return { kind: 'done', result: { alertId: alert.id, occurrences: alert.occurrences } };
  }

  async verify({ result }: RunningAction): Promise<Condition[]> {
    const { alertId } = Raised.parse(result);
    const alert = await this.database.reader.alert.findUnique({ where: { id: alertId }, select: { status: true } });
    return [
      {
        code: 'alert-on-record',
        holds: alert !== null,
        measured: alert?.status ?? null,
        limit: 'on record',
        message: alert ? `The alert is ${alert.status}.` : 'The alert is not on record.',
      },
    ];
  }
}
