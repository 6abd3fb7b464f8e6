import { JobsModule } from '@gimbal/platform';
import { type DynamicModule, Module } from '@nestjs/common';
import { BatchRowsModule } from './batch-rows/batch-rows.module.js';
import type { ServingConfig } from './config.js';
import { ExplainModule } from './explain/explain.module.js';
import { BreakerController } from './monitoring/breaker.controller.js';
import { MonitoringController } from './monitoring/monitoring.controller.js';
import { ServedModelsController } from './monitoring/served-models.controller.js';
import { ServingGauges, ServingWatch } from './monitoring/serving-watch.js';
import { PredictModule } from './predict/predict.module.js';
import { PredictionLogModule } from './prediction-log/prediction-log.module.js';
import { ProtocolsModule } from './protocols/protocols.module.js';
import { ReceiptsModule } from './receipts/receipts.module.js';
import { ServingLifecycle } from './serving.lifecycle.js';
import { TrafficModule } from './traffic/traffic.module.js';

/** All of serving. */
@Module({})
// biome-ignore lint/complexity/noStaticOnlyClass: the shape of a Nest dynamic module
export class ServingModule {
  static of(config: ServingConfig): DynamicModule {
    const traffic = TrafficModule.of(config);
    const log = PredictionLogModule.of(config);
    const predict = PredictModule.of(config, [traffic, log]);
    const explain = ExplainModule.of(config, [traffic]);
    return {
      module: ServingModule,
      imports: [
        JobsModule.forRoot(config.queue),
        traffic,
        log,
        predict,
        ProtocolsModule.of(config, [traffic, predict, explain]),
        explain,
        ReceiptsModule.of([traffic, predict]),
        BatchRowsModule.of([traffic, predict]),
      ],
      controllers: [MonitoringController, BreakerController, ServedModelsController],
      providers: [ServingGauges, ServingWatch, ServingLifecycle],
    };
  }
}
