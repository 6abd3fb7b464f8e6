import type { ServiceName } from '@gimbal/contracts';
import { type DynamicModule, Module, type Provider } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { LoggerModule } from 'nestjs-pino';
import type { Logger } from 'pino';
import { HealthModule } from '../health/health.module.js';
import { MetricsModule } from '../metrics/metrics.module.js';
import { ServiceAuthGuard } from '../service-auth/service-auth.guard.js';
import { serializeError } from './create-logger.js';
import { CONFIG, LOGGER, SERVICE_NAME } from './tokens.js';

export interface PlatformOptions {
  readonly name: ServiceName;
  readonly config: {
    readonly process: { readonly version: string };
    readonly serviceAuth: { readonly trustedCallers: ReadonlyMap<string, Buffer> };
  };
  readonly logger: Logger;
  readonly door: 'internal' | 'public';
}

/** What every service has: configuration, logger, health, metrics and, behind an internal door, the guard. */
@Module({})
// biome-ignore lint/complexity/noStaticOnlyClass: the shape of a Nest dynamic module
export class PlatformModule {
  static async of(options: PlatformOptions): Promise<DynamicModule> {
    const { name, config, logger, door } = options;
    const health = HealthModule.of({ service: name, version: config.process.version });
    const metrics = await MetricsModule.of();
    const shared: Provider[] = [
      { provide: CONFIG, useValue: config },
      { provide: LOGGER, useValue: logger },
      { provide: SERVICE_NAME, useValue: name },
    ];
    const guard: Provider = {
      provide: APP_GUARD,
      useFactory: () => new ServiceAuthGuard(config.serviceAuth.trustedCallers),
    };
    return {
      module: PlatformModule,
      global: true,
      imports: [
        // No middleware of its own: build-service enters the logging context where it survives reading the body.
        LoggerModule.forRoot({
          pinoHttp: { logger, serializers: { err: serializeError }, wrapSerializers: false },
          forRoutes: [],
        }),
        health,
        metrics,
      ],
      providers: door === 'internal' ? [...shared, guard] : shared,
      exports: [...shared, health, metrics],
    };
  }
}
