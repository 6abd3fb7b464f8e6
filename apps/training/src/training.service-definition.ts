import { acceptUploads, defineService } from '@gimbal/platform';
import { trainingServiceConfig } from './config.js';
import { TrainingModule } from './training.module.js';

/** How training is started. */
export const trainingService = defineService({
  name: 'training',
  config: trainingServiceConfig,
  door: 'internal',
  module: (config) => TrainingModule.of(config),
  prepare: async (app, { batchPredictions }) => await acceptUploads(app, batchPredictions.maxBytes),
});
