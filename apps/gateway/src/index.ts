export { gatewayConfig } from './config.js';
export { gatewayService } from './gateway.definition.js';
