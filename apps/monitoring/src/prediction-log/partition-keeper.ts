import { CONFIG, LOGGER, type Logger } from '@gimbal/platform';
import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import type { MonitoringConfig } from '../config.js';
import { Database } from '../database/database.js';

const DAY_MS = 86_400_000;
/** Yesterday is among them for rows that wait in a spool over midnight; a week ahead outlasts any pause of the scheduler. */
const DAYS = 9;

/** Sees to it that the coming days have a partition of their own before their first prediction, and that days too old to keep go. */
@Injectable()
export class PartitionKeeper implements OnApplicationBootstrap {
  private readonly retentionDays: number;

  constructor(
    private readonly database: Database,
    @Inject(CONFIG) { predictionLog }: MonitoringConfig,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.retentionDays = predictionLog.retentionDays;
  }

  /** Not waited for: without PostgreSQL the service starts, and the scheduler's next turn does it. */
  onApplicationBootstrap(): void {
    this.prepare().catch((error: unknown) => this.logger.warn({ err: error }, 'partitions could not be prepared'));
  }

  /** Safe to call as often as one likes, from several replicas at once. */
  async prepare(): Promise<void> {
    const made = await this.database.ensurePartitions({ from: new Date(Date.now() - DAY_MS), days: DAYS });
    if (made > 0) this.logger.info({ days: made }, 'partitions prepared');
  }

  /** Deletes the days that are older than `PREDICTION_RETENTION_DAYS`, with their labels. As safe to call as {@link prepare}. */
  async forget(): Promise<void> {
    if (this.retentionDays === 0) return;
    const today = Math.floor(Date.now() / DAY_MS) * DAY_MS;
    const firstKept = new Date(today - this.retentionDays * DAY_MS);
    const days = await this.database.dropPartitions(firstKept);
    // What came so late that its day had no partition lies in the default one; labels stand in a table of their own.
    const rows = await this.database.change(async (tx) => {
      await tx.predictionLabel.deleteMany({
        where: {
          OR: [
            { predictionCreatedAt: { lt: firstKept } },
            { predictionCreatedAt: null, receivedAt: { lt: firstKept } },
          ],
        },
      });
      return (await tx.prediction.deleteMany({ where: { createdAt: { lt: firstKept } } })).count;
    });
    if (days + rows > 0) this.logger.info({ days, rows, first_kept: firstKept }, 'old predictions deleted');
  }
}
