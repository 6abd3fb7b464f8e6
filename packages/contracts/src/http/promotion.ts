import { z } from 'zod';
import { wire } from '../wire.js';
import { Id, ModelName, Reason, RegisteredModelName, Share, Timestamp, VersionNumber } from './fields.js';
import { Stage } from './model.js';

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
