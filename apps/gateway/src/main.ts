import { startService } from '@gimbal/platform';
import { gatewayService } from './gateway.definition.js';

await startService(gatewayService);
