import { type DatabaseTransaction, toJson } from '@gimbal/db';
import type { AssessmentEvidence, Decision, Proposal } from '@gimbal/domain';
import { deriveId } from '@gimbal/platform';
import { ACTING_AS_AGENT } from '../clients/acting-as-agent.js';
import { hashJson } from './hash-json.js';

/** An action that is to be entered. */
export interface NewAction {
  readonly incidentId: string;
  readonly evidence: AssessmentEvidence;
  readonly proposal: Proposal;
  /** The occasion's own name: entering it again under this name is an error, and its id follows from it. */
  readonly name: string;
  readonly at: Date;
}

/** Writes down what was concluded from an assessment. Its id follows from the assessment's. */
export async function saveIncident(
  tx: DatabaseTransaction,
  given: {
    readonly assessmentId: string;
    readonly modelName: string;
    readonly modelVersion: number | null;
    readonly decision: Pick<Decision, 'conclusion' | 'diagnoses' | 'refused'>;
    readonly state: 'open' | 'no-action' | 'resolved';
    readonly at: Date;
  },
): Promise<string> {
  const { assessmentId, modelName, modelVersion, decision, state, at } = given;
  const id = deriveId(`incident:${assessmentId}`);
  await tx.incident.create({
    data: {
      id,
      assessmentId,
      modelName,
      modelVersion,
      state,
      conclusion: decision.conclusion,
      diagnoses: toJson(decision.diagnoses),
      refused: toJson(decision.refused),
      createdAt: at,
      resolvedAt: state === 'open' ? null : at,
      resolution: state === 'open' ? null : state === 'resolved' ? 'Dry run: nothing was done.' : 'Nothing to do.',
    },
  });
  return id;
}

/** Writes down one action: waiting for an approver, approved by its policy, or only shown. */
export async function saveAction(
  tx: DatabaseTransaction,
  { incidentId, evidence, proposal, name, at }: NewAction,
): Promise<{ readonly id: string; readonly state: 'proposed' | 'approved' | 'dry-run' }> {
  const id = deriveId(`action:${name}`);
  const state = proposal.isDryRun ? 'dry-run' : proposal.requiresApproval ? 'proposed' : 'approved';
  const shown = { target: proposal.target, assessment: evidence };
  await tx.agentAction.create({
    data: {
      id,
      actionId: name,
      incidentId,
      actionType: proposal.actionType,
      riskLevel: proposal.risk,
      requiresApproval: proposal.requiresApproval,
      state,
      modelName: evidence.modelName,
      modelVersion: evidence.modelVersion,
      reason: proposal.reason,
      arguments: toJson(proposal.arguments),
      argumentsHash: hashJson(toJson(proposal.arguments)),
      evidence: toJson(shown),
      evidenceHash: hashJson(toJson(shown)),
      conditions: toJson(proposal.conditions),
      proposedBy: ACTING_AS_AGENT.name,
      proposedByKeyId: evidence.requestedBy,
      expiresAt: proposal.isDryRun ? null : new Date(proposal.expiresAt),
      verification: toJson({ postCondition: proposal.postCondition, holds: null, checks: [] }),
      ...(proposal.isDryRun && { executionResult: toJson({ dryRun: true, wouldDo: proposal.preview }) }),
      createdAt: at,
      updatedAt: at,
    },
  });
  return { id, state };
}
