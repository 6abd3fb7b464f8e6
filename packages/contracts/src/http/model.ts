import { LIFECYCLE_STAGES, type LifecycleStage, type Servable } from '@gimbal/domain';
import { z } from 'zod';
import { wire } from '../wire.js';
import { DataOrigin } from './dataset.js';
import { Id, ModelName, page, Reason, RegisteredModelName, Sha256, Share, Timestamp, VersionNumber } from './fields.js';
import { SignedText } from './manifest.js';
import { PublicKeySet } from './public-keys.js';

/** Learning families by their canonical name; the requirement's names are accepted on the wire. */
export const ALGORITHMS = [
  'logistic-regression',
  'random-forest',
  'extra-trees',
  'gradient-boosting-level-wise',
  'gradient-boosting-leaf-wise',
  'ridge-regression',
  'isolation-forest',
  'ngram-logistic-regression',
] as const;
export type AlgorithmName = (typeof ALGORITHMS)[number];
const ALGORITHM_ALIASES: Readonly<Record<string, AlgorithmName>> = {
  ...Object.fromEntries(ALGORITHMS.map((name) => [name.replaceAll('-', '_'), name])),
  xgboost: 'gradient-boosting-level-wise',
  lightgbm: 'gradient-boosting-leaf-wise',
  linear_regression: 'ridge-regression',
};
/** A codec, not a preprocess step: a request is written with it as well as read. */
export const Algorithm = z.codec(z.string(), z.enum(ALGORITHMS), {
  decode: (name) => ALGORITHM_ALIASES[name] ?? (name as AlgorithmName), // the enum refuses what is no family
  encode: (algorithm) => algorithm,
});

/** One lifecycle: `is_active` marks the version that answers; the stage says how far a version has come. */
export const Stage = z.enum(LIFECYCLE_STAGES);
export type Stage = LifecycleStage;

/** What a model tells. */
export const TASKS = [
  'binary-classification',
  'multiclass-classification',
  'regression',
  'anomaly-detection',
  'text-classification',
] as const;
export const Task = z.enum(TASKS);
export type Task = z.output<typeof Task>;

/** Quality of a binary classifier on `rows` labelled rows at `threshold`. AUC is null when only one class was present. */
export const Metrics = wire({
  rows: z.int().min(0),
  positives: z.int().min(0),
  threshold: Share,
  accuracy: Share,
  f1Score: Share,
  precision: Share,
  recall: Share,
  rocAuc: Share.nullable(),
  logLoss: z.number().min(0),
  brier: Share,
  calibrationError: Share,
  confusion: wire({ truePositives: z.int(), falsePositives: z.int(), trueNegatives: z.int(), falseNegatives: z.int() }),
});
export type Metrics = z.output<typeof Metrics>;

/** A difference with its confidence interval (percentile bootstrap); `level` is the interval's coverage, e.g. 0.95. */
export const Interval = wire({ estimate: z.number(), low: z.number(), high: z.number(), level: Share });
export type Interval = z.output<typeof Interval>;

/** Candidate and live version on the same rows, which neither has seen: differences are candidate minus live. */
export const VersusLive = wire({
  liveVersion: VersionNumber,
  /** `holdout` repeats the past; every other name is recent data, on which a version that a decision asked for must be better. */
  slice: z.string().max(100),
  rows: z.int().positive(),
  candidate: Metrics,
  live: Metrics,
  rocAucDifference: Interval.nullable(),
  brierDifference: Interval,
});
export type VersusLive = z.output<typeof VersusLive>;

/**
 * Quality on rows a version has not seen, for every task: named numbers, of which `primary` is what selection and the gate go by.
 * `constant` is what the best constant answer scores in `primary` on the same rows: a model has to do better than that.
 */
export const TaskScores = wire({
  rows: z.int().min(0),
  primary: z.string().max(60),
  better: z.enum(['higher', 'lower']),
  constant: z.number().nullable(),
  values: z.record(z.string().max(60), z.number().nullable()),
  /** Of `primary`, over folds. */
  crossValidation: wire({ folds: z.int().min(2), mean: z.number(), deviation: z.number().nullable() }).nullable(),
});
export type TaskScores = z.output<typeof TaskScores>;

/**
 * Candidate and live version by their mean loss (log loss, squared error) on the same rows, which the candidate has not seen. The gain is
 * live minus candidate: positive when the candidate is better.
 */
