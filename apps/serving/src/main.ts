import { letHeapGrow, startService } from '@gimbal/platform';
import { servingService } from './serving.service-definition.js';

letHeapGrow();
await startService(servingService);
