import { type ConfigOf, InjectMetric, LOGGER, type Logger } from '@gimbal/platform';
import { type DynamicModule, Injectable, Module, type OnModuleInit } from '@nestjs/common';
import type { Gauge } from 'prom-client';
import type { dataPlaneConfig } from './data-plane.config.js';
import { DataPlane } from './data-plane.service.js';

export interface DataPlaneModuleOptions {
  readonly config: ConfigOf<{ dataPlane: typeof dataPlaneConfig }>['dataPlane'];
  /** GIMBAL_SERVICE_KEY of the gateway; unset, predictions are answered 503. */
  readonly serviceKey: string | undefined;
}

/** Says to `/metrics` how many replicas there are. */
@Injectable()
class ReplicaGauge implements OnModuleInit {
  constructor(
    @InjectMetric('gimbal_serving_replicas') private readonly gauge: Gauge<'state'>,
    private readonly dataPlane: DataPlane,
  ) {}

  onModuleInit(): void {
    const collect = () => {
      const { connected, away } = this.dataPlane.known;
      this.gauge.set({ state: 'connected' }, connected);
      this.gauge.set({ state: 'away' }, away);
    };
    Object.assign(this.gauge, { collect });
  }
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
        ReplicaGauge,
      ],
      exports: [DataPlane],
    };
  }
}
