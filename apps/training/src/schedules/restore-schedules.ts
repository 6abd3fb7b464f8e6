import { LOGGER, type Logger } from '@gimbal/platform';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { ModelConfig } from '../model-config/load-model-config.js';
import { MODEL_CONFIG } from '../model-config/model-config.module.js';
import { ScheduleService } from './schedule.service.js';

/** Sunday, two in the morning, UTC: when few are asking. */
const WEEKLY = { name: 'weekly', cron: '0 2 * * 0' } as const;
const RETRY_MS = 2_000;

/** Gives the queue the schedules at start; tries again while the queue or the database is away. */
@Injectable()
export class RestoreSchedules implements OnApplicationBootstrap, OnModuleDestroy {
  private retry: NodeJS.Timeout | undefined;
  private isClosed = false;

  constructor(
    private readonly schedules: ScheduleService,
    @Inject(MODEL_CONFIG) private readonly defaults: ModelConfig,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    void this.restore();
  }

  onModuleDestroy(): void {
    this.isClosed = true;
    clearTimeout(this.retry);
  }

  private async restore(): Promise<void> {
    try {
      await this.schedules.restore({ ...WEEKLY, model: this.defaults.model });
    } catch (error) {
      if (this.isClosed) return;
      this.logger.warn({ err: error, retry_ms: RETRY_MS }, 'the schedules could not be set yet');
      this.retry = setTimeout(() => void this.restore(), RETRY_MS);
    }
  }
}
