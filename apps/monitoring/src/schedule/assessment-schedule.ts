import { setTimeout as sleep } from 'node:timers/promises';
import { CONFIG, JobQueue, LOGGER, type Logger } from '@gimbal/platform';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { MonitoringConfig } from '../config.js';

const SCHEDULE_ID = 'assessment-due';
const RETRY_MS = { first: 1_000, most: 30_000 } as const;

/** Sets the schedule of assessments at start. It lives in the queue: replicas set the same one, and it runs once a turn. */
@Injectable()
export class AssessmentSchedule implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly stop = new AbortController();
  private readonly everyMs: number;

  constructor(
    private readonly queue: JobQueue,
    @Inject(CONFIG) { assessment }: MonitoringConfig,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.everyMs = assessment.intervalMinutes * 60_000;
  }

  /** Not waited for: without the queue the service starts, and the schedule is set when the queue is there. */
  onApplicationBootstrap(): void {
    this.set().catch(() => undefined); // only the end of the service ends it early
  }

  onModuleDestroy(): void {
    this.stop.abort();
  }

  private async set(): Promise<void> {
    const schedule = {
      id: SCHEDULE_ID,
      name: 'assessment.due',
      payload: { v: 1 },
      when: { everyMs: this.everyMs },
    } as const;
    for (let delayMs: number = RETRY_MS.first; ; delayMs = Math.min(delayMs * 2, RETRY_MS.most)) {
      try {
        await this.queue.schedule(schedule);
        return;
      } catch (error) {
        this.logger.warn({ err: error, retry_ms: delayMs }, 'the schedule of assessments could not be set');
        await sleep(delayMs, undefined, { signal: this.stop.signal, ref: false });
      }
    }
  }
}
