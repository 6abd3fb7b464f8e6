import type { Search } from '@gimbal/contracts';
import { describe, expect, it } from '@jest/globals';
import { planSearch, settingsOf } from './plan-search.js';
import type { FamilySettings } from './read-search.js';

const groundOf = (rowCount: number) => ({ task: 'binary-classification', rowCount, seed: 7 }) as const;
const SEARCH: Search = {
  method: 'halving',
  trials: 27,
  spaces: {
    lightgbm: { num_leaves: { low: 4, high: 31 } },
    'random-forest': { min_samples_leaf: { low: 1, high: 9 } },
  },
};
const SETTINGS: FamilySettings = new Map([['gradient-boosting-leaf-wise', { n_estimators: 90 }]]);

describe('planSearch', () => {
  it('searches the families that compete, each with a seed of its own', () => {
    const ground = groundOf(4_000);
    const [first, ...more] = planSearch(SEARCH, SETTINGS, ground);
    expect(more).toEqual([]);
    expect(first).toMatchObject({
      algorithm: 'gradient-boosting-leaf-wise',
      options: { direction: 'higher', trials: 27, halving: { resource: 'row_share', min: 1 / 27, max: 1 } },
    });
    const both = planSearch(SEARCH, new Map([...SETTINGS, ['random-forest', {}]]), ground);
    expect(both[0]).toEqual(first);
    expect(both[1]?.options.seed).not.toBe(first?.options.seed);
  });

  it('halves trees down from those that are set, and nothing where there is too little', () => {
    const trees = planSearch({ ...SEARCH, resource: 'n_estimators' }, SETTINGS, groundOf(50));
    expect(trees[0]?.options.halving).toEqual({ resource: 'n_estimators', min: 4, max: 90 });
    expect(planSearch(SEARCH, SETTINGS, groundOf(50))[0]?.options.halving).toBeNull();
  });
});

describe('settingsOf', () => {
  it('lays what is searched over what is set, and the resource over both', () => {
    const settings = settingsOf('gradient-boosting-leaf-wise', SETTINGS.get('gradient-boosting-leaf-wise') ?? {}, {
      values: { num_leaves: 5 },
      resource: { name: 'n_estimators', amount: 30 },
    });
    expect(settings).toMatchObject({ num_leaves: 5, n_estimators: 30 });
  });
});
