import { z } from 'zod';
import { wire } from '../wire.js';
import { Features, Id, ModelName, PageQuery, page, Share, Timestamp, VersionNumber } from './fields.js';
import { SignedReceipt } from './receipt.js';

const WARNING_CODES = ['outside-training-range', 'missing', 'unseen-category'] as const;

/** A value that the model accepts but never saw in training, or had to do without. */
export const PredictionWarning = wire({
  field: z.string(),
  code: z.enum(WARNING_CODES),
  message: z.string(),
});

/** A warning of an answer: of a value, or of the version. `failover`: the version that should have answered is out of service for a while. */
const AnswerWarning = wire({
  field: z.string(),
  code: z.enum([...WARNING_CODES, 'failover']),
  message: z.string(),
});

/** One answered row. `probability` is of the positive class; `prediction` is 1 when it reaches `threshold`. */
export const Prediction = wire({
  predictionId: Id,
  prediction: z.int().min(0).max(1),
  probability: Share,
  threshold: Share,
  modelName: ModelName,
  modelVersion: VersionNumber,
  latencyMs: z.number().min(0),
  warnings: z.array(AnswerWarning),
  receipt: SignedReceipt.optional(),
});
export type Prediction = z.output<typeof Prediction>;

/** One answered row of a model of any task; what a task does not have is left out. */
export const ModelPrediction = wire({
  predictionId: Id,
  /** Binary and anomaly: 0 or 1. Multiclass and text: the name of the class, null when the model abstains. Regression: the value. */
  prediction: z.union([z.number(), z.string()]).nullable(),
  /** Binary: of the positive class. Multiclass and text: of the most probable class. */
  probability: Share.optional(),
  /** Multiclass and text: by class; of more than 20 classes only the 20 most probable. */
  probabilities: z.record(z.string(), Share).optional(),
  /** Anomaly: from 0 (ordinary) to 1; an anomaly from `threshold` on. */
  score: Share.optional(),
  /** From which probability, confidence or score on the answer is given. */
  threshold: Share.optional(),
  modelName: ModelName,
  modelVersion: VersionNumber,
  latencyMs: z.number().min(0),
  warnings: z.array(AnswerWarning),
  receipt: SignedReceipt.optional(),
});
export type ModelPrediction = z.output<typeof ModelPrediction>;

/** POST `/predict/intent`: which of its intents a text has. */
export const IntentQuery = wire({ query: z.string().min(1).max(10_000) });
export const Intent = wire({
  predictionId: Id,
  /** Null when the model is less sure than it has to be. */
  intent: z.string().nullable(),
  confidence: Share,
  /** The next most probable ones. */
  alternatives: z.array(wire({ intent: z.string(), confidence: Share })).max(5),
  modelName: ModelName,
  modelVersion: VersionNumber,
  latencyMs: z.number().min(0),
  /** Only when there are some. */
  warnings: z.array(AnswerWarning).optional(),
  receipt: SignedReceipt.optional(),
});
/** POST `/predict/anomaly`: a transaction by its named fields. */
export const AnomalyVerdict = wire({
  predictionId: Id,
  isAnomaly: z.boolean(),
  score: Share,
  threshold: Share,
  modelName: ModelName,
  modelVersion: VersionNumber,
  latencyMs: z.number().min(0),
  warnings: z.array(AnswerWarning),
  receipt: SignedReceipt.optional(),
});
export const PredictRows = wire({ rows: z.array(Features).min(1).max(10_000), version: VersionNumber.optional() });
export const PredictedRows = wire({ results: z.array(ModelPrediction) });
export const CodingQuery = wire({ coding: z.string().max(40).optional() });
/** `receipt=true`: a signed receipt with every result. */
export const PredictQuery = wire({
  coding: z.string().max(40).optional(),
  receipt: z.enum(['true', 'false']).optional(),
});

/**
 * A prediction as it was logged. `prediction` is 0 or 1, the index of the class (-1: abstained) or the value; `probability` is of what was
 * predicted (binary: of the positive class; anomaly: the score), null in regression. `actual`, in the form of `prediction`, is null until a label arrives.
 */
export const LoggedPrediction = wire({
  id: Id,
  modelName: ModelName,
  modelVersion: VersionNumber,
  features: Features,
  prediction: z.number(),
  probability: z.number().nullable(),
  threshold: z.number(),
  latencyMs: z.number(),
  warnings: z.array(PredictionWarning),
  actual: z.number().nullable(),
  createdAt: Timestamp,
});
export const LoggedPredictionPage = page(LoggedPrediction);
export const PredictionsQuery = wire({
  ...PageQuery,
  model: ModelName.optional(),
  version: z.coerce.number().pipe(VersionNumber).optional(),
  from: Timestamp.optional(),
  until: Timestamp.optional(),
  labelled: z.enum(['true', 'false']).optional(),
});

/**
 * What came true. Binary: 1 or 0, true or false; anomaly: true or false, 1 or 0; multiclass and text: the name of the class; regression: the value.
 * A label that does not fit the version of its prediction is refused (400), and with it the whole call.
 */
export const Actual = z.union([z.number(), z.boolean(), z.string().min(1).max(1_000)], {
  error: 'must be a number, true or false, or the name of a class',
});

