import { z } from 'zod';
import { wire } from '../wire.js';
import { Evaluation, ParityCertificate } from './evaluation.js';
import { LoggedValue } from './experiment.js';
import { ModelName, RegisteredModelName, Sha256, Timestamp, VersionNumber } from './fields.js';
import { SignedText } from './manifest.js';
import { Stage } from './model.js';
import { ModelSignature } from './model-signature.js';
import { PublicKeySet } from './public-keys.js';

/** A document as the table holds it, in the wire's form. */
const document = (schema: z.ZodType) =>
  z.unknown().refine((value) => value === null || schema.safeParse(value).success, 'is in another form');

const Text = z.string().max(100_000);
const Tags = z.record(z.string().max(250), Text);

const LoggedModelId = z.string().regex(/^m-[0-9a-f]{32}$/);

/** A file by its content, which is in the archive under `content/<sha256>`. */
const ArchivedFile = wire({
  path: z.string().min(1).max(1_024),
  digest: Sha256,
  bytes: z.int().min(0),
  contentType: z.string().max(200),
});

const ArchivedRun = wire({
  id: z.uuid(),
  experiment: z.string().min(1).max(250),
  name: z.string().max(250),
  state: z.enum(['scheduled', 'running', 'finished', 'failed', 'killed']),
  datasetDigest: z.string().max(64).nullable(),
  userName: z.string().max(250),
  createdBy: z.string().max(250),
  startedAt: Timestamp,
  endedAt: Timestamp.nullable(),
  params: Tags,
  tags: Tags,
  metrics: z.array(wire({ key: z.string().max(250), step: z.int(), at: Timestamp, value: LoggedValue })),
  files: z.array(ArchivedFile),
});

const ArchivedLoggedModel = wire({
  id: LoggedModelId,
  experiment: z.string().min(1).max(250),
  name: z.string().max(500),
  modelType: z.string().max(500),
  sourceRunId: z.uuid().nullable(),
  /** Made by the registration of a version, for its files. */
  ofVersion: z.boolean(),
  params: Tags,
  tags: Tags,
  createdBy: z.string().max(250),
  createdAt: Timestamp,
  files: z.array(ArchivedFile),
});

/** A folder of a run, or of a logged model, that is in the archive. */
const ArchivedPlace = wire({
  kind: z.enum(['run', 'logged-model']),
  id: z.union([z.uuid(), LoggedModelId]),
  folder: z.string().max(1_024),
});

const ArchivedVersion = wire({
  version: VersionNumber,
  stage: Stage,
  algorithm: z.string().max(100),
  framework: z.string().max(100),
  accuracy: z.number().nullable(),
  f1Score: z.number().nullable(),
  precision: z.number().nullable(),
  recall: z.number().nullable(),
  rocAuc: z.number().nullable(),
  evaluation: document(Evaluation),
  hyperparameters: z.record(z.string(), z.unknown()),
  featureNames: z.array(z.string()),
  signature: document(ModelSignature),
  threshold: z.number().nullable(),
  artifactDigest: Sha256.nullable(),
  artifactBytes: z.int().nullable(),
  unservedReason: Text.nullable(),
  source: Text.nullable(),
  /** Where MLflow's clients find its files; null: where `source` says, which is not here. */
  files: ArchivedPlace.nullable().default(null),
  loggedModelId: LoggedModelId.nullable().default(null),
  tags: Tags,
  referenceProfileDigest: Sha256.nullable(),
  parity: document(ParityCertificate),
  runId: z.uuid().nullable(),
  parentVersion: VersionNumber.nullable(),
  datasetDigest: Sha256.nullable(),
  dataOrigin: z.string().max(100).nullable(),
  codeVersion: z.string().max(100),
  description: Text,
  createdBy: z.string().max(250),
  createdAt: Timestamp,
  /** Of the exporting registry. */
  manifest: SignedText.nullable(),
});

const Change = { changedBy: z.string().max(250), reason: Text, changedAt: Timestamp };

/** `archive.json`, the first entry of an exported model: everything but the bytes of its files. */
export const ModelArchive = wire({
  format: z.literal('gimbal-model'),
  v: z.literal(1),
  exportedAt: Timestamp,
  exportedBy: z.string().max(250),
  model: wire({
    name: RegisteredModelName,
    description: Text,
    tags: Tags,
    lastVersion: z.int().min(0),
    createdBy: z.string().max(250),
    createdAt: Timestamp,
  }),
  versions: z.array(ArchivedVersion).max(10_000),
  aliases: z.array(wire({ alias: z.string().max(255), version: VersionNumber })),
  aliasHistory: z.array(
    wire({
      ...{ alias: z.string().max(255), version: VersionNumber.nullable(), previousVersion: VersionNumber.nullable() },
      ...Change,
    }),
  ),
  stageHistory: z.array(wire({ version: VersionNumber, fromStage: Stage.nullable(), toStage: Stage, ...Change })),
  runs: z.array(ArchivedRun).max(10_000),
  loggedModels: z.array(ArchivedLoggedModel).max(10_000).default([]),
  /** Of the exporting registry, for the manifests and the signature of this document. */
  keys: PublicKeySet.shape.keys,
  /** Each once, in the order of the entries. */
  contents: z.array(wire({ digest: Sha256, bytes: z.int().min(0) })).max(100_000),
});
export type ModelArchive = z.output<typeof ModelArchive>;

/** The `metadata` part of POST `/api/v1/models/import`. */
export const ImportModel = wire({
  /** Another name than the one in the file. */
  as: ModelName.optional(),
  /** Of the key that signed the file, when that is not one of this registry: who imports has it from whoever exported. */
  keyId: z.string().min(1).max(100).optional(),
});
export type ImportModel = z.output<typeof ImportModel>;

export const ImportedModel = wire({
  modelName: RegisteredModelName,
  versions: z.int(),
  runs: z.int(),
  files: z.int(),
  keyId: z.string(),
});
