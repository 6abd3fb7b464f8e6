import { startService } from '@gimbal/platform';
import { servingService } from './serving.definition.js';

await startService(servingService);
