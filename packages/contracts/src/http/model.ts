import { LIFECYCLE_STAGES, type LifecycleStage, type Servable } from '@gimbal/domain';
import { z } from 'zod';
import { wire } from '../wire.js';
import { DataOrigin } from './dataset.js';
import { Evaluation, GateVerdict, ParityCertificate } from './evaluation.js';
import { Id, page, RegisteredModelName, Sha256, Share, Timestamp, VersionNumber } from './fields.js';
import { ModelSignature } from './model-signature.js';

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

/** PUT `/internal/artifacts/:digest` (raw bytes; refused when they do not hash to `digest`) and GET of the same. */
export const StoredArtifact = wire({ digest: Sha256, bytes: z.int() });
