import type { AlgorithmName, Search as SearchTerms } from '@gimbal/contracts';
import {
  type Dataset,
  deriveSeed,
  type Fold,
  type HalvingOptions,
  LearningError,
  planFolds,
  ROW_SHARE,
  resolveHyperparameters,
  SELECTION_METRICS,
  type SearchOptions,
  type SplitStrategy,
  selectionMetric,
  splitHoldout,
  type Task,
  type Trial,
} from '@gimbal/learning';
import { kernelName } from '../learning-workers/kernel-name.js';
import { type FamilySettings, readSearch } from './read-search.js';

/** What is searched on which rows. */
export interface SearchGround {
  readonly dataset: Dataset;
  /** The rows learned from; a holdout is not among them. */
  readonly trainRows: Int32Array;
  readonly strategy?: SplitStrategy;
  readonly folds: number;
  readonly seed: number;
}

/** The search of one family. */
export interface PlannedSearch {
  readonly algorithm: AlgorithmName;
  readonly options: SearchOptions;
}

/** A halving begins with this share of the resource at least: three rounds, each of a third of the one after it. */
const SHARE_MIN = 1 / 27;
/** Fewer rows tell good settings from bad ones by chance. */
const ROWS_MIN = 100;

/** What a task's search goes by, and whether more of it is better. */
export function scoreOf(task: Task): Pick<ReturnType<typeof selectionMetric>, 'metric' | 'direction'> {
  const [metric = ''] = SELECTION_METRICS[task];
  return selectionMetric({ task, summary: { [metric]: null } });
}

function planHalving(
  { method, resource = 'rows' }: SearchTerms,
  algorithm: AlgorithmName,
  settings: Readonly<Record<string, unknown>>,
  rowCount: number,
): HalvingOptions | null {
  if (method !== 'halving') return null;
  if (resource === 'rows') {
    const min = Math.max(SHARE_MIN, ROWS_MIN / rowCount);
    return min < 1 ? { resource: ROW_SHARE, min, max: 1 } : null;
  }
  const max = Number(resolveHyperparameters(kernelName(algorithm), settings)['n_estimators']);
  const min = Math.max(1, Math.ceil(max * SHARE_MIN));
  return min < max ? { resource, min, max } : null;
}

/** One search for each family that competes and that has a space. @throws DomainError `invalid-hyperparameter` */
export function planSearch(search: SearchTerms, settings: FamilySettings, ground: SearchGround): PlannedSearch[] {
  const { dataset, trainRows, seed } = ground;
  return [...readSearch(search, settings).spaces]
    .filter(([algorithm]) => settings.has(algorithm))
    .map(([algorithm, space]) => ({
      algorithm,
      options: {
        space,
        sampler: search.method === 'tpe' ? 'tpe' : 'random',
        direction: scoreOf(dataset.task).direction,
        trials: search.trials,
        seed: deriveSeed(seed, 'search', algorithm),
        halving: planHalving(search, algorithm, settings.get(algorithm) ?? {}, trainRows.length),
      },
    }));
}

/** The hyperparameters of a trial: what is searched over what is set, and its share of a resource. */
export function settingsOf(
  algorithm: AlgorithmName,
  settings: Readonly<Record<string, unknown>>,
  { values, resource }: Pick<Trial, 'values' | 'resource'>,
): Readonly<Record<string, unknown>> {
  const all = resolveHyperparameters(kernelName(algorithm), { ...settings, ...values });
  return resource && resource.name !== ROW_SHARE ? { ...all, [resource.name]: resource.amount } : all;
}

/**
 * Folds over a share of the rows, each share once: an evenly drawn part of every class, whole groups, or the earliest rows, as the rows
 * are told apart. A share that leaves a class too few rows gives way to all rows: such a trial takes longer and is judged better.
 */
export class FoldsByShare {
  private readonly known = new Map<number, readonly Fold[]>();

  constructor(private readonly ground: SearchGround) {}

  take({ resource }: Pick<Trial, 'resource'>): readonly Fold[] {
    const share = resource?.name === ROW_SHARE ? resource.amount : 1;
    const known = this.known.get(share);
    if (known) return known;
    const folds = share < 1 ? this.planPart(share) : this.plan(this.ground.trainRows);
    this.known.set(share, folds);
    return folds;
  }

  private plan(rows: Int32Array): readonly Fold[] {
    const { dataset, strategy, folds: foldCount, seed } = this.ground;
    return planFolds(dataset, { foldCount, seed, rows, ...(strategy && { strategy }) });
  }

  private planPart(share: number): readonly Fold[] {
    const { dataset, trainRows: rows, strategy, seed } = this.ground;
    try {
      const options = { rows, testShare: 1 - share, seed: deriveSeed(seed, 'share'), ...(strategy && { strategy }) };
      return this.plan(splitHoldout(dataset, options).trainRows);
    } catch (error) {
      if (error instanceof LearningError && error.code === 'too-few-rows') return this.take({ resource: null });
      throw error;
    }
  }
}
