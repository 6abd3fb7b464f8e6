import { CONFIG, ServiceClient, type ServiceConfig } from '@gimbal/platform';
import { Global, Inject, Injectable, Module, type OnApplicationShutdown } from '@nestjs/common';
import type { agentConfig } from '../config.js';
import { MonitoringClient } from './monitoring.client.js';
import { RegistryClient } from './registry.client.js';
import { ServingClient } from './serving.client.js';

/** Three tries of this length stay well within the lease of an action. */
const CALL_TIMEOUT_MS = 4_000;
/**
 * One that stays open for a minute, as elsewhere, would outlast the time in which a repair must be verified; the agent's own pace (a look
 * every 200 ms at most) spares a service that is away.
 */
const BREAKER = { failureThreshold: 5, recoverySeconds: 1 };
/** The agent makes a few calls an hour: a connection of each kind is enough. */
const CONNECTIONS = 2;

/** One connection pool per service called, ended with the application. */
@Injectable()
class Connections implements OnApplicationShutdown {
  readonly registry: ServiceClient;
  readonly monitoring: ServiceClient;
  readonly serving: readonly ServiceClient[];

  constructor(@Inject(CONFIG) { services, serviceAuth }: ServiceConfig<typeof agentConfig>) {
    const open = (service: string, baseUrl: string): ServiceClient =>
      new ServiceClient({
        service,
        baseUrl,
        serviceKey: serviceAuth.serviceKey,
        breaker: BREAKER,
        timeoutMs: CALL_TIMEOUT_MS,
        connections: CONNECTIONS,
      });
    this.registry = open('registry', services.registryUrl);
    this.monitoring = open('monitoring', services.monitoringUrl);
    this.serving = services.servingUrls.map((url) => open('serving', url));
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([this.registry, this.monitoring, ...this.serving].map((client) => client.close()));
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
      provide: MonitoringClient,
      inject: [Connections],
      useFactory: ({ monitoring }: Connections) => new MonitoringClient(monitoring),
    },
    {
      provide: ServingClient,
      inject: [Connections],
      useFactory: ({ serving }: Connections) => new ServingClient(serving),
    },
  ],
  exports: [RegistryClient, MonitoringClient, ServingClient],
})
export class ClientsModule {}
