export * from './experiments/experiment-error.js';
export { ExperimentManager, type StartActiveRun } from './experiments/experiment-manager.js';
export type { ExperimentManagerOptions, RegistryOption } from './experiments/manager-options.js';
export type { LoggedModel, ParamValue, Run, StartRun } from './experiments/run.js';
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
export type { RetryPolicy } from './with-retries.js';
