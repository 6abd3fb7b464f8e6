export { InjectPinoLogger, PinoLogger } from 'nestjs-pino';
export type { Logger } from 'pino';
export {
  ARTIFACT_STORE,
  type ArtifactStore,
  type ByteRange,
  type PutOptions,
  type StoredArtifact,
} from './artifacts/artifact-store.js';
export { ArtifactsModule } from './artifacts/artifacts.module.js';
export { type FileArtifactOptions, FileArtifactStore } from './artifacts/file-artifact.store.js';
export { type AuditedEvent, AuditTrail } from './audit/audit-trail.js';
export { Gate } from './concurrency/gate.js';
export { artifactsConfig } from './config/artifacts.config.js';
export { breakerConfig } from './config/breaker.config.js';
export { databaseConfig } from './config/database.config.js';
export * from './config/define-config.js';
export { httpConfig, httpConfigFor } from './config/http.config.js';
export { processConfig } from './config/process.config.js';
export { queueConfig } from './config/queue.config.js';
export { keyDigestsText, serviceAuthConfig } from './config/service-auth.config.js';
export * from './config/setting.js';
export { streamsConfig } from './config/streams.config.js';
export { tracingConfig } from './config/tracing.config.js';
export {
  DatabaseModule,
  type DatabaseSettings,
  type LivingDatabase,
} from './database/database.module.js';
export { SoleTurn, type SoleTurnOptions } from './database/sole-turn.js';
export { isDatabaseAway } from './database-failure/is-database-away.js';
export { translateDatabaseFailure } from './database-failure/translate-database-failure.js';
export { installFastPath } from './fast-path/fast-path.js';
export { endUnusedConnections } from './fast-path/unused-connections.js';
export {
  describeFrameAddress,
  type FrameAddress,
  frameAddressesText,
  frameAddressText,
  parseFrameAddress,
} from './frames/frame-address.js';
export { FrameClient, type FrameClientOptions } from './frames/frame-client.js';
export { type AnswerItem, FrameServer, type FrameServerOptions } from './frames/frame-server.js';
export { UnansweredError } from './frames/unanswered-error.js';
export { GrpcServer } from './grpc/grpc-server.js';
export { healthMethods } from './grpc/health-methods.js';
export { reflectionMethods } from './grpc/reflection-methods.js';
export {
  type HealthCheckReport,
  type HealthIndicator,
  HealthRegistry,
  type HealthReport,
  type HealthSummary,
} from './health/health-registry.js';
export type { Answer } from './http/read-answer.js';
export { type ServiceCall, ServiceClient, type ServiceClientOptions } from './http/service-client.js';
export { deriveId } from './ids/derive-id.js';
export { drawIdSeed } from './ids/id-seed.js';
export { type HandlersFor, type JobContext, JobRejectedError } from './jobs/job-catalogue.js';
export {
  type DeadLetter,
  type JobCounts,
  JobQueue,
  queueName,
  type Schedule,
} from './jobs/job-queue.js';
export { type ConsumeOptions, JobsModule } from './jobs/jobs.module.js';
export { PostgresQueueBackend, type PostgresQueueOptions } from './jobs/postgres-queue.backend.js';
export type { QueueBackend } from './jobs/queue-backend.js';
export { type QueueSettings, queueBackendOf } from './jobs/queue-backend-of.js';
export { RedisQueueBackend, type RedisQueueOptions } from './jobs/redis-queue.backend.js';
export { type MigrationSession, runQueueMigrations } from './jobs/run-queue-migrations.js';
export { METRICS, type MetricName } from './metrics/metrics.js';
export { InjectMetric } from './metrics/metrics.module.js';
export { publishReadMetric, type ReadMetricOptions } from './metrics/read-metric.js';
export type { TallyHistogram } from './metrics/tally-histogram.js';
export {
  type OutboundCall,
  OutboundClient,
  type OutboundClientOptions,
} from './outbound-http/outbound-client.js';
export { OutboundGuard, type OutboundGuardOptions } from './outbound-http/outbound-guard.js';
export { isPassing, type OutboundOutcome } from './outbound-http/outbound-outcome.js';
export { OutboxModule } from './outbox/outbox.module.js';
export { OutboxRelay, type OutboxRelayOptions, type OutboxTarget } from './outbox/outbox-relay.js';
export { OUTBOX_CHANNEL, OutboxWriter, outboxJobId } from './outbox/outbox-writer.js';
export type { PgExecutor, PrismaExecutor, SqlExecutor } from './outbox/sql-executor.js';
export { decodeCursor, encodeCursor } from './paging/cursor.js';
export {
  cutPage,
  NEWEST_FIRST,
  olderThan,
  type PageOf,
  pageOf,
  readTimePlace,
  type TimePlace,
  timeMark,
} from './paging/page.js';
export { predictMethods } from './predict-grpc/predict-methods.js';
export { mountPredictRoutes } from './predict-http/mount-predict-routes.js';
export { type Admitted, callerOf, type PredictCaller } from './predict-http/predict-caller.js';
export { PredictServer } from './predict-http/predict-server.js';
export { readRefusedBodies } from './predict-http/read-refused-bodies.js';
export { takePlainPredictions } from './predict-http/take-plain-predictions.js';
export { traceCalls } from './predict-http/trace-calls.js';
export { ACTOR_HEADER, decodeActor, encodeActor } from './service-auth/actor-header.js';
export { CallableBy } from './service-auth/callable-by.js';
export { Caller, CurrentActor } from './service-auth/caller.decorators.js';
export { isLoopback, OPEN_ROUTE, type Openness, OpenOnLoopback, OpenRoute } from './service-auth/open-route.js';
export { readPresentedKey } from './service-auth/presented-key.js';
export { findCaller } from './service-auth/service-auth.guard.js';
export { describePublicKey, openSigningKey, type PublicKey, type SigningKey } from './signing/signing-key.js';
export { type BuildOptions, type BuiltService, buildService } from './start-service/build-service.js';
export { buildProblem, describeProblem } from './start-service/describe-problem.js';
export { type InputFault, InvalidInputError, parseInput } from './start-service/parse-input.js';
export { currentRequest, inRequest, type RequestContext } from './start-service/request-context.js';
export { acceptRequestId } from './start-service/request-id.js';
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
export { tuneCollector } from './start-service/tune-collector.js';
export { hearStrangers } from './tracing/hear-strangers.js';
export { type Attributes, currentTracing, type OpenSpan, type SpanBeginning, type Tracing } from './tracing/tracing.js';
export { giveBack, lendChunks } from './uploads/give-back.js';
export { allowLongStreams, expectSteadyStream } from './uploads/idle-deadline.js';
export { acceptUploads, readUpload, type Upload } from './uploads/read-upload.js';
