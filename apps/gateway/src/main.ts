import { letHeapGrow, startService } from '@gimbal/platform';
import { gatewayService } from './gateway.service-definition.js';

letHeapGrow();
await startService(gatewayService);
