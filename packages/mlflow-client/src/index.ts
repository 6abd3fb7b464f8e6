export { proxiedPath } from './artifacts.js';
export type { Attempt, BreakerState, ConnectionOptions, Upload } from './connection.js';
export type {
  ArtifactFile,
  Experiment,
  LoggedModel,
  Metric,
  ModelVersion,
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
export { BATCH_MAX, type DatasetInput } from './runs.js';
