import { CONFIG, JobQueue, LOGGER, type Logger } from '@gimbal/platform';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { AgentConfig } from '../config.js';

/** How often setting the schedule is tried while the queue is away. */
const RETRY_MS = 2_000;

/** Makes the queue beat: one tick a turn for all replicas together. */
@Injectable()
export class TickSchedule implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly everyMs: number;
  private retry: NodeJS.Timeout | undefined;
  private isClosed = false;

  constructor(
    private readonly queue: JobQueue,
    @Inject(CONFIG) { execution }: AgentConfig,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.everyMs = execution.tickMs;
  }

  onApplicationBootstrap(): void {
    void this.set();
  }

  onModuleDestroy(): void {
    this.isClosed = true;
    clearTimeout(this.retry);
  }

  private async set(): Promise<void> {
    try {
      const when = { everyMs: this.everyMs };
      await this.queue.schedule({ id: 'agent-tick', name: 'agent.tick', payload: { v: 1 }, when });
    } catch (error) {
      if (this.isClosed) return;
      this.logger.warn({ err: error, retry_ms: RETRY_MS }, 'the tick could not be scheduled yet');
      this.retry = setTimeout(() => void this.set(), RETRY_MS);
    }
  }
}
