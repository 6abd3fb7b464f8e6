import type { Candidate, Fold, Task } from '@gimbal/learning';
import type { TaskOptions, WorkerPool } from '../learning-workers/worker-pool.js';
import type { ChosenLabels } from '../tables/text-set.js';
import type { FoldGround } from './plan-share.js';

/** What trials are run on. */
export interface TrialGround {
  /** Says what a trial is scored by; texts are scored as their classes are. */
  readonly task: Task;
  /** Rows to learn from. */
  readonly rowCount: number;
  readonly seed: number;
  /** Why no score tells which setting is better, as the end of a sentence; null when one does. */
  readonly obstacle: string | null;
  /**
   * Cross-validates a candidate in one worker thread.
   * @param share of the rows to learn from, in (0, 1]
   * @returns the mean over folds; null when nothing is labelled
   * @throws LearningError, WorkerLostError, the reason of the signal
   */
  run(candidate: Candidate, share: number, options: TaskOptions): Promise<number | null>;
}

const hasBothLabels = ({ dataset: { target }, trainRows }: FoldGround): boolean =>
  trainRows.some((row) => target[row] !== target[trainRows[0] ?? 0]);

/** The rows of a table, on the very folds on which families compete later. */
export class TableTrials implements TrialGround {
  /** By the share of the rows that they are planned over. */
  private readonly folds = new Map<number, Promise<readonly Fold[]>>();
  readonly task: Task;
  readonly rowCount: number;
  readonly seed: number;
  readonly obstacle: string | null;

  constructor(
    private readonly pool: WorkerPool,
    private readonly ground: FoldGround,
  ) {
    const { dataset, trainRows, seed } = ground;
    this.task = dataset.task;
    this.rowCount = trainRows.length;
    this.seed = seed;
    const isScored = this.task !== 'anomaly-detection' || hasBothLabels(ground);
    this.obstacle = isScored ? null : 'without known anomalies no score tells which setting is better.';
  }

  async run(candidate: Candidate, share: number, options: TaskOptions): Promise<number | null> {
    const { dataset, seed } = this.ground;
    const folds = await this.planFolds(share, options.signal);
    return await this.pool.run({ kind: 'trial', dataset, folds, candidate, seed }, options);
  }

  private planFolds(share: number, signal: AbortSignal): Promise<readonly Fold[]> {
    const folds = this.folds.get(share) ?? this.pool.run({ kind: 'plan-folds', ...this.ground, share }, { signal });
    this.folds.set(share, folds);
    return folds;
  }
}

/** Texts with their classes. */
export class TextTrials implements TrialGround {
  readonly task = 'multiclass-classification';
  readonly obstacle = null;
  readonly rowCount: number;

  constructor(
    private readonly pool: WorkerPool,
    private readonly texts: ChosenLabels,
    readonly seed: number,
  ) {
    this.rowCount = texts.rows.length;
  }

  run(candidate: Candidate, share: number, options: TaskOptions): Promise<number> {
    const { texts, seed } = this;
    return this.pool.run({ kind: 'trial-text', ...texts, candidate, share, seed }, options);
  }
}
