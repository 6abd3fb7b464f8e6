import { ACTION_TYPES, type AssessmentEvidence, type DecisionContext, recheckProposal } from '@gimbal/domain';
import { z } from 'zod';
import { type ActionRow, ALTERED, evidenceOf } from './action.repository.js';

const Type = z.enum(ACTION_TYPES);

/** Why a proposal no longer stands on what is known now; null while it does. */
export function findStaleReason(
  row: ActionRow,
  {
    newest,
    context,
    isApprovedByPerson,
  }: {
    readonly newest: AssessmentEvidence | null;
    readonly context: DecisionContext;
    readonly isApprovedByPerson: boolean;
  },
): string | null {
  const evidence = evidenceOf(row);
  if (evidence === null) return ALTERED;
  const { holds, reason } = recheckProposal(
    { actionType: Type.parse(row.actionType), evidence, isApprovedByPerson },
    newest,
    context,
  );
  return holds ? null : reason;
}
