import { defineService } from '@gimbal/platform';
import { AgentModule } from './agent.module.js';
import { agentConfig } from './config.js';

/** All that is needed to start the agent, or to build it for a test. */
export const agentService = defineService({
  name: 'agent',
  config: agentConfig,
  door: 'internal',
  module: (config) => AgentModule.of(config),
});
