import { ActionType } from '@gimbal/contracts';
import type { DatabaseReader } from '@gimbal/db';
import { type AgentPolicy, DEFAULT_AGENT_POLICY, RISKS } from '@gimbal/domain';
import { z } from 'zod';

/** The name of the policy that holds for every model without one of its own. */
export const DEFAULT_POLICY_NAME = 'default';

/** A policy as it is stored; a field that an older version did not know has its default. */
const StoredPolicy = z.object({
  dryRun: z.boolean().default(DEFAULT_AGENT_POLICY.dryRun),
  risk: z.partialRecord(ActionType, z.enum(RISKS)).default({}),
  approvalHours: z.number().default(DEFAULT_AGENT_POLICY.approvalHours),
  coolDownMinutes: z.number().default(DEFAULT_AGENT_POLICY.coolDownMinutes),
  attemptsMax: z.number().default(DEFAULT_AGENT_POLICY.attemptsMax),
  attemptsWindowHours: z.number().default(DEFAULT_AGENT_POLICY.attemptsWindowHours),
  deploymentSuspectHours: z.number().default(DEFAULT_AGENT_POLICY.deploymentSuspectHours),
});

/** The rules that hold for a model: its own policy, else the default one, else what the code says. */
export async function findPolicy(db: DatabaseReader, modelName: string): Promise<AgentPolicy> {
  const rows = await db.agentPolicy.findMany({ where: { name: { in: [modelName, DEFAULT_POLICY_NAME] } } });
  const row = rows.find(({ name }) => name === modelName) ?? rows[0];
  return row ? readPolicy(row.policy) : DEFAULT_AGENT_POLICY;
}

/** Reads the stored JSON of a policy. */
export function readPolicy(stored: unknown): AgentPolicy {
  const { risk, ...rest } = StoredPolicy.parse(stored);
  const raised = Object.entries(risk).flatMap(([type, level]) => (level === undefined ? [] : [[type, level]]));
  return { ...rest, risk: Object.fromEntries(raised) as AgentPolicy['risk'] }; // the keys are those of the parsed record
}
