import { startService, tuneCollector } from '@gimbal/platform';
import { servingService } from './serving.service-definition.js';

tuneCollector();
await startService(servingService);
