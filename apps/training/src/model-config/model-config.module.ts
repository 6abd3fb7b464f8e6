import { CONFIG } from '@gimbal/platform';
import { Global, Module } from '@nestjs/common';
import type { TrainingConfig } from '../config.js';
import { DatasetService, DEFINITIONS, type Definitions } from '../data/dataset.service.js';
import { DatasetVersionService } from '../data/dataset-version.service.js';
import { loadDefinitions } from '../data/load-definitions.js';
import { loadModelConfig } from './load-model-config.js';

/** Injects what is trained when nobody says otherwise. */
export const MODEL_CONFIG = Symbol('training:model-config');

/** The files that a start depends on: dataset definitions and model configuration, read and checked once. */
@Global()
@Module({
  providers: [
    DatasetService,
    DatasetVersionService,
    {
      provide: DEFINITIONS,
      inject: [CONFIG],
      useFactory: ({ data }: TrainingConfig) => loadDefinitions(data.datasetsDir),
    },
    {
      provide: MODEL_CONFIG,
      inject: [CONFIG, DEFINITIONS],
      useFactory: ({ training }: TrainingConfig, definitions: Definitions) =>
        loadModelConfig(training.modelConfig, definitions),
    },
  ],
  exports: [DatasetService, DatasetVersionService, MODEL_CONFIG],
})
export class ModelConfigModule {}
