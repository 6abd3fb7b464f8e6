import { MlflowClient } from '@gimbal/mlflow-client';
import { CONFIG, LOGGER, type Logger, SoleTurn } from '@gimbal/platform';
import { type BeforeApplicationShutdown, Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import type { RegistryConfig } from '../config.js';
import { MirrorWorker } from './mirror.worker.js';
import { SyncRepository } from './queue/sync.repository.js';
import { MirrorAlerts } from './status/mirror-alerts.js';

/** Runs the mirror's worker while the application does, in one replica at a time. */
@Injectable()
export class MirrorRunner implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly turn: SoleTurn;

  constructor(
    sync: SyncRepository,
    worker: MirrorWorker,
    alerts: MirrorAlerts,
    private readonly mlflow: MlflowClient,
    @Inject(CONFIG) { mirror, database }: RegistryConfig,
    @Inject(LOGGER) logger: Logger,
  ) {
    const uri = publicUri(mirror.trackingUri ?? '');
    this.turn = new SoleTurn({
      ...{ connectionString: database.url, name: 'mlflow-mirror', logger },
      work: async (signal) => {
        await sync.mirrorTo(uri);
        const ended = new AbortController();
        const watching = alerts.run(AbortSignal.any([signal, ended.signal]));
        await worker.run(signal, mirror.intervalMs).finally(() => ended.abort());
        await watching;
      },
    });
  }

  onApplicationBootstrap(): void {
    this.turn.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.mlflow.close(); // requests under way fail now, and are made again by whoever has the turn next
    await this.turn.close();
  }
}

/** Ends the noting of changes where no server is told. */
@Injectable()
export class MirrorOff implements OnApplicationBootstrap {
  constructor(
    private readonly sync: SyncRepository,
    @Inject(LOGGER) private readonly logger: Pick<Logger, 'warn'>,
  ) {}

  /** Not waited for: the registry starts without its database. What is noted meanwhile is dropped by the next start. */
  onApplicationBootstrap(): void {
    this.sync
      .mirrorTo(null)
      .catch((error: unknown) =>
        this.logger.warn({ err: error }, 'changes may still be noted for a mirror that is off'),
      );
  }
}

/** The address without its credentials: by it a server is known again. */
function publicUri(trackingUri: string): string {
  const uri = new URL(trackingUri);
  uri.username = '';
  uri.password = '';
  return uri.href.replace(/\/+$/, '');
}
