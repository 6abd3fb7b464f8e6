import { type ConfigOf, LOGGER, type Logger } from '@gimbal/platform';
import { type DynamicModule, Module } from '@nestjs/common';
import type { dataPlaneConfig } from './data-plane.config.js';
import { DataPlane } from './data-plane.service.js';

export interface DataPlaneModuleOptions {
  readonly config: ConfigOf<{ dataPlane: typeof dataPlaneConfig }>['dataPlane'];
  /** GIMBAL_SERVICE_KEY of the gateway; unset, predictions are answered 503. */
  readonly serviceKey: string | undefined;
}

/** Provides {@link DataPlane}, connected to serving for as long as the application lives. */
@Module({})
// biome-ignore lint/complexity/noStaticOnlyClass: the shape of a Nest dynamic module
export class DataPlaneModule {
  static of({ config, serviceKey = '' }: DataPlaneModuleOptions): DynamicModule {
    return {
      module: DataPlaneModule,
      providers: [
        {
          provide: DataPlane,
          inject: [LOGGER],
          useFactory: (logger: Logger) => new DataPlane({ config, serviceKey, logger }),
        },
      ],
      exports: [DataPlane],
    };
  }
}
