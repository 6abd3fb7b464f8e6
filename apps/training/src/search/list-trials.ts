import type { TrialEntry } from '../experiments/experiment-writer.service.js';
import { nameOfMetric } from '../experiments/list-points.js';
import type { SearchResult } from './search.service.js';

/** The trials of a search as the registry keeps them: runs below the training's own. */
export function listTrials({ trials, metric }: Pick<SearchResult, 'trials' | 'metric'>): TrialEntry[] {
  return trials.map(({ algorithm, id, rung, status, score, resource, hyperparameters }) => ({
    id: `${algorithm}-trial-${id}`,
    algorithm,
    hyperparameters,
    points: score === null ? [] : [{ key: `${nameOfMetric(metric)}_mean`, value: score, step: 0 }],
    tags: {
      trial: String(id),
      rung: String(rung),
      status,
      ...(resource && { resource: `${resource.name}=${resource.amount}` }),
    },
  }));
}
