export { gatewayConfig } from './config.js';
export { gatewayService } from './gateway.service-definition.js';
