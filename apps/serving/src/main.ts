import { startService } from '@gimbal/platform';
import { servingService } from './serving.service-definition.js';

await startService(servingService);
