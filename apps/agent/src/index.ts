export { agentService } from './agent.service-definition.js';
export { agentConfig } from './config.js';
