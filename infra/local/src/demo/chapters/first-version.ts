import { curlCommand, EXAMPLE_PATIENT } from '../../welcome.js';
import { MODEL, until } from '../clinic.js';
import type { Stage } from '../stage.js';

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
  const run = await until('the training run', 600, async () => {
    const found = await clinic.as.viewer.call('getTrainingRun', { params: { id: trainingRunId } });
    story.progress(`${found.stage} ${(found.progress * 100).toFixed(0)} %`);
    return ['succeeded', 'failed', 'cancelled'].includes(found.state) ? found : undefined;
  });
  story.endProgress();
  if (run.state !== 'succeeded') throw new Error(`training ${run.state}: ${run.error?.message ?? 'no reason given'}`);
  for (const candidate of [...run.candidates].sort((a, b) => (a.rank ?? 9) - (b.rank ?? 9))) {
    story.tell(
      `${candidate.rank}. ${candidate.algorithm.padEnd(30)} F1 ${candidate.f1Mean?.toFixed(3)} ± ${candidate.f1Deviation?.toFixed(3)}  AUC ${candidate.rocAucMean?.toFixed(3)}  Brier ${candidate.brierMean?.toFixed(3)}`,
    );
  }
  const version = run.outcome?.version ?? 0;
  const registered = await clinic.as.viewer.call('getVersion', { params: { model: MODEL, version } });
  const prediction = await until('the first prediction', 120, async () => {
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
