import { VERDICTS } from '@gimbal/contracts';
import type { Condition } from '@gimbal/domain';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { MonitoringClient } from '../clients/monitoring.client.js';
import type { Executor, RunningAction, StepOutcome } from '../execution/executor.js';

const Arguments = z.object({ assessmentId: z.uuid() });
const Validated = z.object({ verdict: z.enum(VERDICTS), findings: z.array(z.unknown()), rows: z.int() });

/** Has the expectation suite run on the window again and keeps what it found. */
@Injectable()
export class ValidateDataExecutor implements Executor {
  readonly type = 'validate_data';
  readonly compensate = null;

  constructor(private readonly monitoring: MonitoringClient) {}

  async execute({ id: decisionId, arguments: given }: RunningAction): Promise<StepOutcome> {
    const { assessmentId } = Arguments.parse(given);
    return { kind: 'done', result: { ...(await this.monitoring.validateData({ assessmentId, decisionId })) } };
  }

  async verify({ result }: RunningAction): Promise<Condition[]> {
    const { success, data } = Validated.safeParse(result);
    return [
      {
        code: 'validation-kept',
        holds: success,
        measured: data?.verdict ?? null,
        limit: 'a verdict',
        message: data
          ? `The verdict is ${data.verdict}, with ${data.findings.length} findings.`
          : 'There is no verdict.',
      },
    ];
  }
}
