import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { makeCohort } from '../../../test/make-cohort.js';
import { startTeam } from '../../../test/start-team.js';
import { fitModel } from '../fit-model.js';

let team: Awaited<ReturnType<typeof startTeam>>;
beforeAll(async () => {
  team = await startTeam(2);
});
afterAll(() => team.stop());

const cohort = makeCohort({ rows: 30_000, seed: 3, missingShare: 0.05 });

it.each(['xgboost', 'lightgbm'])(
  '%s grows the same trees with helpers as alone, and lets them go',
  async (algorithm) => {
    const request = { dataset: cohort, algorithm, hyperparameters: { n_estimators: 12, subsample: 0.8 }, seed: 1 };
    const alone = fitModel(request);
    expect(JSON.stringify(fitModel({ ...request, team }))).toBe(JSON.stringify(alone));
    await team.allHome();
  },
);

// A machine that runs out of memory, or an operator, ends threads without a word.
it.each(['xgboost', 'lightgbm'])('%s grows the same trees when a helper dies at work', async (algorithm) => {
  const doomed = await startTeam(2);
  const request = { dataset: cohort, algorithm, hyperparameters: { n_estimators: 12 }, seed: 1 };
  const alone = fitModel(request);
  let death: Promise<void> | null = null;
  const hooks = {
    onProgress: (done: number) => {
      if (done > 0.2) death ??= doomed.stop();
    },
  };
  expect(JSON.stringify(fitModel({ ...request, hooks, team: doomed }))).toBe(JSON.stringify(alone));
  expect(death).not.toBeNull();
  await death;
});

it('lets helpers go when the training is stopped', async () => {
  let asked = 0;
  const hooks = { shouldStop: () => ++asked > 60 };
  expect(() => fitModel({ dataset: cohort, algorithm: 'xgboost', seed: 1, hooks, team })).toThrow('training-cancelled');
  await team.allHome();
});
