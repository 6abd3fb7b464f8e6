import type { AlgorithmName, TrainingRun } from '@gimbal/contracts';
import { assembleCrossValidation, type CrossValidation, planFolds, rankCandidates } from '@gimbal/learning';
import { kernelName, wireName } from '../learning-workers/kernel-name.js';
import type { WorkerPool } from '../learning-workers/worker-pool.js';
import type { RunWatch } from './run-watch.js';
import type { TrainingSet } from './training-set.js';

/** Which families compete, and how. */
export interface Competition {
  readonly algorithms: ReadonlyMap<AlgorithmName, Readonly<Record<string, unknown>>>;
  readonly folds: number;
  readonly seed: number;
}

/** The leaderboard, best first, with how long each candidate learned. */
export interface Leaderboard {
  readonly ranked: readonly CrossValidation[];
  /** Milliseconds of worker time over all folds, by candidate id. */
  readonly fitMs: ReadonlyMap<string, number>;
}

/**
 * Cross-validates every family on the training part; each pair of family and fold is a unit of work of its own. Best is the highest mean F1
 * over folds; ties go to the lower mean Brier score, then the higher ROC-AUC, then the name.
 * @throws LearningError, WorkerLostError, the reason of the watch's signal
 */
export async function selectCandidate(
  pool: WorkerPool,
  { dataset, trainRows }: TrainingSet,
  { algorithms, folds: foldCount, seed }: Competition,
  watch: RunWatch,
): Promise<Leaderboard> {
  const folds = planFolds(dataset, { foldCount, seed, rows: trainRows });
  const units = [...algorithms].flatMap(([name, hyperparameters]) => {
    const candidate = { id: name, algorithm: kernelName(name), hyperparameters };
    return folds.map((fold) => ({ candidate, fold, done: 0 }));
  });
  const fitMs = new Map<string, number>();
  const tell = (): void => watch.advance(units.reduce((sum, { done }) => sum + done, 0) / units.length);
  const results = await Promise.all(
    units.map(async (unit) => {
      let began = performance.now();
      const { candidate, fold } = unit;
      const result = await pool.run({ kind: 'fold', dataset, fold, candidate, seed } as const, {
        signal: watch.signal,
        onStart: () => {
          began = performance.now();
        },
        onProgress: (done) => {
          unit.done = done;
          tell();
        },
      });
      fitMs.set(candidate.id, (fitMs.get(candidate.id) ?? 0) + performance.now() - began);
      unit.done = 1;
      tell();
      return result;
    }),
  );
  const candidates = new Map(units.map(({ candidate }) => [candidate.id, candidate]));
  const validations = [...candidates.values()].map((one) => assembleCrossValidation(dataset, folds, one, results));
  return { ranked: rankCandidates(validations), fitMs };
}

/** The leaderboard as the routes show it; `holdout` is only known of the selected one, since the others never see it. */
export function showLeaderboard(
  { ranked, fitMs }: Leaderboard,
  holdout: TrainingRun['candidates'][number]['holdout'],
): TrainingRun['candidates'] {
  return ranked.map(({ candidateId, algorithm, hyperparameters, summary, threshold }, index) => ({
    algorithm: wireName(algorithm),
    rank: index + 1,
    hyperparameters: { ...hyperparameters },
    f1Mean: summary.f1.mean,
    f1Deviation: summary.f1.deviation,
    rocAucMean: summary.rocAuc.mean,
    logLossMean: summary.logLoss.mean,
    brierMean: summary.brier.mean,
    threshold,
    holdout: index === 0 ? holdout : null,
    fitMs: Math.round(fitMs.get(candidateId) ?? 0),
  }));
}
