import { ACTION_STATES, ACTION_TYPES, DIAGNOSES, RISKS } from '@gimbal/domain';
import { z } from 'zod';
import { wire } from '../wire.js';
import { Comment, Id, ModelName, PageQuery, page, Timestamp, VersionNumber } from './fields.js';

export const ActionType = z.enum(ACTION_TYPES);
/** A condition that was evaluated on the way to a decision, with what was measured: the reason, not a story about it. */
export const Condition = wire({
  code: z.string(),
  holds: z.boolean(),
  measured: z.unknown(),
  limit: z.unknown(),
  message: z.string(),
});
export const Diagnosis = wire({
  diagnosis: z.enum(DIAGNOSES),
  present: z.boolean(),
  severity: z.enum(['none', 'low', 'medium', 'high']),
  conditions: z.array(Condition),
});

export const AgentAction = wire({
  id: Id,
  incidentId: Id,
  actionType: ActionType,
  riskLevel: z.enum(RISKS),
  requiresApproval: z.boolean(),
  state: z.enum(ACTION_STATES),
  modelName: ModelName,
  modelVersion: VersionNumber.nullable(),
  reason: z.string(),
  arguments: z.record(z.string(), z.unknown()),
  argumentsHash: z.string(),
  evidenceHash: z.string(),
  conditions: z.array(Condition),
  proposedBy: z.string(),
  reviewedBy: z.string().nullable(),
  comment: z.string().nullable(),
  expiresAt: Timestamp.nullable(),
  executedAt: Timestamp.nullable(),
  executionResult: z.unknown(),
  /** What had to be true afterwards, and whether it was. */
  verification: z.unknown(),
  createdAt: Timestamp,
});
export type AgentAction = z.output<typeof AgentAction>;
export const AgentActionPage = page(AgentAction);
export const ActionsQuery = wire({
  ...PageQuery,
  state: z.enum(ACTION_STATES).optional(),
  model: ModelName.optional(),
  incidentId: Id.optional(),
});

export const Incident = wire({
  id: Id,
  modelName: ModelName,
  modelVersion: VersionNumber.nullable(),
  assessmentId: Id,
  state: z.enum(['open', 'resolved', 'no-action']),
  conclusion: z.string(),
  diagnoses: z.array(Diagnosis),
  /** Actions that were considered and refused, with the reason: why there is no retraining, for instance. */
  refused: z.array(
    wire({ actionType: ActionType, code: z.string(), reason: z.string(), conditions: z.array(Condition) }),
  ),
  actions: z.array(AgentAction),
  createdAt: Timestamp,
  resolvedAt: Timestamp.nullable(),
});
export const IncidentPage = page(Incident);
export const IncidentsQuery = wire({ ...PageQuery, model: ModelName.optional(), assessmentId: Id.optional() });

export const Decide = wire({ comment: Comment });
export const AgentState = wire({
  paused: z.boolean(),
  changedBy: z.string().nullable(),
  changedAt: Timestamp.nullable(),
});
export const PauseAgent = wire({ reason: Comment });

/** One policy per model, and `default` for all others. Risk levels may be raised above the built-in ones, never lowered below them. */
export const AgentPolicy = wire({
  name: ModelName,
  dryRun: z.boolean(),
  risk: z.partialRecord(ActionType, z.enum(RISKS)),
  approvalHours: z.number().min(0.001).max(720),
  coolDownMinutes: z.number().min(0).max(43_200),
  attemptsMax: z.int().min(1).max(100),
  attemptsWindowHours: z.number().min(1).max(720),
  /** Degradation found within so many hours of a promotion points at the deployment. */
  deploymentSuspectHours: z.number().min(0).max(720),
  revision: z.int(),
});
export type AgentPolicy = z.output<typeof AgentPolicy>;
export const AgentPolicyPage = page(AgentPolicy);
