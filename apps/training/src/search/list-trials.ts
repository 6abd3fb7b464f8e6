import { Algorithm } from '@gimbal/contracts';
import { listSettings, type SettingRecord } from '@gimbal/learning';
import type { ChildEntry } from '../experiments/experiment-writer.service.js';
import { nameOfMetric } from '../experiments/list-points.js';
import { settingsOf } from './plan-search.js';
import type { StoredSearch } from './stored-search.js';

const STATES = { running: 'running', scored: 'finished', cut: 'killed', failed: 'failed' } as const;

/** The score of each round, and what the trial was given in it. */
function pointsOf({ rounds }: SettingRecord, metric: string): ChildEntry['points'] {
  return rounds.flatMap(({ score, rung: step, resource }) => {
    if (score === null) return [];
    const given = resource ? [{ key: resource.name, value: resource.amount, step }] : [];
    return [{ key: `${nameOfMetric(metric)}_mean`, value: score, step }, ...given];
  });
}

/**
 * The trials of a search as the registry keeps them: runs below the training's own, one for each setting. While a search goes on, those that
 * have no score yet are left out; of one that is over, what did not come to its end was killed.
 */
export function listTrials(
  { families, settings, progress: { metric } }: Pick<StoredSearch, 'families' | 'settings' | 'progress'>,
  search: 'goes-on' | 'is-over',
): ChildEntry[] {
  return Object.entries(families).flatMap(([family, state]) => {
    const algorithm = Algorithm.parse(family);
    return listSettings(state).flatMap((trial) => {
      const points = pointsOf(trial, metric);
      const isGoingOn = trial.status === 'running' && search === 'goes-on';
      if (isGoingOn && points.length === 0) return [];
      return [
        {
          id: `${family}-trial-${trial.id}`,
          algorithm,
          hyperparameters: settingsOf(algorithm, settings[family] ?? {}, { values: trial.values, resource: null }),
          points,
          tags: { trial: String(trial.id) },
          state: trial.status === 'running' && !isGoingOn ? 'killed' : STATES[trial.status],
        },
      ];
    });
  });
}
