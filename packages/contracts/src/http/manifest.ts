import { z } from 'zod';
import { wire } from '../wire.js';
import { Id, RegisteredModelName, Sha256, Share, Timestamp, VersionNumber } from './fields.js';

/**
 * What the registry vouches for of a version that serving can run. On the wire it is the payload of a JSON Web Signature (RFC 7515, compact
 * form, Ed25519 of RFC 8037), whose key is among those of GET `/api/v1/manifests/keys`.
 */
export const Manifest = wire({
  v: z.literal(1),
  versionId: Id,
  /** As it was called then; a model that is renamed has its versions signed anew. */
  modelName: RegisteredModelName,
  modelVersion: VersionNumber,
  /** Of the model file. */
  artifactSha256: Sha256,
  /** Of the signature (what the file is fed and answers) as canonical JSON. */
  signatureSha256: Sha256,
  /** In force when it was signed: as learned, or as a decision put in its place. Serving goes by this one. */
  threshold: Share,
  /** On the holdout; null where it was not measured. */
  metrics: z.record(z.string(), z.number().nullable()),
  lineage: wire({
    datasetSha256: z.string().nullable(),
    trainingRunId: Id.nullable(),
    runId: Id.nullable(),
    loggedModelId: z.string().nullable(),
    parentVersion: VersionNumber.nullable(),
    decisionId: Id.nullable(),
    referenceProfileSha256: Sha256.nullable(),
    codeVersion: z.string(),
  }),
  registeredBy: z.string(),
  registeredAt: Timestamp,
  /** Later than the registration for versions that are older than manifests, were signed anew, or whose threshold was adjusted. */
  signedAt: Timestamp,
});
export type Manifest = z.output<typeof Manifest>;

/** A manifest as it is handed out. */
export const SignedText = z
  .string()
  .max(16_384)
  .regex(/^[\w-]+\.[\w-]+\.[\w-]+$/, 'must be a JSON Web Signature in compact form');

/** GET `/api/v1/models/:model/versions/:version/manifest`. */
export const SignedManifest = wire({
  manifest: Manifest,
  /** What was signed, for those who check. */
  signed: SignedText,
  keyId: z.string(),
  signedBy: z.string(),
});
export type SignedManifest = z.output<typeof SignedManifest>;
