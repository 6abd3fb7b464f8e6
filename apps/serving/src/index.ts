export { servingConfig } from './config.js';
export { servingService } from './serving.service-definition.js';
