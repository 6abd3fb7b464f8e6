export { type HandleErrors, handleErrors } from './decorators/handle-errors.js';
export {
  type Cached,
  type CacheStats,
  type CachingDecorator,
  type LruCacheOptions,
  lruCache,
} from './decorators/lru-cache.js';
export {
  type Measured,
  type MeasurePerformance,
  type MeasuringDecorator,
  measurePerformance,
  type PerformanceStats,
} from './decorators/measure-performance.js';
export type { Method, MethodDecorator } from './decorators/method-decorator.js';
export {
  type Permission,
  PermissionError,
  requirePermission,
  withPermissions,
} from './decorators/require-permission.js';
export { METRIC_CHANNEL, type TrackedCall, trackMetric } from './decorators/track-metric.js';
export * from './experiments/experiment-error.js';
export { ExperimentManager, type StartActiveRun } from './experiments/experiment-manager.js';
export type { ExperimentManagerOptions, RegistryOption } from './experiments/manager-options.js';
export type { ParamValue, StartRun } from './experiments/open-run.js';
export type { LoggedModel, Run } from './experiments/run.js';
export type { ModelMetadata, RunEnd } from './experiments/run-entry.js';
export type { FsyncPolicy } from './experiments/run-journal.js';
export type { SyncConflict, SyncReport } from './experiments/sync-runs.js';
export * from './gimbal-client.js';
export { GimbalError } from './gimbal-error.js';
export {
  type Decision,
  ModelRegistry,
  type ModelRegistryOptions,
  type ModelSummary,
  type ModelVersion,
  type Promotion,
  type TrafficState,
  type VersionMetadata,
  type VersionSource,
} from './models/model-registry.js';
export {
  type Inference,
  PredictionClient,
  type PredictionClientOptions,
  type Row,
} from './predictions/prediction-client.js';
export type { Datatype, Tensor } from './predictions/tensors.js';
export type {
  ExperimentFilters,
  ExperimentPage,
  ExperimentRecord,
  ExperimentStorage,
  StoredExperiment,
} from './storage/experiment-storage.js';
export { getStorage, initializeStorage, type StorageOptions } from './storage/initialize-storage.js';
export type { RetryPolicy } from './with-retries.js';
