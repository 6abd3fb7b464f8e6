import { startService } from '@gimbal/platform';
import { monitoringService } from './monitoring.service-definition.js';

await startService(monitoringService);
