import { CONFIG, InjectMetric, ServiceClient, type ServiceConfig } from '@gimbal/platform';
import { Global, Inject, Injectable, Module, type OnApplicationShutdown } from '@nestjs/common';
import type { Gauge } from 'prom-client';
import type { trainingServiceConfig } from '../config.js';
import { RegistryClient } from './registry.client.js';
import { ServingClient } from './serving.client.js';

/** A model file may be large, and the registry looks into it before it answers. */
const CALL_TIMEOUT_MS = 30_000;
const ANSWER_BYTES_MAX = 268_435_456;
const CONNECTIONS = 4;

/** The connection pool to the registry, ended with the application. */
@Injectable()
class RegistryConnection implements OnApplicationShutdown {
  readonly client: ServiceClient;

  constructor(
    @Inject(CONFIG) { services, breaker, serviceAuth }: ServiceConfig<typeof trainingServiceConfig>,
    @InjectMetric('ml_circuit_breaker_state') breakers: Gauge<'name'>,
  ) {
    this.client = new ServiceClient({
      service: 'registry',
      baseUrl: services.registryUrl,
      serviceKey: serviceAuth.serviceKey,
      breaker,
      timeoutMs: CALL_TIMEOUT_MS,
      maxAnswerBytes: ANSWER_BYTES_MAX,
      connections: CONNECTIONS,
      onBreaker: (state) => breakers.set({ name: 'registry' }, state),
    });
  }

  async onApplicationShutdown(): Promise<void> {
    await this.client.close();
  }
}

@Global()
@Module({
  providers: [
    RegistryConnection,
    ServingClient,
    {
      provide: RegistryClient,
      inject: [RegistryConnection],
      useFactory: ({ client }: RegistryConnection) => new RegistryClient(client),
    },
  ],
  exports: [RegistryClient, ServingClient],
})
export class ClientsModule {}
