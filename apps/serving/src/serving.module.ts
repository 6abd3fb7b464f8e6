import { JobsModule, LOGGER, type Logger, parseFrameAddress } from '@gimbal/platform';
import { type DynamicModule, Module } from '@nestjs/common';
import type { ServingConfig } from './config.js';
import { ExplainModule } from './explain/explain.module.js';
import { MonitoringController } from './monitoring/monitoring.controller.js';
import { ServedModelsController } from './monitoring/served-models.controller.js';
import { ServingGauges, ServingWatch } from './monitoring/serving-watch.js';
import { PredictModule } from './predict/predict.module.js';
import { PredictService } from './predict/predict.service.js';
import { PredictDoor } from './predict/predict-door.js';
import { PredictionLogModule } from './prediction-log/prediction-log.module.js';
import { ServingLifecycle } from './serving.lifecycle.js';
import { TrafficModule } from './traffic/traffic.module.js';

/** All of serving. */
@Module({})
// biome-ignore lint/complexity/noStaticOnlyClass: the shape of a Nest dynamic module
export class ServingModule {
  static of(config: ServingConfig): DynamicModule {
    const traffic = TrafficModule.of(config);
    const log = PredictionLogModule.of(config);
    return {
      module: ServingModule,
      imports: [
        JobsModule.forRoot(config.queue),
        traffic,
        log,
        PredictModule.of(config, [traffic, log]),
        ExplainModule.of(config, [traffic]),
      ],
      controllers: [MonitoringController, ServedModelsController],
      providers: [
        {
          provide: PredictDoor,
          inject: [PredictService, LOGGER],
          useFactory: (service: PredictService, logger: Logger) =>
            new PredictDoor({
              address: parseFrameAddress(config.predict.frames),
              trustedCallers: config.serviceAuth.trustedCallers,
              service,
              logger,
            }),
        },
        ServingGauges,
        ServingWatch,
        ServingLifecycle,
      ],
    };
  }
}
