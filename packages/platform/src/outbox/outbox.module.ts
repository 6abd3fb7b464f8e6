import { JOBS, type ServiceName } from '@gimbal/contracts';
import {
  type BeforeApplicationShutdown,
  type DynamicModule,
  Injectable,
  Module,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import type { Logger } from 'pino';
import type { Counter } from 'prom-client';
import { AuditTrail } from '../audit/audit-trail.js';
import { JobQueue } from '../jobs/job-queue.js';
import { metricToken } from '../metrics/metrics.module.js';
import { LOGGER, SERVICE_NAME } from '../start-service/tokens.js';
import { OutboxRelay } from './outbox-relay.js';
import { OutboxWriter } from './outbox-writer.js';

/** Runs the relay while the application does. */
@Injectable()
class OutboxLifecycle implements OnApplicationBootstrap, BeforeApplicationShutdown {
  constructor(private readonly relay: OutboxRelay) {}

  onApplicationBootstrap(): void {
    this.relay.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.relay.close();
  }
}

/** Makes {@link OutboxWriter}, {@link AuditTrail} and {@link OutboxRelay} injectable everywhere and relays the service's rows. Needs `JobsModule.forRoot`. */
@Module({})
// biome-ignore lint/complexity/noStaticOnlyClass: the shape of a Nest dynamic module
export class OutboxModule {
  /** @param databaseUrl PostgreSQL as the role of this service */
  static forRoot(databaseUrl: string): DynamicModule {
    const writer = {
      provide: OutboxWriter,
      inject: [SERVICE_NAME],
      useFactory: (owner: ServiceName) => new OutboxWriter({ catalogue: JOBS, owner }),
    };
    const relay = {
      provide: OutboxRelay,
      inject: [JobQueue, SERVICE_NAME, LOGGER, metricToken('gimbal_outbox_published_total')],
      useFactory: (queue: JobQueue, owner: ServiceName, logger: Logger, published: Counter<'owner'>) =>
        new OutboxRelay({
          connectionString: databaseUrl,
          owner,
          queue,
          logger,
          onPublished: (rows) => published.inc({ owner }, rows),
        }),
    };
    return {
      module: OutboxModule,
      global: true,
      providers: [writer, AuditTrail, relay, OutboxLifecycle],
      exports: [OutboxWriter, AuditTrail, OutboxRelay],
    };
  }
}
