export { monitoringConfig } from './config.js';
export { monitoringService } from './monitoring.service-definition.js';
