import { AuditEntry, encodeWire } from '@gimbal/contracts';
import type { z } from 'zod';
import { curlCommand, EXAMPLE_PATIENT } from '../welcome.js';
import { trainBadModel } from './bad-model.js';
import { actionsOf, type Clinic, figuresOf, findAction, MODEL, ran, until } from './clinic.js';
import type { Patient } from './patients.js';
import type { Story } from './story.js';

/** What the chapters share. */
export interface Stage {
  readonly clinic: Clinic;
  readonly story: Story;
  readonly home: string;
}

/** Chapter 1: four families, a leaderboard, a gate, version 1 live. Resolves with the rows that were kept out of training. */
export async function trainFirstVersion({
  clinic,
  story,
  home,
}: Stage): Promise<{ origin: string; holdout: number[] }> {
  story.chapter('Training four families of models on 70 % of the Cleveland patients');
  const { trainingRunId } = await clinic.as.operator.call('retrain', {
    body: { model: MODEL, dataset: MODEL, parts: ['cleveland'], reason: 'first version' },
  });
  const run = await until('the training run', 300, async () => {
    const found = await clinic.as.viewer.call('getTrainingRun', { params: { id: trainingRunId } });
    story.progress(`${found.stage} ${(found.progress * 100).toFixed(0)} %`);
    return ['succeeded', 'failed', 'cancelled'].includes(found.state) ? found : undefined;
  });
  story.endProgress();
  if (run.state !== 'succeeded') throw new Error(`training ${run.state}: ${run.error?.message ?? 'no reason given'}`);
  for (const candidate of [...run.candidates].sort((a, b) => (a.rank ?? 9) - (b.rank ?? 9))) {
    story.tell(
      `${candidate.rank}. ${candidate.algorithm.padEnd(30)} F1 ${candidate.f1Mean.toFixed(3)} ± ${candidate.f1Deviation.toFixed(3)}  AUC ${candidate.rocAucMean?.toFixed(3)}  Brier ${candidate.brierMean.toFixed(3)}`,
    );
  }
  const version = run.outcome?.version ?? 0;
  const registered = await clinic.as.viewer.call('getVersion', { params: { model: MODEL, version } });
  const prediction = await until('the first prediction', 20, async () => {
    const answer = (await clinic.as.predictor.predict('/predict', EXAMPLE_PATIENT).catch(() => undefined)) as
      | { model_version: number; probability: number }
      | undefined; // shown as it came
    return answer;
  });
  const live = await clinic.liveVersion();
  story.tell(`try it yourself: ${curlCommand(clinic.url, home)}`);
  const metrics = registered.evaluation?.holdout;
  story.claim({
    number: 1,
    statement: `Four families trained on Cleveland; ${registered.algorithm} passed the gate (holdout F1 ${metrics?.f1Score.toFixed(3)}, AUC ${metrics?.rocAuc?.toFixed(3)}) and version ${version} is live`,
    holds:
      run.candidates.length === 4 &&
      registered.gate?.admitted === true &&
      registered.parity?.labelDifferences === 0 &&
      live === version &&
      version === 1 &&
      prediction.model_version === 1,
    evidence: {
      training_run: run.id,
      leaderboard: run.candidates.map(({ rank, algorithm, f1Mean, rocAucMean }) => ({
        rank,
        algorithm,
        f1: f1Mean,
        roc_auc: rocAucMean,
      })),
      gate: registered.gate,
      parity: registered.parity,
      holdout: metrics,
      live_version: live,
      prediction,
    },
  });
  const holdoutText = await clinic.as.viewer.call('getRunArtifact', {
    params: { id: registered.runId ?? '' },
    query: { path: 'holdout.json' },
  });
  const holdout: { rows: number[] } = JSON.parse(holdoutText);
  return { origin: run.dataOrigin ?? 'unknown', holdout: holdout.rows };
}

/** Chapter 2: the same hospital's unseen patients: nothing to do. */
export async function visitCleveland({ clinic, story }: Stage, patients: readonly Patient[]): Promise<void> {
  story.chapter(`${patients.length} Cleveland patients that training never saw`);
  const visit = await clinic.visit(patients);
  story.tell(visit.assessment.summary);
  story.claim({
    number: 2,
    statement: 'Cleveland, held out: healthy, nothing proposed',
    holds:
      visit.assessment.verdict === 'healthy' &&
      visit.incident.actions.length === 0 &&
      visit.assessment.rows === visit.sent,
    evidence: { ...figuresOf(visit), ...actionsOf(visit) },
  });
}

