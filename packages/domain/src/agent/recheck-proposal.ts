import type { ActionType } from './action-type.js';
import { ACTIONS } from './actions/action-catalogue.js';
import type { AssessmentEvidence } from './assessment-evidence.js';
import { type Condition, failedConditions } from './condition.js';
import { riskOf } from './decide.js';
import type { DecisionContext } from './decision-context.js';
import { diagnose } from './diagnoses/diagnose.js';
import { needsApproval } from './risk.js';

/** A proposal that is about to be approved or executed. */
export interface StandingProposal {
  readonly actionType: ActionType;
  /** The evidence it was proposed on. */
  readonly evidence: AssessmentEvidence;
  /** Whether a person approved it, or does so now. */
  readonly isApprovedByPerson: boolean;
}

export interface Recheck {
  readonly holds: boolean;
  /** Every condition, asked again. */
  readonly conditions: readonly Condition[];
  /** Why it no longer holds; empty when it does. */
  readonly reason: string;
}

/**
 * Asks everything again that was asked when an action was proposed, with what is known now: the version that is live, the newest
 * assessment, the policy. A newer assessment that could not tell (too few labels) contradicts nothing. Actions that only inform
 * are never stale: they tell of what was found.
 */
export function recheckProposal(
  proposal: StandingProposal,
  newest: AssessmentEvidence | null,
  context: DecisionContext,
): Recheck {
  const definition = ACTIONS[proposal.actionType];
  const conditions = [askPolicy(proposal, context)];
  if (definition.effect === 'repairs') {
    const evidence = refreshEvidence(proposal.evidence, newest);
    const situation = { evidence, context, diagnoses: diagnose(evidence, context.live) };
    conditions.push(...definition.preConditions(situation));
  }
  const failed = failedConditions(conditions);
  return { holds: failed.length === 0, conditions, reason: failed.map(({ message }) => message).join(' ') };
}

/** The old evidence with every part replaced that the newest assessment of the same version could judge. */
export function refreshEvidence(original: AssessmentEvidence, newest: AssessmentEvidence | null): AssessmentEvidence {
  if (!newest || newest.modelVersion !== original.modelVersion || newest.assessedAt <= original.assessedAt)
    return original;
  const isJudged = newest.performance !== null && newest.performance.verdict !== 'insufficient';
  return {
    ...original,
    quality: newest.quality ?? original.quality,
    drift: newest.drift ?? original.drift,
    performance: isJudged ? newest.performance : original.performance,
    predictions: newest.predictions ?? original.predictions,
  };
}

/** A policy that became stricter since the proposal stops it. */
function askPolicy({ actionType, isApprovedByPerson }: StandingProposal, { policy }: DecisionContext): Condition {
  const risk = riskOf(ACTIONS[actionType], policy.risk);
  const missing = needsApproval(risk) && !isApprovedByPerson;
  return {
    code: 'policy-allows',
    holds: !policy.dryRun && !missing,
    measured: policy.dryRun
      ? 'dry run'
      : `${risk} risk, ${isApprovedByPerson ? 'approved by a person' : 'approved by nobody'}`,
    limit: missing ? 'approved by a person' : 'allowed',
    message: policy.dryRun
      ? 'The policy now says dry run.'
      : missing
        ? `The policy now calls it ${risk} risk: a person has to approve it.`
        : 'The policy allows it.',
  };
}
