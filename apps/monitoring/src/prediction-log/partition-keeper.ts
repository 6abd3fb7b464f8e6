import { LOGGER, type Logger } from '@gimbal/platform';
import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Database } from '../database/database.js';

const DAY_MS = 86_400_000;
/** Yesterday is among them for rows that wait in a spool over midnight; a week ahead outlasts any pause of the scheduler. */
const DAYS = 9;

/** Sees to it that the coming days have a partition of their own before their first prediction. */
@Injectable()
export class PartitionKeeper implements OnApplicationBootstrap {
  constructor(
    private readonly database: Database,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Not waited for: without PostgreSQL the service starts, and the scheduler's next turn does it. */
  onApplicationBootstrap(): void {
    this.prepare().catch((error: unknown) => this.logger.warn({ err: error }, 'partitions could not be prepared'));
  }

  /** Safe to call as often as one likes, from several replicas at once. */
  async prepare(): Promise<void> {
    const made = await this.database.ensurePartitions({ from: new Date(Date.now() - DAY_MS), days: DAYS });
    if (made > 0) this.logger.info({ days: made }, 'partitions prepared');
  }
}
