import { startService } from '@gimbal/platform';
import { gatewayService } from './gateway.service-definition.js';

await startService(gatewayService);
