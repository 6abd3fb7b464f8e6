export { InjectPinoLogger, PinoLogger } from 'nestjs-pino';
export type { Logger } from 'pino';
export { artifactsConfig } from './config/artifacts.config.js';
export { databaseConfig } from './config/database.config.js';
export * from './config/define-config.js';
export { httpConfig, httpConfigFor } from './config/http.config.js';
export { processConfig } from './config/process.config.js';
export { queueConfig } from './config/queue.config.js';
export { serviceAuthConfig } from './config/service-auth.config.js';
export * from './config/setting.js';
export { describeFrameAddress, type FrameAddress, frameAddressText } from './frames/frame-address.js';
export { FrameClient, type FrameClientOptions } from './frames/frame-client.js';
export { type AnswerItem, FrameServer, type FrameServerOptions } from './frames/frame-server.js';
export {
  type HealthCheckReport,
  type HealthIndicator,
  HealthRegistry,
  type HealthReport,
  type HealthSummary,
} from './health/health-registry.js';
export { METRICS, type MetricName } from './metrics/metrics.js';
export { InjectMetric } from './metrics/metrics.module.js';
export { ACTOR_HEADER, decodeActor, encodeActor } from './service-auth/actor-header.js';
export { CallableBy } from './service-auth/callable-by.js';
export { Caller, CurrentActor } from './service-auth/caller.decorators.js';
export { isLoopback, OPEN_ROUTE, type Openness, OpenOnLoopback, OpenRoute } from './service-auth/open-route.js';
export { findCaller } from './service-auth/service-auth.guard.js';
export { type BuildOptions, type BuiltService, buildService } from './start-service/build-service.js';
export { buildProblem, describeProblem } from './start-service/describe-problem.js';
export { type InputFault, InvalidInputError, parseInput } from './start-service/parse-input.js';
export {
  completeConfig,
  defineService,
  type ServiceConfig,
  type ServiceDefinition,
} from './start-service/service-definition.js';
export { EXIT_DEADLINE } from './start-service/shutdown.js';
export { EXIT_CONFIG, startService } from './start-service/start-service.js';
export type { ReadyMessage } from './start-service/supervisor-link.js';
export { CONFIG, LOGGER, SERVICE_NAME } from './start-service/tokens.js';
