import { type DynamicModule, Module } from '@nestjs/common';
import { PredictService } from '../predict/predict.service.js';
import { ServedModels } from '../traffic/served-models.js';
import { BatchRowsController } from './batch-rows.controller.js';
import { BatchRowsService } from './batch-rows.service.js';

/** Answers rows of batch predictions. */
@Module({})
// biome-ignore lint/complexity/noStaticOnlyClass: the shape of a Nest dynamic module
export class BatchRowsModule {
  static of(imports: NonNullable<DynamicModule['imports']>): DynamicModule {
    return {
      module: BatchRowsModule,
      imports,
      controllers: [BatchRowsController],
      providers: [
        {
          provide: BatchRowsService,
          inject: [ServedModels, PredictService],
          useFactory: (models: ServedModels, service: PredictService) => new BatchRowsService(models, service),
        },
      ],
    };
  }
}
