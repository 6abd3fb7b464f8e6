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

it.each([1, 2])('grows the same trees with %i helpers that have not begun when it ends', (helperCount) => {
  const request = { dataset: cohort, algorithm: 'lightgbm', hyperparameters: { n_estimators: 5 }, seed: 1 };
  const absent = { helperCount, begin: () => undefined };
  expect(JSON.stringify(fitModel({ ...request, team: absent }))).toBe(JSON.stringify(fitModel(request)));
});

// Guards against waiting for, or reading from, a thread that was put off its core with work in its hands.
it.each(['xgboost', 'lightgbm'])('%s does again what helpers claim and never finish', async (algorithm) => {
  const stalling = await startTeam(2, 'stalling-worker.mjs');
  const request = { dataset: cohort, algorithm, hyperparameters: { n_estimators: 5 }, seed: 1 };
  const alone = fitModel(request);
  const said: { claimed: number; late: number }[] = [];
  const sum = (key: 'claimed' | 'late'): number => said.reduce((total, one) => total + one[key], 0);
  // On a busy machine helpers may get no turn at all while a model is trained.
  for (let trained = 0; sum('claimed') === 0 && trained < 50; trained++) {
    expect(JSON.stringify(fitModel({ ...request, team: stalling }))).toBe(JSON.stringify(alone));
    said.push(...((await stalling.allHome()) as typeof said)); // as stalling-worker.mjs posts it
  }
  await stalling.stop();
  expect(sum('claimed')).toBeGreaterThan(0);
  expect(sum('late')).toBe(sum('claimed'));
});

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
