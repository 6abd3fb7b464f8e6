import { actionsOf, figuresOf, findAction, MODEL } from '../clinic.js';
import type { Patient } from '../patients.js';
import type { Stage } from '../stage.js';

/** Chapter 4: drift that hurts: retraining is proposed, approved by a person, judged, and goes live only if it is better. */
export async function visitVeterans({ clinic, story }: Stage, patients: readonly Patient[]): Promise<void> {
  story.chapter(`${patients.length} patients from the VA in Long Beach`);
  const visit = await clinic.visit(patients);
  story.tell(visit.assessment.summary);
  const proposal = findAction(visit, 'retrain_model');
  if (!proposal) {
    story.claim({
      number: 4,
      statement: 'VA Long Beach: drift and degradation; retraining proposed',
      holds: false,
      evidence: { ...figuresOf(visit), ...actionsOf(visit) },
    });
    return;
  }
  story.tell(`proposed: ${proposal.reason}`);
  const refusedToOperator = await clinic.as.operator
    .call('approveAction', { params: { id: proposal.id }, body: { comment: 'mine' } })
    .then(
      () => 'approved',
      (error: { code?: string }) => error.code ?? 'failed',
    );
  const before = await clinic.liveVersion();
  const { action } = await clinic.approve(
    proposal,
    'The Brier score worsened beyond its interval; the labels are complete.',
  );
  const live = await clinic.liveVersion();
  const versions = await clinic.as.viewer.call('listVersions', { params: { model: MODEL } });
  const candidate = versions.items.find(
    ({ version }) => version !== before && version === Math.max(...versions.items.map((item) => item.version)),
  );
  const recent = candidate?.evaluation?.versusLive.find(({ slice }) => slice === 'recent');
  const isBetter = recent !== undefined && recent.brierDifference.estimate < 0 && candidate?.gate?.admitted === true;
  if (recent)
    story.tell(
      `judged on ${recent.rows} patients neither version had seen: Brier ${recent.live.brier.toFixed(3)} -> ${recent.candidate.brier.toFixed(3)}`,
    );
  const outcome = isBetter
    ? `version ${candidate?.version} is better on unseen patients and live, verified`
    : `version ${candidate?.version} is not better, version ${before} stays`;
  story.claim({
    number: 4,
    statement: `VA Long Beach: drift and degradation; retraining proposed, approved by another key; ${outcome}`,
    holds:
      visit.assessment.verdict === 'degraded' &&
      visit.assessment.driftDetected === true &&
      proposal.requiresApproval &&
      proposal.state === 'proposed' &&
      refusedToOperator === 'role-required' &&
      candidate !== undefined &&
      recent !== undefined &&
      action.reviewedBy !== null &&
      (isBetter ? action.state === 'succeeded' && live === candidate.version : live === before),
    evidence: {
      ...figuresOf(visit),
      ...actionsOf(visit),
      action: {
        state: action.state,
        reviewed_by: action.reviewedBy,
        comment: action.comment,
        verification: action.verification,
        result: action.executionResult,
      },
      operator_answer: refusedToOperator,
      candidate: candidate?.version,
      gate: candidate?.gate,
      recent,
      live_before: before,
      live_after: live,
    },
  });
}
