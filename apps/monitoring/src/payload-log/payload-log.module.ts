import { CONFIG, LOGGER, type Logger } from '@gimbal/platform';
import { Inject, Injectable, Module, type OnApplicationShutdown } from '@nestjs/common';
import type { MonitoringConfig } from '../config.js';
import { MonitoringMetrics } from '../metrics/monitoring-metrics.js';
import type { LoggedRow } from '../prediction-log/prediction-log.repository.js';
import { PayloadLog } from './payload-log.js';

/** The payload log where a sink is configured; elsewhere nothing. */
@Injectable()
export class PayloadLogService implements OnApplicationShutdown {
  private readonly log: PayloadLog | undefined;

  constructor(
    @Inject(CONFIG) { payloadLog }: MonitoringConfig,
    @Inject(LOGGER) logger: Logger,
    counters: MonitoringMetrics,
  ) {
    const { url, ...options } = payloadLog;
    this.log = url === undefined ? undefined : new PayloadLog({ ...options, url, logger, counters });
  }

  /** Takes rows that are in the prediction log. */
  add(rows: readonly LoggedRow[]): void {
    this.log?.add(rows);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.log?.close();
  }
}

/** Logged predictions as CloudEvents, for a sink of the owner's. */
@Module({ providers: [PayloadLogService], exports: [PayloadLogService] })
export class PayloadLogModule {}
