import { startService, tuneCollector } from '@gimbal/platform';
import { gatewayService } from './gateway.service-definition.js';

tuneCollector();
await startService(gatewayService);