/** True outcomes, as they become known; at most 10 000 a call. */
export const PostLabels = wire({
  labels: z
    .array(wire({ predictionId: Id, actual: Actual, observedAt: Timestamp.optional() }))
    .min(1)
    .max(10_000),
});
/**
 * `accepted`: new. `unknown`: no such prediction yet; the label is kept and counts as soon as the prediction lands, if it fits the version then. `duplicate`: said
 * before, same value. `conflict`: another value was said before; the first one stays.
 */
export const LabelsAccepted = wire({ accepted: z.int(), unknown: z.int(), duplicate: z.int(), conflict: z.int() });

const BreakerState = z.enum(['closed', 'open', 'half-open']);

/** GET `/monitoring/health`. */
export const ServingHealth = wire({
  status: z.enum(['healthy', 'degraded', 'unhealthy']),
  models: z.record(
    z.string(),
    z.object({ status: z.string(), prediction_count: z.int(), error_rate: z.number(), avg_latency: z.number() }),
  ),
  cache: z.record(z.string(), z.object({ size: z.int(), hits: z.int(), misses: z.int(), hit_rate: z.number() })),
});
/** POST `/api/v1/models/:model/versions/:version/breaker/reset`: the breaker is closed now; `from` is what it was. */
export const BreakerReset = wire({
  modelName: ModelName,
  version: VersionNumber,
  from: BreakerState,
  to: z.literal('closed'),
});
export const StatisticsQuery = wire({
  /** Beyond an hour the beginning of the window is told to a quarter of an hour. */
  windowMinutes: z.coerce.number().pipe(z.number().min(1).max(1_440)).default(60),
});
/** GET `/monitoring/statistics`: latencies in milliseconds. */
export const ServingStatistics = wire({
  windowMinutes: z.number(),
  models: z.record(
    z.string(),
    z.object({
      prediction_count: z.int(),
      error_count: z.int(),
      error_rate: z.number(),
      latency_ms: z.object({
        p50: z.number().nullable(),
        p95: z.number().nullable(),
        p99: z.number().nullable(),
        mean: z.number().nullable(),
      }),
      by_version: z.record(z.string(), z.int()),
      /** Each version that answered or failed, so that the arms of a test and a canary can be compared. */
      versions: z.record(
        z.string(),
        z.object({
          prediction_count: z.int(),
          error_count: z.int(),
          error_rate: z.number(),
          mean_latency_ms: z.number().nullable(),
          mean_confidence: z.number().nullable(),
          circuit_breaker: BreakerState.nullable(),
        }),
      ),
      circuit_breaker: BreakerState,
    }),
  ),
  /** `shared`: rows that were computed for somebody else just then. */
  cache: z.object({ size: z.int(), hits: z.int(), misses: z.int(), shared: z.int() }),
  spool: z.object({ waiting_rows: z.int(), waiting_bytes: z.int(), shipped_rows: z.int() }),
});

/**
 * GET `/internal/models` of serving, asked by the agent: what each model answers with now. `threshold` is the one in force for the live
 * version; both are null while none can answer. A repair counts as done only when it shows here.
 */
export const ServedModels = z.array(
  wire({
    modelName: ModelName,
    liveVersion: VersionNumber.nullable(),
    threshold: Share.nullable(),
    loadedVersions: z.array(VersionNumber),
  }),
);
export type ServedModels = z.output<typeof ServedModels>;

const Times = wire({ count: z.int(), meanMs: z.number().nullable() });

/** GET `/api/v1/models/{m}/stats`: the model over a window, and each version since it was loaded. Latencies in milliseconds. */
export const ServedModelStatistics = wire({
  modelName: ModelName,
  status: z.string(),
  windowMinutes: z.number(),
  predictionCount: z.int(),
  errorCount: z.int(),
  errorRate: z.number(),
  latencyMs: wire({
    p50: z.number().nullable(),
    p95: z.number().nullable(),
    p99: z.number().nullable(),
    mean: z.number().nullable(),
  }),
  versions: z.array(
    wire({
      version: VersionNumber,
      role: z.enum(['live', 'canary', 'arm', 'shadow', 'standby', 'other']),
      /** Rows that it answered in the window. */
      predictionCount: z.int(),
      circuitBreaker: BreakerState,
      /** How sure it was in the window, on average; null where its task does not say. */
      meanConfidence: z.number().nullable(),
      /** Null while it is not loaded: most rows that run together now, whether they may, and where they do. */
      batchRows: z.int().nullable(),
      batchable: z.boolean().nullable(),
      runsIn: z.enum(['inline', 'thread', 'process']).nullable(),
      /** Requests that were answered, from their beginning to their place in the prediction log; that failed. */
      answered: Times,
      failed: Times,
      /** Where the time of answered requests went. */
      waiting: Times,
      reading: Times,
      computing: Times,
      deciding: Times,
      /** Runs of the graph, and the rows of one on average. */
      runs: Times,
      rowsPerRun: z.number().nullable(),
      cache: wire({ hits: z.int(), misses: z.int() }),
      lastPredictionAt: Timestamp.nullable(),
    }),
  ),
});
