export { dataPlaneConfig } from './data-plane.config.js';
export { DataPlaneModule } from './data-plane.module.js';
export { DataPlane } from './data-plane.service.js';
