import { JOBS, type ServiceName } from '@gimbal/contracts';
import {
  type BeforeApplicationShutdown,
  type DynamicModule,
  Inject,
  Injectable,
  Module,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import type { Logger } from 'pino';
import type { Counter } from 'prom-client';
import { AuditTrail } from '../audit/audit-trail.js';
import { JobQueue } from '../jobs/job-queue.js';
import { InjectMetric } from '../metrics/metrics.module.js';
import { LOGGER, SERVICE_NAME } from '../start-service/tokens.js';
import { OutboxRelay } from './outbox-relay.js';
import { OutboxWriter } from './outbox-writer.js';

const DATABASE_URL = Symbol('gimbal:outbox-database');

/** Runs the relay while the application does. */
@Injectable()
class OutboxLifecycle implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly relay: OutboxRelay;

  constructor(
    queue: JobQueue,
    @Inject(DATABASE_URL) connectionString: string,
    @Inject(SERVICE_NAME) owner: ServiceName,
    @Inject(LOGGER) logger: Logger,
    @InjectMetric('gimbal_outbox_published_total') published: Counter<'owner'>,
  ) {
    this.relay = new OutboxRelay({
      connectionString,
      owner,
      queue,
      logger,
      onPublished: (rows) => published.inc({ owner }, rows),
    });
  }

  onApplicationBootstrap(): void {
    this.relay.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.relay.close();
  }
}

/** Makes {@link OutboxWriter} and {@link AuditTrail} injectable everywhere and relays the service's rows. Needs `JobsModule.forRoot`. */
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
    return {
      module: OutboxModule,
      global: true,
      providers: [{ provide: DATABASE_URL, useValue: databaseUrl }, writer, AuditTrail, OutboxLifecycle],
      exports: [OutboxWriter, AuditTrail],
    };
  }
}
