import { defineService } from '@gimbal/platform';
import { type ServingConfig, servingConfig } from './config.js';
import { ServingModule } from './serving.module.js';

/** Inference: takes predictions as frames from the gateway, and operators' questions over HTTP. */
export const servingService = defineService({
  name: 'serving',
  config: servingConfig,
  door: 'internal',
  module: (config: ServingConfig) => ServingModule.of(config),
});
