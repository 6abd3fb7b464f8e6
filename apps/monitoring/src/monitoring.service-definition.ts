import { defineService } from '@gimbal/platform';
import { monitoringConfig } from './config.js';
import { MonitoringModule } from './monitoring.module.js';

/** How monitoring is started. */
export const monitoringService = defineService({
  name: 'monitoring',
  config: monitoringConfig,
  door: 'internal',
  module: (config) => MonitoringModule.of(config),
});
