import { startService } from '@gimbal/platform';
import { agentService } from './agent.service-definition.js';

await startService(agentService);
