import type { AgentAction, DatabaseReader, DatabaseTransaction, Prisma } from '@gimbal/db';
import {
  ACTION_STATES,
  type ActionEvent,
  type ActionState,
  type AssessmentEvidence,
  DomainError,
  nextState,
} from '@gimbal/domain';
import { z } from 'zod';
import { hashJson } from '../decision/hash-json.js';

/** A row of `agent_actions` whose state is known to be one of the lifecycle's. */
export type ActionRow = Omit<AgentAction, 'state'> & { readonly state: ActionState };

const State = z.enum(ACTION_STATES);

/** The row, or null. */
export async function findAction(db: DatabaseReader, id: string): Promise<ActionRow | null> {
  const row = await db.agentAction.findUnique({ where: { id } });
  return row && { ...row, state: State.parse(row.state) };
}

/** The row with its lock held until the transaction ends: whoever moves the action next waits. */
export async function lockAction(tx: DatabaseTransaction, id: string): Promise<ActionRow | null> {
  await tx.$queryRaw`SELECT id FROM agent_actions WHERE id = ${id}::uuid FOR UPDATE`;
  return await findAction(tx, id);
}

/** Ids of the actions on a model that were proposed or approved and not begun. */
export async function findPending(tx: DatabaseTransaction, modelName: string): Promise<string[]> {
  const where = { modelName, state: { in: ['proposed', 'approved'] } };
  return (await tx.agentAction.findMany({ where, select: { id: true } })).map(({ id }) => id);
}

/**
 * Moves a locked action along its lifecycle.
 * @throws DomainError `invalid-transition` when the event can't happen in its state
 */
export async function moveAction(
  tx: DatabaseTransaction,
  row: ActionRow,
  event: ActionEvent,
  data: Prisma.AgentActionUpdateInput = {},
): Promise<ActionRow> {
  const state = nextState(row.state, event);
  if (state === null) throw new DomainError('invalid-transition', `An action that is ${row.state} cannot ${event}.`);
  const moved = await tx.agentAction.update({ where: { id: row.id }, data: { ...data, state } });
  return { ...moved, state };
}

/** Closes the incident when all of its actions have come to an end. */
export async function settleIncident(tx: DatabaseTransaction, incidentId: string, at: Date): Promise<void> {
  const actions = await tx.agentAction.findMany({
    where: { incidentId },
    select: { actionType: true, state: true },
    orderBy: { createdAt: 'asc' },
  });
  const isOpen = actions.some(({ state }) => ['proposed', 'approved', 'executing', 'verifying'].includes(state));
  if (isOpen) return;
  const resolution = actions.map(({ actionType, state }) => `${actionType} ${state}`).join(', ');
  await tx.incident.updateMany({
    where: { id: incidentId, state: 'open' },
    data: { state: 'resolved', resolvedAt: at, resolution },
  });
}

/** Why an action whose stored evidence or arguments were altered is not carried out. */
export const ALTERED = 'The stored evidence or arguments of the action are not those that were proposed.';

/**
 * The evidence that an action was proposed on, as it was; null when evidence or arguments are no longer what their hashes say: nothing
 * may be approved or done then.
 */
export function evidenceOf(row: ActionRow): AssessmentEvidence | null {
  const isIntact = hashJson(row.evidence) === row.evidenceHash && hashJson(row.arguments) === row.argumentsHash;
  if (!isIntact) return null;
  const { assessment } = row.evidence as unknown as { assessment: AssessmentEvidence }; // its hash says that saveAction wrote it
  return assessment;
}
