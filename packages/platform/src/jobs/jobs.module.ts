import { JOBS, type ServiceName } from '@gimbal/contracts';
import {
  type DynamicModule,
  type FactoryProvider,
  Inject,
  Injectable,
  Module,
  type ModuleMetadata,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
  type OnModuleDestroy,
} from '@nestjs/common';
import type { Logger } from 'pino';
import type { Gauge } from 'prom-client';
import { HealthRegistry } from '../health/health-registry.js';
import { InjectMetric } from '../metrics/metrics.module.js';
import { LOGGER, SERVICE_NAME } from '../start-service/tokens.js';
import type { ConsumerOf, DefaultCatalogue, HandlersFor } from './job-catalogue.js';
import { JobQueue, queueName } from './job-queue.js';
import { type QueueSettings, queueBackendOf } from './queue-backend-of.js';

const HANDLERS = Symbol('gimbal:job-handlers');
const SCRAPE_STATES = ['waiting', 'active', 'delayed', 'dead'] as const;

/** Health and metrics of the queue, and its end. */
@Injectable()
class JobQueueLifecycle implements OnApplicationBootstrap, OnModuleDestroy, OnApplicationShutdown {
  constructor(
    private readonly queue: JobQueue,
    private readonly health: HealthRegistry,
    @Inject(SERVICE_NAME) private readonly service: ServiceName,
    @InjectMetric('gimbal_jobs') private readonly gauge: Gauge<'queue' | 'state'>,
  ) {}

  onApplicationBootstrap(): void {
    this.health.register({
      name: 'queue',
      whenDown: 'degraded',
      check: async () => {
        await this.queue.ping();
        return { kind: this.queue.kind };
      },
    });
    if (isConsumer(this.service)) Object.assign(this.gauge, { collect: () => this.collect(this.service) });
  }

  async onModuleDestroy(): Promise<void> {
    await this.queue.stopConsuming();
  }

  /** Requests under way may publish until the server has closed. */
  async onApplicationShutdown(): Promise<void> {
    await this.queue.close();
  }

  private async collect(service: ServiceName): Promise<void> {
    this.gauge.reset();
    if (!isConsumer(service)) return;
    const counts = await this.queue.counts(service).catch(() => undefined);
    // With the queue away there is no figure: an absent sample says so, a zero would lie.
    if (counts) for (const state of SCRAPE_STATES) this.gauge.set({ queue: queueName(service), state }, counts[state]);
  }
}

const isConsumer = (service: ServiceName): service is ConsumerOf<DefaultCatalogue> =>
  Object.values(JOBS).some(({ consumer }) => consumer === service);

/** How a service takes its jobs. */
export interface ConsumeOptions<S extends ConsumerOf<DefaultCatalogue>> {
  readonly service: S;
  /** Modules that export what `inject` names. */
  readonly imports: NonNullable<ModuleMetadata['imports']>;
  readonly inject: NonNullable<FactoryProvider['inject']>;
  /** Builds the complete handler map from what was injected. */
  // biome-ignore lint/suspicious/noExplicitAny: Nest types a factory's arguments this way; the implementation names their classes
  readonly handlers: (...injected: any[]) => HandlersFor<S>;
  /** Jobs at once, >= 1; default 1. */
  readonly concurrency?: number;
}

@Module({})
// biome-ignore lint/complexity/noStaticOnlyClass: the shape of a Nest dynamic module
export class JobsModule {
  /** Makes {@link JobQueue} injectable everywhere. Import it once, in the root module. */
  static forRoot(settings: QueueSettings): DynamicModule {
    const queue: FactoryProvider = {
      provide: JobQueue,
      inject: [LOGGER],
      useFactory: (logger: Logger) => new JobQueue({ catalogue: JOBS, backend: queueBackendOf(settings), logger }),
    };
    return { module: JobsModule, global: true, providers: [queue, JobQueueLifecycle], exports: [JobQueue] };
  }

  /** Starts to take the jobs of a service once the application is up; boot fails when the handlers are not complete. */
  static consume<S extends ConsumerOf<DefaultCatalogue>>({
    service,
    imports,
    inject,
    handlers,
    concurrency = 1,
  }: ConsumeOptions<S>): DynamicModule {
    @Injectable()
    class JobConsumption implements OnApplicationBootstrap {
      constructor(
        private readonly queue: JobQueue,
        @Inject(HANDLERS) private readonly map: HandlersFor<S>,
      ) {}

      onApplicationBootstrap(): void {
        this.queue.consume(service, this.map, { concurrency });
      }
    }
    class JobConsumptionModule {}
    return {
      module: JobConsumptionModule,
      imports,
      providers: [{ provide: HANDLERS, inject, useFactory: handlers }, JobConsumption],
    };
  }
}
