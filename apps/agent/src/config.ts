import {
  type ConfigOf,
  configGroup,
  databaseConfig,
  defineConfig,
  integerText,
  numberText,
  queueConfig,
  setting,
  urlsText,
  urlText,
} from '@gimbal/platform';

/** The services that the agent acts through. */
const servicesConfig = configGroup('Services', {
  registryUrl: setting('REGISTRY_URL', urlText('http:', 'https:'), {
    description: 'Registry: promotions, rollbacks and thresholds are asked of it.',
  }),
  monitoringUrl: setting('MONITORING_URL', urlText('http:', 'https:'), {
    description: 'Monitoring: alerts, reports and validations are asked of it.',
  }),
  servingUrls: setting('SERVING_URL', urlsText('http:', 'https:'), {
    description:
      'Replicas of serving, comma-separated: asked which version really answers, before a repair counts as done.',
  }),
});

const executionConfig = configGroup('Execution of actions', {
  tickMs: setting('AGENT_TICK_INTERVAL', integerText(100, 600_000).default(5_000), {
    description: 'How often proposals are expired and actions picked up that a killed process left behind.',
    unit: 'ms',
  }),
  leaseMs: setting('AGENT_LEASE', integerText(1_000, 600_000).default(20_000), {
    description:
      'Time without a sign of life after which another worker goes on with an action. Longer than one call to another service with its retries.',
    unit: 'ms',
  }),
  verifyMs: setting('AGENT_VERIFY_WITHIN', integerText(100, 3_600_000).default(60_000), {
    description: 'Time in which the post-condition of an action must come true; after it the action is undone.',
    unit: 'ms',
  }),
  executeHours: setting('AGENT_EXECUTE_WITHIN', numberText(0.001, 720).default(12), {
    description:
      'Time in which an action, the training it asks for included, must be carried out; after it the action has failed.',
    unit: 'h',
  }),
});

export const agentConfig = defineConfig({
  database: databaseConfig,
  queue: queueConfig,
  services: servicesConfig,
  execution: executionConfig,
});
export type AgentConfig = ConfigOf<typeof agentConfig>;
