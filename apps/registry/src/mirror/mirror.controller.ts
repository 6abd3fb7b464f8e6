import {
  encodeWire,
  MlflowHealth,
  MlflowRefusals,
  MlflowRetried,
  Paging,
  ReconcileMlflow,
  Reconciliation,
  RetryMlflow,
} from '@gimbal/contracts';
import { DomainError } from '@gimbal/domain';
import { MlflowError } from '@gimbal/mlflow-client';
import { CONFIG, cutPage, timeMark } from '@gimbal/platform';
import { Body, Controller, Get, HttpCode, Inject, Post, Query } from '@nestjs/common';
import type { z } from 'zod';
import type { RegistryConfig } from '../config.js';
import type { Refusal, RefusalRepository } from './queue/refusal.repository.js';
import type { ReconcileService } from './reconcile/reconcile.service.js';
import type { MirrorState, MirrorStatus } from './status/mirror-status.js';

/** What answers when a server is told; null when none is. */
export interface MirrorDesk {
  readonly status: MirrorStatus;
  readonly reconciler: ReconcileService;
  readonly refusals: RefusalRepository;
}
export const MIRROR_DESK = Symbol('registry:mirror-desk');

const OFF: z.output<typeof MlflowHealth> = {
  ...{ status: 'off', reachable: null, version: null, latencyMs: null, breaker: null, backlog: null, lastError: null },
};

@Controller('api/v1/mlflow')
export class MirrorController {
  private readonly alertAfterSeconds: number;

  constructor(
    @Inject(MIRROR_DESK) private readonly desk: MirrorDesk | null,
    @Inject(CONFIG) { mirror }: RegistryConfig,
  ) {
    this.alertAfterSeconds = mirror.alertAfterSeconds;
  }

  @Get('health')
  async health() {
    return encodeWire(
      MlflowHealth,
      this.desk === null ? OFF : showState(await this.desk.status.read(), this.alertAfterSeconds),
    );
  }

  @Post('reconcile')
  @HttpCode(200)
  async reconcile(@Body({ schema: ReconcileMlflow }) request: z.output<typeof ReconcileMlflow>) {
    const { reconciler } = this.openDesk();
    try {
      return encodeWire(Reconciliation, await reconciler.reconcile(request));
    } catch (error) {
      if (!(error instanceof MlflowError)) throw error;
      throw new DomainError('service-unavailable', `The MLflow server: ${error.message}`, { cause: error });
    }
  }

  @Get('refusals')
  async listRefusals(@Query({ schema: Paging }) { limit, cursor }: z.output<typeof Paging>) {
    const rows = await this.openDesk().refusals.list(cursor, limit + 1);
    const place = ({ changedAt, rowId }: Refusal) => timeMark(changedAt, rowId);
    return encodeWire(MlflowRefusals, cutPage(rows, { limit, show: showRefusal, place }));
  }

  @Post('retry')
  @HttpCode(200)
  async retry(@Body({ schema: RetryMlflow }) { id }: z.output<typeof RetryMlflow>) {
    return encodeWire(MlflowRetried, { retried: await this.openDesk().refusals.retry(id) });
  }

  /** @throws DomainError `mirror-off` */
  private openDesk(): MirrorDesk {
    if (this.desk === null) throw new DomainError('mirror-off', 'MLFLOW_TRACKING_URI is not set: no server is told.');
    return this.desk;
  }
}

const showRefusal = ({ rowId: _row, changedAt, ...refusal }: Refusal) => ({
  ...refusal,
  changedAt: changedAt.toISOString(),
});

function showState({ backlog, ...state }: MirrorState, alertAfterSeconds: number): z.output<typeof MlflowHealth> {
  const isBehind = backlog.ageSeconds >= alertAfterSeconds;
  const isWhole = backlog.conflicts === 0 && backlog.failed === 0 && !isBehind;
  const status = !state.reachable ? 'unreachable' : isWhole ? 'healthy' : 'degraded';
  return { status, ...state, backlog: { ...backlog, ageSeconds: Math.round(backlog.ageSeconds * 10) / 10 } };
}
