import type { SearchProgress } from '@gimbal/contracts';
import { listSettings } from '@gimbal/learning';
import type { Family } from './hunt.js';
import { settingsOf } from './plan-search.js';

function bestOf(families: readonly Family[], better: SearchProgress['better']): SearchProgress['best'] {
  const sign = better === 'higher' ? 1 : -1;
  const found = families.flatMap(({ algorithm, settings, search: { best } }) => {
    if (!best || best.score === null) return [];
    const hyperparameters = settingsOf(algorithm, settings, { values: best.values, resource: null });
    return [{ algorithm, hyperparameters, score: best.score }];
  });
  return found.toSorted((a, b) => sign * (b.score - a.score))[0] ?? null;
}

/** How far a search is, as its run shows it. */
export function showProgress(
  families: readonly Family[],
  { metric, better, spentMs }: Pick<SearchProgress, 'metric' | 'better'> & { readonly spentMs: number },
): SearchProgress {
  const statuses = families.flatMap(({ search }) => listSettings(search.state).map(({ status }) => status));
  const count = (wanted: string): number => statuses.filter((status) => status === wanted).length;
  return {
    ...{ metric, better, best: bestOf(families, better), seconds: spentMs / 1_000 },
    trials: {
      budget: families.reduce((sum, { search }) => sum + search.settingCount, 0),
      done: count('scored'),
      cut: count('cut'),
      failed: count('failed'),
    },
  };
}
