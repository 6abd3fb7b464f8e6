import type { Condition } from '@gimbal/domain';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { MonitoringClient } from '../clients/monitoring.client.js';
import { Database } from '../database/database.js';
import type { Executor, RunningAction, StepOutcome } from '../execution/executor.js';

const Arguments = z.object({ assessmentId: z.uuid() });
const Written = z.object({ driftReportId: z.uuid() });

/** Has the report of the assessment written as a page. */
@Injectable()
export class GenerateReportExecutor implements Executor {
  readonly type = 'generate_report';
  readonly compensate = null;

  constructor(
    private readonly database: Database,
    private readonly monitoring: MonitoringClient,
  ) {}

  async execute({ id: decisionId, arguments: given }: RunningAction): Promise<StepOutcome> {
    const { assessmentId } = Arguments.parse(given);
    return { kind: 'done', result: { ...(await this.monitoring.generateReport({ assessmentId, decisionId })) } };
  }

  async verify({ result }: RunningAction): Promise<Condition[]> {
    const { driftReportId } = Written.parse(result);
    const report = await this.database.reader.driftReport.findUnique({
      where: { id: driftReportId },
      select: { reportPath: true },
    });
    const path = report?.reportPath ?? null;
    return [
      {
        code: 'report-on-record',
        holds: path !== null,
        measured: path,
        limit: 'a page',
        message: path === null ? 'The report has no page.' : 'The report has its page.',
      },
    ];
  }
}
