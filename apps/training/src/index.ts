export { trainingServiceConfig } from './config.js';
export { trainingService } from './training.service-definition.js';