export const ScoreVersusLive = wire({
  liveVersion: VersionNumber,
  slice: z.string().max(100),
  rows: z.int().positive(),
  loss: z.string().max(60),
  candidate: z.number(),
  live: z.number(),
  gain: Interval,
});
export type ScoreVersusLive = z.output<typeof ScoreVersusLive>;

/**
 * What was measured before registration. `holdout` was untouched by fitting, tuning and selection; it is null for a model that is not
 * a binary classifier, whose quality is in `scores`.
 */
export const Evaluation = wire({
  holdout: Metrics.nullable(),
  scores: TaskScores.optional(),
  scoresVersusLive: z.array(ScoreVersusLive).max(10).optional(),
  crossValidation: wire({
    folds: z.int().min(2),
    f1Mean: z.number(),
    f1Deviation: z.number(),
    rocAucMean: z.number().nullable(),
  }).nullable(),
  versusLive: z.array(VersusLive).max(10),
});
export type Evaluation = z.output<typeof Evaluation>;

/** Proof that the exported ONNX file answers as the trained model did. */
export const ParityCertificate = wire({
  rows: z.int().positive(),
  worstProbabilityDifference: z.number().min(0),
  labelDifferences: z.int().min(0),
  runtime: z.string().max(100),
});

/**
 * One input of a model: what it accepts and what it saw in training (outside = a warning, never a refusal). `number` and `category` are
 * sent as numbers; a `boolean` as true or false, or 1 or 0; a category with `categories` is sent as one of these texts; `text` is free text, the only input of its model.
 */
export const SignatureInput = wire({
  name: z.string().min(1).max(200),
  type: z.enum(['number', 'boolean', 'category', 'text']),
  /** The texts that training saw, by their code: text i is code i. Absent for a category whose codes are numbers. */
  categories: z.array(z.string().max(1_000)).max(10_000).optional(),
  description: z.string().max(500),
  allowed: z.array(z.number()).nullable(),
  range: z.tuple([z.number().nullable(), z.number().nullable()]).nullable(),
  missing: z.enum(['allowed', 'refused']),
  trainingRange: z.tuple([z.number(), z.number()]).nullable(),
});
export type SignatureInput = z.output<typeof SignatureInput>;

/**
 * How to call the ONNX file: a float32 tensor `features` [rows, inputs] in the order of `inputs`, NaN = missing, without the inputs that
 * are sent as texts: these are a tensor `texts` of strings [rows, such inputs], '' = missing. A text classifier takes strings `query` [rows].
 * Outputs by task: `label` and `probability` of the positive class (binary), `label` and `probabilities` [rows, classes] (multiclass, text;
 * label -1: abstained), `value` (regression), `label` and `score` (anomaly).
 */
export const ModelSignature = wire({
  task: Task,
  /** Names of the classes by index; absent when the answer is no class, or 0 and 1. */
  classes: z.array(z.string().max(1_000)).max(10_000).optional(),
  inputs: z.array(SignatureInput).min(1).max(2_000),
  target: z.string().max(200),
  codings: z.record(z.string(), z.record(z.string(), z.record(z.string(), z.number()))),
  /** `off`: serving remembers no answer of this model and computes each anew. */
  cache: z.enum(['on', 'off']).optional(),
});
export type ModelSignature = z.output<typeof ModelSignature>;

/** What the gate found: every refusal, not only the first. Codes such as `f1-below-minimum`, `brier-worse-than-live`. */
export const GateVerdict = wire({
  admitted: z.boolean(),
  refusals: z.array(wire({ code: z.string(), message: z.string() })),
  conditions: z.array(
    wire({ code: z.string(), holds: z.boolean(), measured: z.number().nullable(), limit: z.number().nullable() }),
  ),
});
export type GateVerdict = z.output<typeof GateVerdict>;

/** POST `/internal/models/:model/versions`: asked by training (and by the gateway for uploads), answered by the registry. */
export const RegisterVersion = wire({
  /** Safe to repeat: one training run yields one version, however often it is asked. */
  trainingRunId: Id.nullable(),
  decisionId: Id.nullable(),
  algorithm: z.string().max(100),
  framework: z.string().max(100),
  artifactDigest: Sha256,
  signature: ModelSignature,
  threshold: Share,
  evaluation: Evaluation,
  parity: ParityCertificate.nullable(),
  hyperparameters: z.record(z.string(), z.union([z.number(), z.string(), z.boolean(), z.null()])),
  datasetDigest: Sha256.nullable(),
  dataOrigin: DataOrigin.nullable(),
  runId: Id.nullable(),
  parentVersion: VersionNumber.nullable(),
  codeVersion: z.string().max(100),
  referenceProfileDigest: Sha256.nullable(),
  description: z.string().max(2_000),
});
export type RegisterVersion = z.output<typeof RegisterVersion>;

