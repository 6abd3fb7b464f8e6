import { ActionType, type AgentAction } from '@gimbal/contracts';
import type { AgentAction as AgentActionRow } from '@gimbal/db';
import { ACTION_STATES, type Condition } from '@gimbal/domain';
import { z } from 'zod';

const Conditions = z.array(
  z.looseObject({
    code: z.string(),
    holds: z.boolean(),
    message: z.string(),
    measured: z.unknown(),
    limit: z.unknown(),
  }),
);
const Arguments = z.record(z.string(), z.unknown());

/** Conditions as they were stored, null where nothing was measured. */
export function readConditions(
  stored: unknown,
): Array<Omit<Condition, 'measured' | 'limit'> & { measured: unknown; limit: unknown }> {
  return Conditions.parse(stored).map(({ code, holds, measured, limit, message }) => ({
    code,
    holds,
    measured: measured ?? null,
    limit: limit ?? null,
    message,
  }));
}

/** A row of `agent_actions` as the routes show it. */
export function showAction(row: AgentActionRow): z.output<typeof AgentAction> {
  const error = row.error === null ? {} : { error: row.error };
  const result = row.executionResult === null ? null : z.record(z.string(), z.unknown()).parse(row.executionResult);
  return {
    id: row.id,
    incidentId: row.incidentId,
    actionType: ActionType.parse(row.actionType),
    riskLevel: row.riskLevel,
    requiresApproval: row.requiresApproval,
    state: z.enum(ACTION_STATES).parse(row.state),
    modelName: row.modelName,
    modelVersion: row.modelVersion,
    reason: row.reason,
    arguments: Arguments.parse(row.arguments),
    argumentsHash: row.argumentsHash,
    evidenceHash: row.evidenceHash,
    conditions: readConditions(row.conditions),
    proposedBy: row.proposedBy,
    reviewedBy: row.reviewedBy,
    comment: row.comment,
    expiresAt: row.expiresAt?.toISOString() ?? null,
    executedAt: row.executedAt?.toISOString() ?? null,
    executionResult: result === null && row.error === null ? null : { ...result, ...error },
    verification:
      row.compensation === null ? row.verification : { ...asObject(row.verification), compensation: row.compensation },
    createdAt: row.createdAt.toISOString(),
  };
}

const asObject = (value: unknown): Record<string, unknown> => z.record(z.string(), z.unknown()).catch({}).parse(value);
