import { SOAK_ROLES } from '@gimbal/domain';
import { z } from 'zod';
import { wire } from '../wire.js';
import {
  Comment,
  Id,
  PageQuery,
  page,
  Reason,
  RegisteredModelName,
  Share,
  Timestamp,
  VersionNumber,
} from './fields.js';
import { Stage } from './model.js';
import { TrafficPlan } from './traffic.js';

/** One metric's limits, inclusive and in its own unit. `dropMax` and `riseMax` are against the live version. */
const MetricRule = wire({
  name: z.string().min(1).max(100),
  min: z.number().optional(),
  max: z.number().optional(),
  dropMax: z.number().min(0).optional(),
  riseMax: z.number().min(0).optional(),
});

/** What a version must fulfil to go live. What is left out asks for nothing more than the gate of the configuration. */
export const PromotionPolicy = wire({
  /** Limits of the gate in place of PROMOTION_F1_MIN, PROMOTION_AUC_DROP_MAX, PROMOTION_BRIER_RISE_MAX, PROMOTION_PARITY_MAX. */
  gate: wire({
    f1Min: Share.optional(),
    rocAucDropMax: Share.optional(),
    brierRiseMax: Share.optional(),
    parityMax: Share.optional(),
  }).default({}),
  metrics: z.array(MetricRule).max(50).default([]),
  /** Null: with any value. */
  requiredTags: z.record(z.string().min(1).max(250), z.string().max(5_000).nullable()).default({}),
  /** `required`: of uploaded versions as well as of trained ones. */
  parity: z.enum(['when-trained', 'required']).default('when-trained'),
  /** How many approvers must agree, of those who neither registered the version nor ask for its promotion. */
  approvals: z.int().min(0).max(10).default(0),
  /** How long it must have been tried while another version was live. */
  soak: wire({
    roles: z.array(z.enum(SOAK_ROLES)).min(1),
    minutes: z.int().min(1).max(525_600),
  })
    .nullable()
    .default(null),
});
export type PromotionPolicy = z.output<typeof PromotionPolicy>;

export const PutPromotionPolicy = wire({ policy: PromotionPolicy, reason: Reason.min(1) });
/** `revision` counts the policies that were set; 0: none was, and the gate of the configuration is all that holds. */
export const PromotionPolicyState = wire({
  modelName: RegisteredModelName,
  revision: z.int(),
  policy: PromotionPolicy,
  updatedBy: z.string().nullable(),
  updatedAt: Timestamp.nullable(),
});

/** What an approver says of a version. Saying something else later takes its place. */
export const ReviewVersion = wire({ verdict: z.enum(['approved', 'rejected']).default('approved'), comment: Comment });
const VersionReview = wire({
  verdict: z.enum(['approved', 'rejected']),
  reviewer: z.string(),
  comment: z.string(),
  at: Timestamp,
});
/** Every review of a version, newest first. `needed` is what the policy asks for now; `given` counts the last words that approve. */
export const VersionReviews = wire({
  modelName: RegisteredModelName,
  version: VersionNumber,
  needed: z.int(),
  given: z.int(),
  items: z.array(VersionReview),
});

/** One thing that happened to the versions of a model: a version came to a stage, or an alias to a version. */
const ModelMove = wire({
  kind: z.enum(['stage', 'alias']),
  /** Null for an alias that was taken away. */
  version: VersionNumber.nullable(),
  stage: Stage.nullable(),
  /** Null at registration. */
  previousStage: Stage.nullable(),
  alias: z.string().nullable(),
  /** What the alias pointed at before. */
  previousVersion: VersionNumber.nullable(),
  actor: z.string(),
  reason: z.string(),
  decisionId: Id.nullable(),
  at: Timestamp,
});
export type ModelMove = z.output<typeof ModelMove>;
export const ModelHistory = page(ModelMove);
/** `at`: nothing later; `version`: only what happened to it. */
export const ModelHistoryQuery = wire({
  ...PageQuery,
  at: Timestamp.optional(),
  version: z.coerce.number().pipe(VersionNumber).optional(),
});
export const AsOfQuery = wire({ at: Timestamp.optional() });

/** How a model was at a time: what answered, what every alias pointed at, how far every version was. */
export const ModelAsOf = wire({
  modelName: RegisteredModelName,
  at: Timestamp,
  /** Null: nothing was live. */
  live: wire({
    version: VersionNumber,
    since: Timestamp,
    actor: z.string(),
    reason: z.string(),
    decisionId: Id.nullable(),
  }).nullable(),
  traffic: TrafficPlan.nullable(),
  aliases: z.record(z.string(), VersionNumber),
  /** Versions by the stage that each was in. */
  stages: z.record(Stage, z.array(VersionNumber)),
});
export type ModelAsOf = z.output<typeof ModelAsOf>;