/**
 * The `metadata` part of POST `/api/v1/models/:model/versions`. The model file is the part `file`, or, without that part, the artifact
 * `artifactPath` of run `runId`. What only training can vouch for (its run, the decision behind it, the parity of the export) is not taken here.
 */
export const UploadVersion = wire({
  algorithm: z.string().min(1).max(100),
  framework: z.string().min(1).max(100).default('onnx'),
  signature: ModelSignature,
  threshold: Share.default(0.5),
  evaluation: Evaluation,
  hyperparameters: z.record(z.string(), z.union([z.number(), z.string(), z.boolean(), z.null()])).default({}),
  datasetDigest: Sha256.nullable().default(null),
  dataOrigin: DataOrigin.nullable().default(null),
  runId: Id.nullable().default(null),
  artifactPath: z.string().max(500).optional(),
  parentVersion: VersionNumber.nullable().default(null),
  codeVersion: z.string().max(100).default(''),
  description: z.string().max(2_000).default(''),
});
export type UploadVersion = z.output<typeof UploadVersion>;

/**
 * A model version as the lists and detail routes show it. One that serving cannot run says why in `unservedReason` and has neither file,
 * signature nor threshold; every other has all of them.
 */
export const ModelVersion = wire({
  id: Id,
  modelName: RegisteredModelName,
  version: VersionNumber,
  stage: Stage,
  isActive: z.boolean(),
  algorithm: z.string(),
  framework: z.string(),
  threshold: Share.nullable(),
  accuracy: z.number().nullable(),
  f1Score: z.number().nullable(),
  precision: z.number().nullable(),
  recall: z.number().nullable(),
  rocAuc: z.number().nullable(),
  evaluation: Evaluation.nullable(),
  parity: ParityCertificate.nullable(),
  gate: GateVerdict.nullable(),
  signature: ModelSignature.nullable(),
  hyperparameters: z.record(z.string(), z.unknown()),
  featureNames: z.array(z.string()),
  artifactDigest: Sha256.nullable(),
  artifactBytes: z.int().nullable(),
  unservedReason: z.string().nullable(),
  datasetDigest: Sha256.nullable(),
  dataOrigin: DataOrigin.nullable(),
  trainingRunId: Id.nullable(),
  runId: Id.nullable(),
  parentVersion: VersionNumber.nullable(),
  codeVersion: z.string(),
  referenceProfileDigest: Sha256.nullable(),
  description: z.string(),
  aliases: z.array(z.string()),
  createdBy: z.string(),
  createdAt: Timestamp,
});
export type ModelVersion = z.output<typeof ModelVersion>;
/** A version that serving can run. */
export type ServedVersion = Servable<ModelVersion>;

export const Model = wire({
  name: RegisteredModelName,
  description: z.string(),
  liveVersion: VersionNumber.nullable(),
  latestVersion: VersionNumber.nullable(),
  versions: z.int(),
  aliases: z.record(z.string(), VersionNumber),
  createdAt: Timestamp,
});
export const ModelPage = page(Model);
export const ModelVersionPage = page(ModelVersion);

/**
 * Moves a version. Idempotent by `decisionId`: a repeat returns the first result. `expectedLiveVersion` is what the caller believed was
 * live (null = none); when it is not, nothing moves and the answer is 409 `promotion-conflict`. `force` skips the gate and needs the admin role.
 */
export const PromoteVersion = wire({
  stage: Stage.default('production'),
  expectedLiveVersion: VersionNumber.nullable(),
  decisionId: Id,
  reason: Reason.min(1),
  force: z.boolean().default(false),
});
export type PromoteVersion = z.output<typeof PromoteVersion>;
/** Back to the version that was live before (or to `toVersion`, which must have been live once). */
export const RollbackModel = wire({
  expectedLiveVersion: VersionNumber,
  decisionId: Id,
  reason: Reason.min(1),
  toVersion: VersionNumber.optional(),
});
export type RollbackModel = z.output<typeof RollbackModel>;
export const Promotion = wire({
  decisionId: Id,
  modelName: RegisteredModelName,
  kind: z.enum(['promote', 'rollback']),
  stage: Stage,
  fromVersion: VersionNumber.nullable(),
  toVersion: VersionNumber,
  forced: z.boolean(),
  at: Timestamp,
});
export type Promotion = z.output<typeof Promotion>;

