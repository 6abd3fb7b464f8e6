import { startService } from '@gimbal/platform';
import { registryService } from './registry.service-definition.js';

await startService(registryService);
