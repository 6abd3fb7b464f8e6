import { defineService } from '@gimbal/platform';
import { AgentModule } from './agent.module.js';
import { agentConfig } from './config.js';

/** How the agent is started. */
export const agentService = defineService({
  name: 'agent',
  config: agentConfig,
  door: 'internal',
  module: (config) => AgentModule.of(config),
});
