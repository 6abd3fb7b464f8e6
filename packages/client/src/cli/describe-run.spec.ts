import type { SearchProgress } from '@gimbal/contracts';
import { expect, it } from '@jest/globals';
import { describeRun } from './describe-run.js';

const run = { stage: 'cross-validating', progress: 0.314, search: null } as const;
const search: SearchProgress = {
  metric: 'macro_f1',
  better: 'higher',
  trials: { budget: 27, done: 0, cut: 0, failed: 0 },
  best: null,
  seconds: 12,
};

it('tells stage and share, and how far a search is', () => {
  expect(describeRun(run)).toBe('cross-validating 31 %');
  expect(describeRun({ ...run, search })).toBe('cross-validating 31 %, 0 of 27 trials');
  const best = { algorithm: 'random-forest', hyperparameters: {}, score: 0.81239 } as const;
  const trials = { budget: 27, done: 2, cut: 18, failed: 1 };
  expect(describeRun({ ...run, search: { ...search, trials, best } })).toBe(
    'cross-validating 31 %, 21 of 27 trials (18 cut, 1 failed), best macro_f1 0.8124 (random-forest)',
  );
});
