import { JobQueue, LOGGER, type Logger } from '@gimbal/platform';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Database } from '../database/database.js';
import { listOverdue } from './webhook-delivery.repository.js';

const EVERY_MS = 60_000;
/** How long ago a delivery must have been due before its job is missed. */
const OVERDUE_MS = 60_000;
const BATCH = 1_000;

/**
 * Gives deliveries a job again whose job is gone: the rows are safe in PostgreSQL, the queue may have lost what it held. Only an empty queue
 * says so; while it holds jobs, what is overdue may simply wait its turn there.
 */
@Injectable()
export class LostDeliveries implements OnApplicationBootstrap, OnModuleDestroy {
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly database: Database,
    private readonly queue: JobQueue,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    const look = () =>
      this.requeue(new Date()).catch((error: unknown) =>
        this.logger.warn({ err: error }, 'deliveries without a job were not looked for'),
      );
    this.timer = setInterval(() => void look(), EVERY_MS).unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
  }

  /** @returns how many deliveries have a job again. Two processes that do it at once give them two, of which one finds nothing to do. */
  async requeue(now: Date): Promise<number> {
    const { waiting, active, delayed } = await this.queue.counts('registry');
    if (waiting + active + delayed > 0) return 0;
    const overdue = await listOverdue(this.database.reader, new Date(now.getTime() - OVERDUE_MS), BATCH);
    for (const { id } of overdue) {
      const jobId = `wh-${id}-again-${now.getTime()}`;
      await this.queue.publish('webhook-delivery.due', { v: 1, deliveryId: id }, { jobId });
    }
    return overdue.length;
  }
}
