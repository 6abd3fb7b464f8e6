import { CONFIG, LOGGER, type Logger } from '@gimbal/platform';
import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type { RegistryConfig } from '../config.js';
import { MultipartUploads } from './multipart-uploads.service.js';
import { UnnamedContent } from './unnamed-content.service.js';

/** Clears the store from time to time: first uploads that took too long, then content that nobody names. */
@Injectable()
export class ArtifactSweeps implements OnApplicationBootstrap, OnApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;

  constructor(
    private readonly uploads: MultipartUploads,
    private readonly unnamed: UnnamedContent,
    @Inject(CONFIG) private readonly config: RegistryConfig,
    @Inject(LOGGER) private readonly logger: Pick<Logger, 'warn'>,
  ) {}

  onApplicationBootstrap(): void {
    const start = (): void => {
      this.running ??= this.sweep().finally(() => {
        this.running = undefined;
      });
    };
    this.timer = setInterval(start, this.config.artifactSweep.intervalMs);
    this.timer.unref();
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.running;
  }

  private async sweep(): Promise<void> {
    try {
      await this.uploads.abortStale(new Date());
      await this.unnamed.sweep(new Date());
    } catch (error) {
      this.logger.warn({ err: error }, 'the artifact store could not be cleared; the next sweep goes on');
    }
  }
}
