import { z } from 'zod';
import { wire } from '../wire.js';
import { Features, Id, ModelName, Sha256, Timestamp, VersionNumber } from './fields.js';
import { SignedText } from './manifest.js';
import { PublicKeySet } from './public-keys.js';
import { PlannedVersion } from './traffic.js';

/** Why a version answered: the caller named it, the traffic plan chose it, or the one that was chosen was out of service. */
export const AnswerRoute = z.enum(['named', 'live', 'canary', 'arm', 'failover']);
export type AnswerRoute = z.output<typeof AnswerRoute>;

/**
 * What a receipt attests of one row's answer. On the wire it is the payload of a JSON Web Signature (RFC 7515, compact form, Ed25519 of
 * RFC 8037), whose key is among those of GET `/api/v1/receipts/keys`.
 */
export const Receipt = wire({
  predictionId: Id,
  modelName: ModelName,
  modelVersion: VersionNumber,
  modelVersionId: Id,
  /** Of the model file. */
  modelSha256: Sha256,
  /** Of the row's values by name, `null` where one is missing, as canonical JSON (RFC 8785). */
  inputSha256: Sha256,
  prediction: z.number(),
  probability: z.number().nullable(),
  threshold: z.number(),
  route: AnswerRoute,
  /** Name and version of what ran the model file, and the options that it ran with. */
  runtime: z.string().max(200),
  options: z.record(z.string().max(100), z.union([z.string().max(200), z.number(), z.boolean()])),
  issuedAt: Timestamp,
});
export type Receipt = z.output<typeof Receipt>;

/** A receipt as it is handed out. */
export const SignedReceipt = SignedText;

/** GET `/api/v1/receipts/keys`. */
export const ReceiptKeys = PublicKeySet;

/** POST `/api/v1/predictions/{id}/replay`. */
export const ReplayPrediction = wire({
  /** To be checked besides: its signature, and every fact in it. */
  receipt: SignedReceipt.optional(),
});

/** What a version says of one row. */
export const Outcome = wire({
  prediction: z.number(),
  probability: z.number().nullable(),
  classProbabilities: z.array(z.number()),
});

export const Replayed = wire({
  predictionId: Id,
  modelName: ModelName,
  modelVersion: VersionNumber,
  modelSha256: Sha256,
  inputSha256: Sha256,
  threshold: z.number(),
  /** That ran the model file now. */
  runtime: z.string(),
  logged: Outcome,
  replayed: Outcome,
  /** The same to the last bit. */
  identical: z.boolean(),
  /** Null when none was sent. `differs`: the names of the facts that are not what was found. */
  receipt: wire({ authentic: z.boolean(), differs: z.array(z.string()) }).nullable(),
});

/** POST `/internal/replay`, asked by monitoring: computes again what a version said of a row, whether it is in traffic or not; logs nothing. */
export const RunAgain = wire({
  modelName: ModelName,
  version: PlannedVersion,
  /** Of the answer then. */
  threshold: z.number(),
  features: Features,
});
export const RanAgain = wire({ outcome: Outcome, inputSha256: Sha256, runtime: z.string() });

/** POST `/internal/score`, asked by the registry: what a version says of rows, whether it is in traffic or not; logs nothing. */
export const ScoreRows = wire({
  modelName: ModelName,
  version: PlannedVersion,
  rows: z.array(Features).min(1).max(1_000),
});
/** In the order of the rows; a row that breaks the signature is refused with its faults. */
export const ScoredRows = wire({
  rows: z.array(wire({ outcome: Outcome.nullable(), refusal: z.string().nullable() })),
});
