import { CONFIG, LOGGER, type Logger } from '@gimbal/platform';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { TrainingConfig } from '../config.js';
import { RunClaimService } from './run-claim.service.js';
import { TrainingRunRunner } from './training-run.runner.js';

/**
 * Takes up what killed processes left behind. The queue would deliver a job again, too, but a job may be used up while its run is not at its
 * end; the row is the truth.
 */
@Injectable()
export class RunRecoveryService implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly stop = new AbortController();
  private readonly working = new Map<string, Promise<void>>();
  private readonly limits: TrainingConfig['training'];
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly claims: RunClaimService,
    private readonly runner: TrainingRunRunner,
    @Inject(CONFIG) { training }: TrainingConfig,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.limits = training;
  }

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.look(), this.limits.recoverMs);
  }

  async onModuleDestroy(): Promise<void> {
    clearInterval(this.timer);
    this.stop.abort(new Error('The service shuts down.'));
    await Promise.all(this.working.values());
  }

  private async look(): Promise<void> {
    try {
      for (const id of await this.claims.findAbandoned(new Date())) {
        if (this.working.size >= this.limits.runsMax) return;
        if (!this.working.has(id)) this.working.set(id, this.work(id));
      }
    } catch (error) {
      this.logger.warn({ err: error }, 'could not look for abandoned runs');
    }
  }

  private async work(id: string): Promise<void> {
    try {
      await this.runner.work(id, this.stop.signal);
    } catch (error) {
      if (!this.stop.signal.aborted)
        this.logger.error({ err: error, training_run_id: id }, 'run could not be carried on');
    } finally {
      this.working.delete(id);
    }
  }
}
