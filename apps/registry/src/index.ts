export { registryConfig } from './config.js';
export { registryService } from './registry.service-definition.js';
