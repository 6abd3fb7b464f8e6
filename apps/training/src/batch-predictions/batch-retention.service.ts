import { CONFIG, LOGGER, type Logger } from '@gimbal/platform';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { TrainingConfig } from '../config.js';
import { Database } from '../database/database.js';
import { BatchFiles } from './batch-files.js';
import { BatchPredictionService } from './batch-prediction.service.js';

const LOOK_MS = 600_000;
const DAY_MS = 86_400_000;
/** Folders whose rows are looked for in one go. */
const FOLDERS = 1_000;
/** An upload has a folder before it has a row, but not for so long. */
const UPLOAD_MS = DAY_MS;

/** Removes batch predictions, and with them their results, when they have been over for long enough. */
@Injectable()
export class BatchRetentionService implements OnApplicationBootstrap, OnModuleDestroy {
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly database: Database,
    private readonly batches: BatchPredictionService,
    private readonly files: BatchFiles,
    @Inject(CONFIG) private readonly config: TrainingConfig,
    @Inject(LOGGER) private readonly logger: Pick<Logger, 'warn'>,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.sweep(new Date()), LOOK_MS);
    void this.sweep(new Date());
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
  }

  /** Never rejects: what can't be removed now is left to the next time. */
  async sweep(now: Date): Promise<void> {
    await this.logged(() => this.removeOver(now));
    await this.logged(() => this.removeLost(now));
  }

  private async removeOver(now: Date): Promise<void> {
    const { retentionDays } = this.config.batchPredictions;
    const rows = await this.database.reader.batchPrediction.findMany({
      where: { endedAt: { lt: new Date(now.getTime() - retentionDays * DAY_MS) } },
      select: { id: true },
    });
    for (const { id } of rows) await this.logged(() => this.batches.discard(id));
  }

  /** Files of an upload whose process was killed before it wrote the row. */
  private async removeLost(now: Date): Promise<void> {
    const old = await this.files.foldersOlderThan(new Date(now.getTime() - UPLOAD_MS));
    for (let from = 0; from < old.length; from += FOLDERS) {
      const ids = old.slice(from, from + FOLDERS);
      const known = await this.database.reader.batchPrediction.findMany({
        where: { id: { in: ids } },
        select: { id: true },
      });
      const kept = new Set(known.map(({ id }) => id));
      for (const id of ids) if (!kept.has(id)) await this.logged(() => this.files.remove(id));
    }
  }

  /** One that can't be removed keeps no other one. */
  private async logged(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.logger.warn({ err: error }, 'old batch predictions could not be removed');
    }
  }
}
