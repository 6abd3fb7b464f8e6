import { CONFIG, LOGGER, type Logger } from '@gimbal/platform';
import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type { RegistryConfig } from '../config.js';
import { RetentionService } from './retention.service.js';

/** Removes what may go from time to time. Replicas that do so together remove a version once: each model is changed in turns. */
@Injectable()
export class RetentionRuns implements OnApplicationBootstrap, OnApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;
  private readonly stopping = new AbortController();

  constructor(
    private readonly retention: RetentionService,
    @Inject(CONFIG) private readonly config: RegistryConfig,
    @Inject(LOGGER) private readonly logger: Pick<Logger, 'info' | 'warn'>,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => {
      this.running ??= this.run().finally(() => {
        this.running = undefined;
      });
    }, this.config.retention.intervalMs);
    this.timer.unref();
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    this.stopping.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    try {
      const { gone } = await this.retention.run({ dryRun: false }, 'retention', this.stopping.signal);
      if (gone.length > 0) this.logger.info({ versions: gone.length }, 'versions that nobody needs were removed');
    } catch (error) {
      this.logger.warn({ err: error }, 'old versions could not be removed; the next run goes on');
    }
  }
}
