import { z } from 'zod';
import { GateVerdict } from './http/evaluation.js';
import {
  Actor,
  Features,
  Id,
  ModelName,
  Reason,
  RegisteredModelName,
  Share,
  Timestamp,
  VersionNumber,
} from './http/fields.js';
import { Algorithm } from './http/model.js';
import { PredictionWarning } from './http/prediction.js';
import { Search } from './http/search.js';
import { TrainingData } from './http/training.js';
import type { ServiceName } from './service-names.js';
import { wire } from './wire.js';

/** A job of the catalogue: who takes it, what it carries, how often it is tried. */
export interface JobDefinition {
  /** The one service whose queue it goes to. */
  readonly consumer: ServiceName;
  readonly schema: z.ZodType;
  /** Tries in all before the job lands in the dead letters, >= 1. */
  readonly attempts: number;
  /** Wait before the next try; exponential doubles from `delayMs`. */
  readonly backoff: { readonly type: 'exponential' | 'fixed'; readonly delayMs: number };
  /** Jobs that are published at once travel as one, whose handler takes all payloads in their order. */
  readonly batched?: true;
}

const v = z.literal(1);
/** What can be wrong with the mirror in an outside MLflow server; also the type of the alert. */
const MirrorTrouble = z.enum(['mlflow-down', 'mlflow-behind', 'mlflow-refused']);

/**
 * Every job of the system. A job is a fact (`noun.participle`) or a request; it carries ids and what the consumer must not look up later,
 * never state that a table owns. Consumers are idempotent by the id named in the comment.
 */
