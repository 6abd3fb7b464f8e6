import { CONFIG, ServiceClient, type ServiceClientOptions } from '@gimbal/platform';
import { Global, Inject, Injectable, Module, type OnApplicationShutdown } from '@nestjs/common';
import type { MonitoringConfig } from '../config.js';
import { RegistryClient } from './registry.client.js';
import { ServingClient } from './serving.client.js';

/** A reference profile takes a few kilobytes a feature. */
const ARTIFACT_BYTES_MAX = 67_108_864;

/** One connection pool per service called, ended with the application. */
@Injectable()
class Connections implements OnApplicationShutdown {
  readonly registry: ServiceClient;
  readonly serving: ServiceClient;

  constructor(@Inject(CONFIG) { services, serviceAuth: { serviceKey }, breaker }: MonitoringConfig) {
    const open = (
      service: string,
      baseUrl: string,
      more: Pick<ServiceClientOptions, 'connections' | 'maxAnswerBytes'>,
    ): ServiceClient => new ServiceClient({ service, baseUrl, serviceKey, breaker, ...more });
    this.registry = open('registry', services.registryUrl, { connections: 1, maxAnswerBytes: ARTIFACT_BYTES_MAX });
    this.serving = open('serving', services.servingUrl, { connections: 2 });
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([this.registry.close(), this.serving.close()]);
  }
}

@Global()
@Module({
  providers: [
    Connections,
    {
      provide: RegistryClient,
      inject: [Connections],
      useFactory: ({ registry }: Connections) => new RegistryClient(registry),
    },
    {
      provide: ServingClient,
      inject: [Connections],
      useFactory: ({ serving }: Connections) => new ServingClient(serving),
    },
  ],
  exports: [RegistryClient, ServingClient],
})
export class ClientsModule {}
