import { requireServable } from '@gimbal/domain';
import { EXAMPLE_PATIENT } from '../../welcome.js';
import { trainBadModel } from '../bad-model.js';
import { actionsOf, type Clinic, figuresOf, findAction, MODEL, until } from '../clinic.js';
import type { Patient } from '../patients.js';
import type { Stage } from '../stage.js';

/** Chapter 6: a bad version is forced live; the agent proposes to go back, and going back costs no request. */
export async function rollBackBadVersion(
  { clinic, story }: Stage,
  training: readonly Patient[],
  arriving: readonly Patient[],
): Promise<void> {
  story.chapter('An admin forces a version live that was trained on shuffled labels');
  const before = await clinic.liveVersion();
  const live = await clinic.as.viewer.call('getVersion', { params: { model: MODEL, version: before ?? 0 } });
  const form = trainBadModel({ patients: training, signature: requireServable(live).signature, parentVersion: before });
  const bad = await clinic.as.operator.upload('registerVersion', { model: MODEL }, form);
  const promotion = {
    stage: 'production' as const,
    expected_live_version: before,
    reason: 'forced for the demonstration',
  };
  const refused = await clinic.as.operator
    .call('promoteVersion', {
      params: { model: MODEL, version: bad.version },
      body: { ...promotion, decision_id: crypto.randomUUID() },
    })
    .then(
      () => 'promoted',
      (error: { code?: string }) => error.code ?? 'failed',
    );
  await clinic.as.admin.call('promoteVersion', {
    params: { model: MODEL, version: bad.version },
    body: { ...promotion, decision_id: crypto.randomUUID(), force: true },
  });
  await until('the bad version to answer', 120, async () =>
    (await predictOnce(clinic)) === bad.version ? true : undefined,
  );
  story.tell(`the gate refused version ${bad.version} (${refused}); the admin forced it live`);
  const visit = await clinic.visit(arriving);
  story.tell(visit.assessment.summary);
  const proposal = findAction(visit, 'rollback_model');
  if (!proposal) {
    story.claim({
      number: 6,
      statement: 'A bad version forced live: rollback proposed',
      holds: false,
      evidence: { ...figuresOf(visit), ...actionsOf(visit) },
    });
    return;
  }
  const traffic = keepPredicting(clinic);
  await clinic.as.approver.call('approveAction', {
    params: { id: proposal.id },
    body: { comment: 'Degraded right after the deployment: go back.' },
  });
  const approvedAt = Date.now();
  await until('the former version to answer', 120, async () =>
    (await predictOnce(clinic)) === before ? true : undefined,
  );
  const seconds = (Date.now() - approvedAt) / 1000;
  const ended = await until('the end of the rollback', 120, async () => {
    const found = await clinic.as.viewer.call('getAction', { params: { id: proposal.id } });
    return ['succeeded', 'failed', 'compensated'].includes(found.state) ? found : undefined;
  });
  const { answered, failed } = await traffic.stop();
  const liveAfter = await clinic.liveVersion();
  story.claim({
    number: 6,
    statement: `Degraded soon after a deployment: rollback proposed (high risk), approved; version ${before} answered again ${seconds.toFixed(1)} s after approval, ${failed} of ${answered + failed} predictions failed meanwhile`,
    holds:
      visit.assessment.verdict === 'degraded' &&
      proposal.riskLevel === 'high' &&
      proposal.requiresApproval &&
      refused === 'promotion-refused' &&
      seconds <= 5 &&
      failed === 0 &&
      answered > 0 &&
      liveAfter === before &&
      ended.state === 'succeeded',
    evidence: {
      ...figuresOf(visit),
      ...actionsOf(visit),
      bad_version: bad.version,
      gate_answer: refused,
      seconds_to_former_version: seconds,
      predictions_answered: answered,
      predictions_failed: failed,
      live_version: liveAfter,
      verification: ended.verification,
    },
  });
}

async function predictOnce(clinic: Clinic): Promise<number> {
  const answer = (await clinic.as.predictor.predict('/predict', EXAMPLE_PATIENT)) as { model_version: number }; // the route's own answer
  return answer.model_version;
}

/** Predicts one patient after the other until it is stopped, and counts what failed. */
function keepPredicting(clinic: Clinic): { stop: () => Promise<{ answered: number; failed: number }> } {
  let running = true;
  const counts = { answered: 0, failed: 0 };
  const loop = (async () => {
    while (running) {
      await predictOnce(clinic).then(
        () => counts.answered++,
        () => counts.failed++,
      );
    }
  })();
  return {
    stop: async () => {
      running = false;
      await loop;
      return counts;
    },
  };
}
