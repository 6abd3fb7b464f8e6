import { CONFIG, LOGGER, type Logger } from '@gimbal/platform';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { TrainingConfig } from '../config.js';
import { Database } from '../database/database.js';
import { BatchPredictionService } from './batch-prediction.service.js';

const LOOK_MS = 600_000;
const DAY_MS = 86_400_000;
/** Removed in one go. */
const MOST = 100;

/** Removes batch predictions, and with them their results, when they have been over for long enough. */
@Injectable()
export class BatchRetentionService implements OnApplicationBootstrap, OnModuleDestroy {
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly database: Database,
    private readonly batches: BatchPredictionService,
    @Inject(CONFIG) private readonly config: TrainingConfig,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.sweep(new Date()), LOOK_MS);
    void this.sweep(new Date());
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
  }

  private async sweep(now: Date): Promise<void> {
    const { retentionDays } = this.config.batchPredictions;
    try {
      const rows = await this.database.reader.batchPrediction.findMany({
        where: { endedAt: { lt: new Date(now.getTime() - retentionDays * DAY_MS) } },
        select: { id: true },
        take: MOST,
      });
      for (const { id } of rows) await this.batches.remove(id);
    } catch (error) {
      this.logger.warn({ err: error }, 'old batch predictions could not be removed');
    }
  }
}