/** Chapter 3: other patients, the same disease: drift that does no harm. */
export async function visitHungary({ clinic, story }: Stage, patients: readonly Patient[]): Promise<void> {
  story.chapter(`${patients.length} patients from Hungary`);
  const visit = await clinic.visit(patients);
  story.tell(visit.assessment.summary);
  const alerts = await clinic.as.viewer.call('listAlerts', { query: { model: MODEL } });
  const page = visit.assessment.driftReportId
    ? await clinic.as.viewer.call('getDriftReportPage', { params: { id: visit.assessment.driftReportId } })
    : '';
  const refusal = visit.incident.refused.find(({ actionType }) => actionType === 'retrain_model');
  if (refusal) story.tell(`no retraining: ${refusal.reason}`);
  story.claim({
    number: 3,
    statement: 'Hungary: drift, the model holds; report and alert ran by themselves, no retraining proposed',
    holds:
      visit.assessment.verdict === 'drift' &&
      visit.assessment.performance === 'holds' &&
      ran(visit, 'generate_report') &&
      ran(visit, 'send_alert') &&
      alerts.items.length > 0 &&
      page.includes('<svg') &&
      !findAction(visit, 'retrain_model') &&
      refusal !== undefined,
    evidence: {
      ...figuresOf(visit),
      ...actionsOf(visit),
      alerts: alerts.items.map(({ title, severity }) => `${severity}: ${title}`),
      report_bytes: page.length,
    },
  });
}

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

/** Chapter 5: a broken instrument upstream: check and alert, never retrain on it. */
export async function visitSwitzerland({ clinic, story }: Stage, patients: readonly Patient[]): Promise<void> {
  story.chapter(`${patients.length} patients from Switzerland, where chol is 0 in every row`);
  const visit = await clinic.visit(patients);
  story.tell(visit.assessment.summary);
  const refusal = visit.incident.refused.find(({ actionType }) => actionType === 'retrain_model');
  if (refusal) story.tell(`no retraining: ${refusal.reason}`);
  story.claim({
    number: 5,
    statement: 'Switzerland: data quality fault; data validated again and alert sent, no retraining on broken data',
    holds:
      visit.assessment.verdict === 'data-fault' &&
      ran(visit, 'validate_data') &&
      ran(visit, 'send_alert') &&
      !findAction(visit, 'retrain_model') &&
      refusal !== undefined,
    evidence: { ...figuresOf(visit), ...actionsOf(visit) },
  });
}

/** Chapter 6: a bad version is forced live; the agent proposes to go back, and going back costs no request. */
export async function rollBackBadVersion(
  { clinic, story }: Stage,
  training: readonly Patient[],
  arriving: readonly Patient[],
): Promise<void> {
  story.chapter('An admin forces a version live that was trained on shuffled labels');
  const before = await clinic.liveVersion();
  const live = await clinic.as.viewer.call('getVersion', { params: { model: MODEL, version: before ?? 0 } });
  const form = trainBadModel({ patients: training, signature: live.signature, parentVersion: before });
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
  await until('the bad version to answer', 15, async () =>
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
  await until('the former version to answer', 30, async () =>
    (await predictOnce(clinic)) === before ? true : undefined,
  );
  const seconds = (Date.now() - approvedAt) / 1000;
  const ended = await until('the end of the rollback', 60, async () => {
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

/** The whole chain as the wire has it, oldest entry first: what a person would keep elsewhere. */
async function copyAudit(clinic: Clinic): Promise<z.input<typeof AuditEntry>[]> {
  const entries: z.input<typeof AuditEntry>[] = [];
  for await (const entry of clinic.as.viewer.each('listAudit', { query: { limit: '1000' } }))
    entries.push(encodeWire(AuditEntry, entry));
  return entries.sort((a, b) => a.seq - b.seq);
}

/** The same text with its first character one bit off. */
const alterOneByte = (text: string): string => String.fromCharCode(text.charCodeAt(0) ^ 1) + text.slice(1);

/** Chapter 7: the record of it all, and what happens when somebody changes it. */
export async function verifyAudit({ clinic, story }: Stage): Promise<void> {
  story.chapter('The audit chain');
  const whole = await clinic.as.viewer.call('verifyAudit', {});
  const entries = await copyAudit(clinic);
  const untouched = await clinic.as.viewer.call('verifyAuditCopy', { body: { entries } });
  const victim = Math.floor(entries.length / 2);
  const altered = entries.map((entry, index) =>
    index === victim ? { ...entry, actor: alterOneByte(entry.actor) } : entry,
  );
  const found = await clinic.as.viewer.call('verifyAuditCopy', { body: { entries: altered } });
  story.claim({
    number: 7,
    statement: `The audit chain of ${whole.entries} entries verifies; one altered byte in a copy of it is found at entry ${found.firstBrokenSeq}`,
    holds:
      whole.valid &&
      whole.entries > 10 &&
      untouched.valid &&
      !found.valid &&
      found.firstBrokenSeq === entries[victim]?.seq,
    evidence: {
      entries: whole.entries,
      head: whole.headHash,
      copy: entries.length,
      copy_valid: untouched.valid,
      altered_seq: entries[victim]?.seq,
      found_seq: found.firstBrokenSeq,
    },
  });
}
