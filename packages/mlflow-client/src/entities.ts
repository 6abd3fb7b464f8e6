import { flag, int64, integer, keyValues, listOf, object, orElse, real, type Shaped, text } from './shape.js';

/** MLflow's entities as they are answered (`mlflow/protos/service.proto`, `model_registry.proto`): camelCase here, snake_case on the wire. */
export const Experiment = object({
  experimentId: text,
  name: text,
  artifactLocation: orElse(text, ''),
  /** `active` or `deleted`. */
  lifecycleStage: orElse(text, 'active'),
  tags: keyValues,
});
export type Experiment = Shaped<typeof Experiment>;

export const Metric = object({
  key: text,
  value: orElse(real, 0),
  /** Milliseconds since 1970. */
  timestamp: orElse(integer, 0),
  step: orElse(int64, 0n),
});
export type Metric = Shaped<typeof Metric>;

export type RunStatus = 'RUNNING' | 'SCHEDULED' | 'FINISHED' | 'FAILED' | 'KILLED';

const RunInfo = object({
  runId: text,
  runName: orElse(text, ''),
  experimentId: text,
  userId: orElse(text, ''),
  status: orElse(text, 'RUNNING'),
  startTime: orElse(integer, null),
  endTime: orElse(integer, null),
  artifactUri: orElse(text, ''),
  lifecycleStage: orElse(text, 'active'),
});

const RunData = object({ metrics: listOf(Metric), params: keyValues, tags: keyValues });
const NO_DATA: Shaped<typeof RunData> = { metrics: [], params: {}, tags: {} };

const RunInputs = object({ modelInputs: listOf(object({ modelId: text })) });
const RunOutputs = object({ modelOutputs: listOf(object({ modelId: text })) });

export const Run = object({
  info: RunInfo,
  data: orElse(RunData, NO_DATA),
  /** Logged models that the run read; none from servers before 3.0. */
  inputs: orElse(RunInputs, { modelInputs: [] }),
  /** Logged models that the run made. */
  outputs: orElse(RunOutputs, { modelOutputs: [] }),
});
export type Run = Shaped<typeof Run>;

const LoggedModelInfo = object({
  modelId: text,
  experimentId: text,
  name: orElse(text, ''),
  artifactUri: orElse(text, ''),
  /** `LOGGED_MODEL_PENDING`, `LOGGED_MODEL_READY`, `LOGGED_MODEL_UPLOAD_FAILED`. */
  status: orElse(text, 'LOGGED_MODEL_PENDING'),
  modelType: orElse(text, ''),
  sourceRunId: orElse(text, ''),
  tags: keyValues,
});
const LoggedModelData = object({ params: keyValues, metrics: listOf(Metric) });

export const LoggedModel = object({
  info: LoggedModelInfo,
  data: orElse(LoggedModelData, { params: {}, metrics: [] }),
});
export type LoggedModel = Shaped<typeof LoggedModel>;

/** MLflow's stages of a version. */
export type Stage = 'None' | 'Staging' | 'Production' | 'Archived';

export const ModelVersion = object({
  name: text,
  version: integer,
  currentStage: orElse(text, 'None'),
  description: orElse(text, ''),
  source: orElse(text, ''),
  runId: orElse(text, ''),
  status: orElse(text, 'READY'),
  tags: keyValues,
});
export type ModelVersion = Shaped<typeof ModelVersion>;

const Alias = object({ alias: text, version: integer });

export const RegisteredModel = object({
  name: text,
  description: orElse(text, ''),
  latestVersions: listOf(ModelVersion),
  tags: keyValues,
  aliases: listOf(Alias),
});
export type RegisteredModel = Shaped<typeof RegisteredModel>;

export const ArtifactFile = object({ path: text, isDir: orElse(flag, false), fileSize: orElse(integer, 0) });
export type ArtifactFile = Shaped<typeof ArtifactFile>;

/** One page of a list; without a token it is the last one. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly nextPageToken: string | null;
}

export type ViewType = 'ACTIVE_ONLY' | 'DELETED_ONLY' | 'ALL';

/** What every search takes. */
export interface Search {
  /** In MLflow's own filter language. */
  readonly filter?: string;
  readonly maxResults?: number;
  readonly pageToken?: string | null;
}

/** What a search takes whose order can be chosen. */
export interface OrderedSearch extends Search {
  /** Such as `metrics.loss DESC`, the most important first. */
  readonly orderBy?: readonly string[];
}
