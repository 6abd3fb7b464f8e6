import type { AlgorithmName, Search as SearchTerms } from '@gimbal/contracts';
import {
  deriveSeed,
  type HalvingOptions,
  ROW_SHARE,
  resolveHyperparameters,
  SELECTION_METRICS,
  type SearchOptions,
  selectionMetric,
  type Task,
  type Trial,
} from '@gimbal/learning';
import { kernelName } from '../learning-workers/kernel-name.js';
import { type FamilySettings, readSearch } from './read-search.js';
import type { TrialGround } from './trial-ground.js';

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

type SearchGround = Pick<TrialGround, 'task' | 'rowCount' | 'seed'>;

/** One search for each family that competes and that has a space. @throws DomainError `invalid-hyperparameter` */
export function planSearch(search: SearchTerms, settings: FamilySettings, ground: SearchGround): PlannedSearch[] {
  const { task, rowCount, seed } = ground;
  return [...readSearch(search, settings).spaces]
    .filter(([algorithm]) => settings.has(algorithm))
    .map(([algorithm, space]) => ({
      algorithm,
      options: {
        space,
        sampler: search.method === 'tpe' ? 'tpe' : 'random',
        direction: scoreOf(task).direction,
        trials: search.trials,
        seed: deriveSeed(seed, 'search', algorithm),
        halving: planHalving(search, algorithm, settings.get(algorithm) ?? {}, rowCount),
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

/** The share of the rows that a trial is cross-validated on, in (0, 1]. */
export const shareOf = ({ resource }: Pick<Trial, 'resource'>): number =>
  resource?.name === ROW_SHARE ? resource.amount : 1;