export const JOBS = {
  /** serving -> monitoring. Rows answered by serving, as its spool keeps them; see `readLoggedPredictions`. Idempotent by prediction id. */
  'predictions.spooled': {
    consumer: 'monitoring',
    attempts: 10,
    backoff: { type: 'exponential', delayMs: 500 },
    schema: wire({
      v,
      batchId: z.string().max(200),
      /** How many predictions are in `records`. */
      rows: z.int().min(1),
      /** Records of the prediction log in base64, each definition before the predictions that refer to it. */
      records: z.string().min(1),
    }),
  },
  /** serving -> monitoring, from versions that named every feature before they sent it: such jobs may wait in a queue. Idempotent by prediction id. */
  'prediction.logged': {
    consumer: 'monitoring',
    attempts: 10,
    backoff: { type: 'exponential', delayMs: 500 },
    schema: wire({
      v,
      batchId: z.string().max(200),
      rows: z
        .array(
          wire({
            id: Id,
            modelVersionId: Id,
            modelName: ModelName,
            modelVersion: VersionNumber,
            features: Features,
            prediction: z.number(),
            probability: z.number().nullable(),
            /** Of every class by its index, for the losses that labels tell. Absent where the answer is no class, of more than 1 000 classes, and from producers that know no other tasks than the binary one. */
            classProbabilities: z.array(Share).max(1_000).optional(),
            threshold: z.number(),
            latencyMs: z.number().min(0),
            warnings: z.array(PredictionWarning),
            requestId: z.string().max(100),
            createdAt: Timestamp,
          }),
        )
        .min(1)
        .max(1_000),
    }),
  },
  /** monitoring -> monitoring. Judge a window; idempotent by assessment id. */
  'assessment.requested': {
    consumer: 'monitoring',
    attempts: 5,
    backoff: { type: 'exponential', delayMs: 1_000 },
    schema: wire({ v, assessmentId: Id }),
  },
  /** scheduler -> monitoring. Time to look at every model that has a live version, and to prepare the coming days' partitions. */
  'assessment.due': {
    consumer: 'monitoring',
    attempts: 3,
    backoff: { type: 'exponential', delayMs: 1_000 },
    schema: wire({ v }),
  },
  /** monitoring -> agent, also when all is calm. Idempotent by assessment id. */
  'health.assessed': {
    consumer: 'agent',
    attempts: 10,
    backoff: { type: 'exponential', delayMs: 1_000 },
    schema: wire({ v, assessmentId: Id, modelName: ModelName }),
  },
  /** agent -> agent. Carry out, or go on carrying out, one action. Idempotent by action id and the action's own state. */
  'action.due': {
    consumer: 'agent',
    attempts: 10,
    backoff: { type: 'exponential', delayMs: 1_000 },
    schema: wire({ v, actionId: Id }),
  },
  /** scheduler -> agent. Expire proposals, pick up what a killed process left behind. */
  'agent.tick': { consumer: 'agent', attempts: 1, backoff: { type: 'fixed', delayMs: 1_000 }, schema: wire({ v }) },
  /** gateway/agent/scheduler -> training. Idempotent by training run id. */
  'training.requested': {
    consumer: 'training',
    attempts: 4,
    backoff: { type: 'exponential', delayMs: 2_000 },
    schema: wire({
      v,
      trainingRunId: Id,
      modelName: ModelName,
      data: TrainingData,
      algorithms: z.array(Algorithm).min(1).max(10).nullable(),
      testSize: z.number().min(0.1).max(0.5).nullable(),
      seed: z.int().min(0).nullable(),
      /** Absent from producers that know of no searches. */
      search: Search.nullable().optional(),
      reason: Reason,
      requestedBy: Actor,
      /** The agent's action that asked for it; null when a person or the schedule did. */
      decisionId: Id.nullable(),
      /** `by-decision`: the agent promotes it itself after the registry has told it. */
      promote: z.enum(['when-admitted', 'by-decision', 'never']),
    }),
  },
  /** scheduler -> training: one schedule's time has come. Idempotent by schedule and minute. */
  'training.due': {
    consumer: 'training',
    attempts: 3,
    backoff: { type: 'exponential', delayMs: 2_000 },
    schema: wire({ v, schedule: z.string().max(100) }),
  },
  /** training -> agent: an attempt asked for by a decision came to an end without a version. Idempotent by training run id. */
  'training.failed': {
    consumer: 'agent',
    attempts: 10,
    backoff: { type: 'exponential', delayMs: 1_000 },
    schema: wire({
      v,
      trainingRunId: Id,
      decisionId: Id,
      state: z.enum(['failed', 'cancelled']),
      code: z.string().max(100),
      message: z.string().max(2_000),
    }),
  },
  /**
   * training -> training: a run ended without a version. What its search has begun in the registry is ended there, as soon as the registry can
   * be reached. Idempotent by training run id.
   */
  'training.stopped': {
    consumer: 'training',
    attempts: 14,
    backoff: { type: 'exponential', delayMs: 2_000 },
    schema: wire({ v, trainingRunId: Id }),
  },
  /** training -> training: a batch prediction waits to be worked on. A hint to look, the row is the truth. Idempotent by its id. */
  'batch-prediction.requested': {
    consumer: 'training',
    attempts: 4,
    backoff: { type: 'exponential', delayMs: 2_000 },
    schema: wire({ v, batchPredictionId: Id }),
  },
  /** registry -> agent: closes the agent's open decision. Idempotent by model version id. */
  'version.registered': {
    consumer: 'agent',
    attempts: 10,
    backoff: { type: 'exponential', delayMs: 1_000 },
    schema: wire({
      v,
      modelVersionId: Id,
      modelName: RegisteredModelName,
      modelVersion: VersionNumber,
      trainingRunId: Id.nullable(),
      decisionId: Id.nullable(),
      gate: GateVerdict,
    }),
  },
  /** registry -> registry: a webhook is to be told of a change. The row is the truth. Idempotent by delivery id. */
  'webhook-delivery.due': {
    consumer: 'registry',
    attempts: 20,
    backoff: { type: 'exponential', delayMs: 1_000 },
    schema: wire({ v, deliveryId: Id }),
  },
  /** registry -> registry: a channel outside is to be told of a deployment. The row is the truth. Idempotent by decision and channel. */
  'deployment-announcement.due': {
    consumer: 'registry',
    attempts: 15,
    backoff: { type: 'exponential', delayMs: 2_000 },
    schema: wire({ v, decisionId: Id, channel: z.enum(['github', 'slack']) }),
  },
  /**
   * registry -> monitoring: the MLflow server is away, or the mirror is behind, for too long, or something was refused. Raises the alert of that
   * trouble, or counts on it.
   */
  'mirror.troubled': {
    consumer: 'monitoring',
    attempts: 10,
    backoff: { type: 'exponential', delayMs: 1_000 },
    schema: wire({
      v,
      trouble: MirrorTrouble,
      title: z.string().max(200),
      message: z.string().max(2_000),
    }),
  },
  /** registry -> monitoring: a trouble of the mirror is over. Resolves its alert, if one is open. */
  'mirror.recovered': {
    consumer: 'monitoring',
    attempts: 10,
    backoff: { type: 'exponential', delayMs: 1_000 },
    schema: wire({
      v,
      trouble: MirrorTrouble,
      /** Why it is over, for people. */
      reason: z.string().max(2_000),
    }),
  },
  /** every service -> gateway, which alone writes the audit chain. Idempotent by event id. */
  'audit.recorded': {
    consumer: 'gateway',
    batched: true,
    attempts: 20,
    backoff: { type: 'exponential', delayMs: 1_000 },
    schema: wire({
      v,
      eventId: z.string().max(200),
      at: Timestamp,
      service: z.string().max(40),
      actor: z.string().max(200),
      action: z.string().max(100),
      subject: z.string().max(300),
      payload: z.record(z.string(), z.unknown()),
    }),
  },
} as const satisfies Record<string, JobDefinition>;

export type JobName = keyof typeof JOBS;
type JobConsumerName = (typeof JOBS)[JobName]['consumer'];
/** The services that take jobs. */
export const JOB_CONSUMERS = Object.keys({
  ...{ agent: true, gateway: true, monitoring: true, registry: true, training: true },
} satisfies Record<JobConsumerName, true>) as JobConsumerName[]; // the keys are those names, all of them
export type JobPayload<N extends JobName> = z.output<(typeof JOBS)[N]['schema']>;
/** All jobs addressed to one service; a handler map over it is complete or does not compile. */
export type JobsFor<S extends ServiceName> = {
  [N in JobName]: (typeof JOBS)[N]['consumer'] extends S ? N : never;
}[JobName];
