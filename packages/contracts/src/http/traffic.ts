import { z } from 'zod';
import { wire } from '../wire.js';
import { DataOrigin } from './dataset.js';
import { Id, ModelName, RegisteredModelName, Sha256, Share, Timestamp, VersionNumber } from './fields.js';
import { SignedText } from './manifest.js';
import { ModelSignature } from './model-signature.js';
import { PublicKeySet } from './public-keys.js';

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
