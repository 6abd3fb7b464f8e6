import {
  configGroup,
  databaseConfig,
  httpConfigFor,
  integerText,
  queueConfig,
  secretSetting,
  serviceAuthConfig,
  setting,
  streamsConfig,
  urlsText,
  urlText,
} from '@gimbal/platform';
import { z } from 'zod';
import { bootstrapKeysText } from './access/bootstrap-keys.js';
import { originsText } from './browser/origins.js';
import { dataPlaneConfig } from './data-plane/index.js';
import { networksText } from './door/client-address.js';
import { grpcConfig } from './grpc/grpc.config.js';
import { mlflowConfig } from './mlflow/mlflow.config.js';

const httpBase = httpConfigFor({
  host: 'API_HOST',
  port: 'API_PORT',
  hostDefault: '0.0.0.0',
  portDefault: 8_000,
  requestTimeoutMs: 600_000,
});

const httpDoorConfig = configGroup('HTTP', {
  ...httpBase.settings,
  bodyLimitBytes: setting('HTTP_BODY_LIMIT', integerText(1024, 1_073_741_824).default(8_388_608), {
    description: 'Largest JSON body that is read; a larger one is answered 413.',
    unit: 'bytes',
  }),
  uploadLimitBytes: setting('UPLOAD_LIMIT', integerText(1024, 1_099_511_627_776).default(2_147_483_648), {
    description: 'Largest model or data file that is taken; it is passed on as it comes and never held in memory.',
    unit: 'bytes',
  }),
  trustedProxies: setting('TRUSTED_PROXIES', networksText(), {
    description:
      'Addresses or networks (10.0.0.0/8) of proxies in front of the gateway whose X-Forwarded-For is believed. Empty: the address of the connection counts.',
  }),
});

/** Keys of the environment and how long a known key is believed when PostgreSQL is away. */
const accessConfig = configGroup('Access', {
  bootstrapKeys: secretSetting('ML_API_KEYS', bootstrapKeysText(), {
    description:
      'Keys granted by the environment: name:sha256hex[:role+role], comma-separated. Roles are viewer, predictor, operator, approver, admin; without roles: predictor+viewer. Raw keys are refused.',
  }),
  keyRefreshMs: setting('API_KEY_REFRESH', integerText(100, 60_000).default(2_000), {
    description: 'How soon a key that another gateway made or revoked is noticed by this one.',
    unit: 'ms',
  }),
  keyStalenessMaxMs: setting('API_KEY_STALENESS_MAX', integerText(1_000, 604_800_000).default(14_400_000), {
    description:
      'How long keys made through the API stay valid from memory while PostgreSQL cannot be asked; keys of ML_API_KEYS need no PostgreSQL.',
    unit: 'ms',
  }),
});

const rateLimitConfig = configGroup('Rate limits', {
  requests: setting('RATE_LIMIT_REQUESTS', integerText(1, 10_000_000).default(100), {
    description: 'Requests that a key (or, without one, an address) may make in any stretch of RATE_LIMIT_WINDOW.',
    unit: 'requests',
  }),
  trackingRequests: setting('RATE_LIMIT_TRACKING_REQUESTS', integerText(1, 10_000_000).default(12_000), {
    description:
      "The same for what a key logs to runs, for all that it sends under MLflow's paths, and, by the address they come from, for the parts of large files: a program that logs each step of a training makes many small requests. The default is 200 a second.",
    unit: 'requests',
  }),
  windowSeconds: setting('RATE_LIMIT_WINDOW', integerText(1, 86_400).default(60), {
    description: 'Length of the sliding window.',
    unit: 's',
  }),
  failures: setting('AUTH_FAILURE_REQUESTS', integerText(1, 1_000_000).default(20), {
    description: 'Wrong keys that an address may present in any stretch of RATE_LIMIT_WINDOW.',
    unit: 'requests',
  }),
});

const serviceUrl = (variable: string, service: string) =>
  setting(variable, urlText('http:', 'https:'), { description: `Where the ${service} service listens.` });

const ownersConfig = configGroup('Services', {
  registry: serviceUrl('REGISTRY_URL', 'registry'),
  training: serviceUrl('TRAINING_URL', 'training'),
  monitoring: serviceUrl('MONITORING_URL', 'monitoring'),
  agent: serviceUrl('AGENT_URL', 'agent'),
  serving: setting('SERVING_URL', urlsText('http:', 'https:'), {
    description: 'Where the replicas of the serving service listen, comma-separated.',
  }),
});

const forwardingConfig = configGroup('Forwarding', {
  timeoutMs: setting('FORWARD_TIMEOUT', integerText(100, 600_000).default(30_000), {
    description: 'How long a service may take to begin its answer; after it the caller is answered 504.',
    unit: 'ms',
  }),
  inFlightMax: setting('FORWARD_IN_FLIGHT_MAX', integerText(1, 10_000).default(128), {
    description: 'Requests that may wait for one service at once; more are answered 503.',
    unit: 'requests',
  }),
});

const browserConfig = configGroup('Browsers', {
  origins: setting('CORS_ORIGINS', originsText(), {
    description: 'Origins (https://dashboard.example) whose pages may call the API, comma-separated. Empty: none.',
  }),
});

const eventsConfig = configGroup('Live events', {
  clientsMax: setting('EVENTS_CLIENTS_MAX', integerText(1, 10_000).default(100), {
    description: 'Open streams of GET /api/v1/events at once; more are answered 503.',
    unit: 'streams',
  }),
});

const serviceKeyConfig = configGroup('Service keys', {
  ...serviceAuthConfig.settings,
  serviceKey: secretSetting('GIMBAL_SERVICE_KEY', z.string().min(16, 'must have at least 16 characters').max(512), {
    description: 'Key with which the gateway calls the other services (sent as Authorization: Bearer).',
  }),
});

/** All settings of the gateway. */
export const gatewayConfig = {
  http: httpDoorConfig,
  grpc: grpcConfig,
  mlflow: mlflowConfig,
  streams: streamsConfig,
  serviceAuth: serviceKeyConfig,
  access: accessConfig,
  rateLimit: rateLimitConfig,
  database: databaseConfig,
  queue: queueConfig,
  owners: ownersConfig,
  forwarding: forwardingConfig,
  browser: browserConfig,
  events: eventsConfig,
  dataPlane: dataPlaneConfig,
};
