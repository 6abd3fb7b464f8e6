import type { AlgorithmName, TrainingRun } from '@gimbal/contracts';
import {
  type CandidateValidation,
  type Fold,
  type FoldResult,
  rankCandidates,
  type ValidationFigures,
} from '@gimbal/learning';
import { kernelName, wireName } from '../learning-workers/kernel-name.js';
import type { WorkerPool } from '../learning-workers/worker-pool.js';
import type { FoldGround } from '../search/plan-share.js';
import type { FoldResults } from './fold-results.js';
import { primaryOf } from './primary-score.js';
import type { RunWatch } from './run-watch.js';

/** Who competes on which rows, and how. */
export interface Competition {
  readonly ground: FoldGround;
  readonly candidates: readonly Competitor[];
}

/** A family with its parameters; the id tells several of one family apart. */
export interface Competitor {
  readonly id: string;
  readonly algorithm: AlgorithmName;
  readonly hyperparameters: Readonly<Record<string, unknown>>;
}

/** The leaderboard, best first, with how long each candidate learned. */
export interface Leaderboard {
  readonly ranked: readonly ValidationFigures[];
  readonly folds: readonly Fold[];
  /** What the folds of every candidate gave. */
  readonly results: readonly FoldResult[];
  /** Milliseconds of worker time over all folds, by candidate id. */
  readonly fitMs: ReadonlyMap<string, number>;
}

/**
 * Cross-validates every candidate on the training part; each pair of candidate and fold is a unit of work of its own. With a binary target
 * the best is the highest mean F1 over folds; ties go to the lower mean Brier score, then the higher ROC-AUC, then the name. Other
 * tasks go by their own score (SELECTION_METRICS of the kernel).
 * @throws LearningError, WorkerLostError, the reason of the watch's signal
 */
export async function selectCandidate(
  pool: WorkerPool,
  { ground, candidates: competitors }: Competition,
  watch: Pick<RunWatch, 'advance' | 'signal'>,
): Promise<Leaderboard> {
  const { dataset, seed } = ground;
  const { signal } = watch;
  const folds = await pool.run({ kind: 'plan-folds', ...ground, share: 1 }, { signal });
  const units = competitors.flatMap(({ id, algorithm, hyperparameters }) => {
    const candidate = { id, algorithm: kernelName(algorithm), hyperparameters };
    return folds.map((fold) => ({ candidate, fold, done: 0 }));
  });
  const fitMs = new Map<string, number>();
  const tell = (): void => watch.advance(units.reduce((sum, { done }) => sum + done, 0) / units.length);
  const results = await Promise.all(
    units.map(async (unit) => {
      let began = performance.now();
      const { candidate, fold } = unit;
      const result = await pool.run({ kind: 'fold', dataset, fold, candidate, seed } as const, {
        signal,
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
  const validations = await Promise.all(
    [...candidates.values()].map((candidate) => {
      const own = results.filter(({ candidateId }) => candidateId === candidate.id);
      return pool.run({ kind: 'validate', dataset, folds, candidate, results: own }, { signal });
    }),
  );
  return { ranked: rankCandidates(validations), folds, results, fitMs };
}

/** What the folds of one of the candidates gave. */
export function resultsOf(
  { folds, results }: Leaderboard,
  { candidateId: id, algorithm, hyperparameters }: ValidationFigures,
): FoldResults {
  const candidate = { id, algorithm, hyperparameters };
  return { folds, candidate, results: results.filter(({ candidateId }) => candidateId === id) };
}

type ShownCandidate = TrainingRun['candidates'][number];

/** The means that the leaderboard has always told of a binary classifier. */
function binaryMeans(validation: CandidateValidation) {
  if (validation.task !== 'binary-classification')
    return {
      ...{ f1Mean: null, f1Deviation: null, rocAucMean: null, logLossMean: null, brierMean: null },
      threshold: validation.task === 'anomaly-detection' ? validation.threshold : null,
    };
  const { summary, threshold } = validation;
  return {
    f1Mean: summary.f1.mean,
    f1Deviation: summary.f1.deviation,
    rocAucMean: summary.rocAuc.mean,
    logLossMean: summary.logLoss.mean,
    brierMean: summary.brier.mean,
    threshold,
  };
}

/** The leaderboard as the routes show it; `holdout` is only known of the selected one, since the others never see it. */
export function showLeaderboard(
  { ranked, fitMs }: Pick<Leaderboard, 'fitMs'> & { readonly ranked: readonly CandidateValidation[] },
  holdout: ShownCandidate['holdout'],
): TrainingRun['candidates'] {
  return ranked.map((validation, index) => {
    const primary = primaryOf(validation);
    return {
      algorithm: wireName(validation.algorithm),
      rank: index + 1,
      hyperparameters: { ...validation.hyperparameters },
      ...(primary && { primary }),
      ...binaryMeans(validation),
      holdout: index === 0 ? holdout : null,
      fitMs: Math.round(fitMs.get(validation.candidateId) ?? 0),
    };
  });
}
