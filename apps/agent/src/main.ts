import { startService } from '@gimbal/platform';
import { agentService } from './index.js';

await startService(agentService);
