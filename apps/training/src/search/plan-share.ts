import {
  type Dataset,
  deriveSeed,
  type Fold,
  LearningError,
  planFolds,
  type SplitStrategy,
  splitHoldout,
} from '@gimbal/learning';

/** What is cross-validated on which rows. */
export interface FoldGround {
  readonly dataset: Dataset;
  /** The rows learned from; a holdout is not among them. */
  readonly trainRows: Int32Array;
  readonly strategy?: SplitStrategy;
  readonly folds: number;
  readonly seed: number;
}

function planAll({ dataset, strategy, folds: foldCount, seed }: FoldGround, rows: Int32Array): Fold[] {
  return planFolds(dataset, { foldCount, seed, rows, ...(strategy && { strategy }) });
}

/**
 * Folds over a share of the rows, in (0, 1]: an evenly drawn part of every class, whole groups, or the earliest rows, as the rows are told
 * apart. A share that leaves a class too few rows gives way to all rows: such a trial takes longer and is judged better.
 * @throws LearningError `too-few-rows` when a class has fewer rows than there are folds
 */
export function planShare(ground: FoldGround, share: number): Fold[] {
  const { dataset, trainRows: rows, strategy, seed } = ground;
  if (share === 1) return planAll(ground, rows);
  try {
    const options = { rows, testShare: 1 - share, seed: deriveSeed(seed, 'share'), ...(strategy && { strategy }) };
    return planAll(ground, splitHoldout(dataset, options).trainRows);
  } catch (error) {
    if (error instanceof LearningError && error.code === 'too-few-rows') return planAll(ground, rows);
    throw error;
  }
}