export const AliasName = z.string().regex(/^[\p{L}\p{N}_-]{1,255}$/u, 'letters, digits, dashes and underscores');
export const PutAlias = wire({ version: VersionNumber, reason: Reason.min(1) });
export const Alias = wire({
  alias: AliasName,
  modelName: RegisteredModelName,
  version: VersionNumber,
  movedBy: z.string(),
  movedAt: Timestamp,
});
export const AliasQuery = wire({ at: Timestamp.optional() });
export const AliasHistory = page(
  wire({
    fromVersion: VersionNumber.nullable(),
    toVersion: VersionNumber.nullable(),
    actor: z.string(),
    reason: z.string(),
    decisionId: z.string().nullable(),
    at: Timestamp,
  }),
);

/** How requests are spread. Weights sum to 1; percent in [0, 100]; every version must exist. The answer carries an `ETag`; PUT needs `If-Match`. */
export const TrafficPlan = wire({
  live: VersionNumber.nullable(),
  canary: wire({ version: VersionNumber, percent: z.number().min(0).max(100) }).optional(),
  shadow: z.array(VersionNumber).max(5).optional(),
  ab: wire({
    name: z.string().min(1).max(100),
    arms: z
      .array(wire({ version: VersionNumber, weight: Share }))
      .min(2)
      .max(10),
  }).optional(),
});
export type TrafficPlan = z.output<typeof TrafficPlan>;
export const TrafficState = wire({
  modelName: RegisteredModelName,
  revision: z.int(),
  plan: TrafficPlan,
  updatedAt: Timestamp,
});

/** A version as serving has to know it. */
export const PlannedVersion = wire({
  id: Id,
  version: VersionNumber,
  algorithm: z.string(),
  artifactDigest: Sha256,
  artifactBytes: z.int(),
  /** In force: the version's own, or what an approved adjustment put in its place. */
  threshold: Share,
  signature: ModelSignature,
  dataOrigin: DataOrigin.nullable(),
  /** What the registry vouches for of it; a registry of before has none. */
  manifest: SignedText.optional(),
});

/** A model as serving has to know it. */
const PlannedModel = wire({
  modelName: ModelName,
  plan: TrafficPlan,
  /** Those that the plan names. */
  versions: z.array(PlannedVersion),
  /** The one that a rollback would put live, to answer while the live one can't; a registry of before does not name it. */
  standby: PlannedVersion.nullable().optional(),
});

/**
 * GET `/internal/traffic`: pulled by serving with `If-None-Match`; `?wait_seconds=` (0-30) holds the answer until something changes (304 when
 * nothing did). One document for all models, so that one replica never sees half a change.
 */
export const TrafficDocument = wire({
  revision: z.string(),
  models: z.array(PlannedModel),
  /** Keys of the manifests; a registry of before has none, and then manifests are not asked for. */
  manifestKeys: PublicKeySet.shape.keys.optional(),
});
export type TrafficDocument = z.output<typeof TrafficDocument>;

/**
 * The same answer where the caller takes differences (RFC 3229: `A-IM: changed-models`, answered 226) and the registry still knows what it has:
 * `since` is the revision that the caller sent, `removed` the models that are in it and in this one no more.
 */
export const TrafficChanges = wire({
  since: z.string(),
  revision: z.string(),
  models: z.array(PlannedModel),
  removed: z.array(ModelName),
  manifestKeys: PublicKeySet.shape.keys.optional(),
});
export type TrafficChanges = z.output<typeof TrafficChanges>;
/** Names that way of telling differences in `A-IM` and `IM`. */
export const CHANGED_MODELS = 'changed-models';

/** POST `/internal/models/:model/versions/:version/threshold`: asked by the agent; idempotent by `decisionId`. */
export const AdjustThreshold = wire({
  threshold: Share,
  expectedThreshold: Share,
  decisionId: Id,
  reason: Reason.min(1),
});
export const ThresholdAdjustment = wire({
  decisionId: Id,
  modelName: ModelName,
  version: VersionNumber,
  from: Share,
  to: Share,
  at: Timestamp,
});

/** PUT `/internal/artifacts/:digest` (raw bytes; refused when they do not hash to `digest`) and GET of the same. */
export const StoredArtifact = wire({ digest: Sha256, bytes: z.int() });
