import { rankCandidates, type TextValidation } from '@gimbal/learning';
import type { LearningResults } from '../learning-workers/learning-task.js';
import type { WorkerPool } from '../learning-workers/worker-pool.js';
import type { RunWatch } from '../pipeline/run-watch.js';
import type { Competitor } from '../pipeline/select-candidate.js';
import type { ChosenLabels } from './text-set.js';

/** Settings of the one family that learns from texts, best first. */
export interface TextLeaderboard {
  readonly ranked: readonly TextValidation[];
  /** Milliseconds of worker time by candidate id. */
  readonly fitMs: ReadonlyMap<string, number>;
  /** Of the first one. */
  readonly fit: LearningResults['fit-text'];
}

/**
 * Fits every candidate to all texts; each is judged by the models of its own folds. The best has the highest macro-averaged F1 over folds, ties
 * go as among tables with many classes.
 * @throws LearningError, WorkerLostError, the reason of the watch's signal
 */
export async function selectTexts(
  pool: WorkerPool,
  texts: ChosenLabels & { readonly seed: number },
  candidates: readonly Competitor[],
  watch: Pick<RunWatch, 'advance' | 'signal'>,
): Promise<TextLeaderboard> {
  const done = new Map<string, number>();
  const fitMs = new Map<string, number>();
  const fits = await Promise.all(
    candidates.map(async ({ id, hyperparameters }) => {
      let began = performance.now();
      const fit = await pool.run(
        { kind: 'fit-text', id, ...texts, hyperparameters },
        {
          signal: watch.signal,
          onStart: () => {
            began = performance.now();
          },
          onProgress: (share) => {
            done.set(id, share);
            watch.advance([...done.values()].reduce((sum, one) => sum + one, 0) / candidates.length);
          },
        },
      );
      fitMs.set(id, performance.now() - began);
      return fit;
    }),
  );
  const ranked = rankCandidates(fits.map(({ validation }) => validation));
  const fit = fits.find(({ validation }) => validation === ranked[0]);
  if (!fit) throw new TypeError('No setting competed.');
  return { ranked, fitMs, fit };
}
