export { proxiedPath } from './artifacts.js';
export type { Upload } from './call.js';
export type { Attempt, BreakerState, ConnectionOptions } from './connection-options.js';
export type {
  ArtifactFile,
  Experiment,
  LoggedModel,
  Metric,
  ModelVersion,
  OrderedSearch,
  Page,
  RegisteredModel,
  Run,
  RunStatus,
  Search,
  Stage,
  ViewType,
} from './entities.js';
export { MlflowClient } from './mlflow-client.js';
export { isMissing, isUnknownRoute, MlflowError, type MlflowFailure } from './mlflow-error.js';
export { allOf } from './page.js';
export { BATCH_MAX, type DatasetInput, type NewMetric } from './runs.js';
