export { servingConfig } from './config.js';
export { servingService } from './serving.definition.js';
