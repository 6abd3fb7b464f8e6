import { setTimeout as pause } from 'node:timers/promises';
import { eventually } from '@gimbal/testing';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { customers, upload, without } from './customer-table.js';
import { endedRun, type RunningService, requestRun, startHarness, type TrainingHarness } from './training-harness.js';

jest.setTimeout(300_000);

let harness: TrainingHarness;
let training: RunningService;
beforeAll(async () => {
  harness = await startHarness();
  training = await harness.startTraining();
  const definition = without('spend', 'tier');
  await upload(harness.registry, { name: 'churn', target: 'churned', definition }, customers(500, 1));
});
afterAll(() => harness?.dispose());

const SPACES = {
  lightgbm: { num_leaves: { low: 4, high: 31, log: true }, learning_rate: { low: 0.02, high: 0.3, log: true } },
  'random-forest': { min_samples_leaf: { low: 1, high: 20 }, max_features: { choices: ['sqrt', 0.5, 1] } },
};
const FAMILIES = { dataset: 'churn', algorithms: ['gradient-boosting-leaf-wise', 'random-forest'], promote: 'never' };
/** Minutes of work: to be met in the middle. */
const LONG = { ...FAMILIES, search: { method: 'tpe', trials: 14, spaces: slow() } };

function slow() {
  return { 'random-forest': { ...SPACES['random-forest'], n_estimators: { low: 600, high: 900 } } };
}

const train = async (body: object) => await endedRun(training, await requestRun(training, body));
/** The runs that the registry keeps below a training's own. */
const childrenOf = async (id: string) => {
  const { id: parent } = await harness.rows.run.findFirstOrThrow({ where: { name: { endsWith: id.slice(0, 8) } } });
  return await harness.rows.run.findMany({ where: { parentRunId: parent }, include: { metrics: true, tags: true } });
};
/** What the search of a run has come to, by family. */
const searchOf = async (id: string) => {
  const { search } = await harness.rows.trainingRun.findUniqueOrThrow({ where: { id }, select: { search: true } });
  // biome-ignore lint/suspicious/noExplicitAny: tests look freely
  return search as any;
};
const scored = async (id: string): Promise<number> => {
  const families: { trials: { status: string }[] }[] = Object.values((await searchOf(id))?.families ?? {});
  return families.flatMap(({ trials }) => trials).filter(({ status }) => status === 'scored').length;
};
const modelOf = async (id: string) =>
  (await harness.rows.modelVersion.findUniqueOrThrow({ where: { trainingRunId: id } })).artifactDigest;

describe('a training with a search', () => {
  it('keeps every trial as a run, and lets the best of each family compete', async () => {
    const run = await train({ ...FAMILIES, search: { method: 'tpe', trials: 12, spaces: SPACES } });
    expect(run).toMatchObject({ state: 'succeeded', error: null });
    expect(run.candidates).toHaveLength(4);
    const trials = (await childrenOf(run.id)).filter(({ name }) => name.includes('-trial-'));
    expect(trials).toHaveLength(24);
    for (const { tags, metrics } of trials) {
      const named = Object.fromEntries(tags.map(({ key, value }) => [key, value]));
      expect(named).toMatchObject({ trial: expect.any(String), rung: '0', status: 'scored' });
      expect(metrics).toMatchObject([{ key: 'f1_score_mean' }]);
    }
    const best = Math.max(...trials.map(({ metrics: [metric] }) => metric?.value ?? 0));
    expect(run.candidates[0].primary.mean).toBeGreaterThanOrEqual(best);
  });

  it('gives some settings few rows at first, and all rows to the better third', async () => {
    const run = await train({
      ...FAMILIES,
      search: { method: 'halving', trials: 9, spaces: { lightgbm: SPACES.lightgbm } },
    });
    expect(run).toMatchObject({ state: 'succeeded', candidates: { length: 3 } });
    const { trials } = (await searchOf(run.id)).families['gradient-boosting-leaf-wise'];
    expect(trials.map(({ rung }: { rung: number }) => rung).join('')).toBe('000000000111');
    expect(trials.at(-1).resource).toEqual({ name: 'row_share', amount: 1 });
    const byTrees = await train({
      ...FAMILIES,
      search: { method: 'halving', trials: 9, resource: 'n_estimators', spaces: { lightgbm: SPACES.lightgbm } },
    });
    expect(byTrees).toMatchObject({ state: 'succeeded', candidates: { length: 3 } });
    const amounts = (await searchOf(byTrees.id)).families['gradient-boosting-leaf-wise'].trials.map(
      ({ resource }: { resource: { amount: number } }) => resource.amount,
    );
    expect(new Set(amounts)).toEqual(new Set([11, 33, 100]));
  });

  it('ends when its minutes are over, with what it has', async () => {
    const began = performance.now();
    const run = await train({ ...LONG, search: { ...LONG.search, trials: 500, minutes: 0.03 } });
    expect(run).toMatchObject({ state: 'succeeded' });
    expect(await scored(run.id)).toBeGreaterThan(0);
    expect(await scored(run.id)).toBeLessThan(100);
    expect(performance.now() - began).toBeLessThan(60_000);
  });

  it('searches the described dataset, too, beside the settings of the configuration', async () => {
    const search = { method: 'random', trials: 3, spaces: { lightgbm: { learning_rate: { low: 0.02, high: 0.3 } } } };
    const run = await train({ algorithms: ['lightgbm'], promote: 'never', search });
    expect(run).toMatchObject({ state: 'succeeded', candidates: { length: 2 } });
    for (const { hyperparameters } of run.candidates) expect(hyperparameters).toMatchObject({ num_leaves: 8 });
    expect((await childrenOf(run.id)).filter(({ name }) => name.includes('-trial-'))).toHaveLength(3);
  });

  it('is refused with all that is wrong with it', async () => {
    const spaces = { perceptron: { depth: { low: 1, high: 2 } }, lightgbm: { num_leaves: { low: 9, high: 4 } } };
    const body = { ...FAMILIES, search: { method: 'random', trials: 3, spaces } };
    expect(await training.call({ method: 'POST', path: '/retrain', body })).toMatchObject({
      status: 400,
      body: {
        code: 'validation-failed',
        errors: [{ path: 'search.spaces.perceptron' }, { path: 'search.spaces.lightgbm' }],
      },
    });
    expect(
      await training.call({ method: 'POST', path: '/retrain', body: { search: { ...body.search, trials: 9_999 } } }),
    ).toMatchObject({ status: 400 });
  });
});

it('is not made of families that do not compete, and says so', async () => {
  const search = { method: 'random', trials: 4, spaces: { 'random-forest': SPACES['random-forest'] } };
  const run = await train({ ...FAMILIES, algorithms: ['lightgbm'], search });
  expect(run).toMatchObject({ state: 'succeeded', candidates: { length: 1 } });
  expect(run.warnings).toContainEqual(expect.objectContaining({ code: 'search-skipped' }));
});

describe('a search whose process is killed', () => {
  it('goes on where it was, and comes to what one comes to that is left alone, with any number of workers', async () => {
    const whole = await train(LONG);
    expect(whole).toMatchObject({ state: 'succeeded', attempt: 1 });
    await training.stop();
    const patient = { TRAINING_LEASE: '4000' };
    training = await harness.startTraining({ ...patient, TRAINING_WORKERS: '1' });
    const id = await requestRun(training, LONG);
    await eventually(async () => expect(await scored(id)).toBeGreaterThanOrEqual(3), { timeoutMs: 60_000 });
    await training.kill();
    const { families: before, spentMs } = await searchOf(id);
    training = await harness.startTraining({ ...patient, TRAINING_WORKERS: '3' });
    expect(await endedRun(training, id)).toMatchObject({ state: 'succeeded', attempt: 2 });
    const { families, spentMs: spentInAll } = await searchOf(id);
    expect(spentInAll).toBeGreaterThan(spentMs);
    for (const trial of before['random-forest'].trials)
      if (trial.status === 'scored') expect(families['random-forest'].trials[trial.id]).toEqual(trial);
    expect(families).toEqual((await searchOf(whole.id)).families);
    expect(await modelOf(id)).toBe(await modelOf(whole.id));
    expect((await childrenOf(id)).filter(({ name }) => name.includes('-trial-'))).toHaveLength(14);
  });
});

it('cannot halve what is small, and says so', async () => {
  const definition = without('spend', 'tier');
  await upload(harness.registry, { name: 'few', target: 'churned', definition }, customers(120, 2));
  const search = { method: 'halving', trials: 4, spaces: { lightgbm: SPACES.lightgbm } };
  const run = await train({ ...FAMILIES, dataset: 'few', search });
  expect(run.warnings).toContainEqual(expect.objectContaining({ code: 'search-not-halved' }));
});

/** When the progress of a run was seen to change within one stage, for some time. */
async function watchProgress(id: string, forMs: number): Promise<number[]> {
  const changes: number[] = [];
  const until = performance.now() + forMs;
  for (let last = ''; performance.now() < until; await pause(10)) {
    const { stage, progress } = await harness.rows.trainingRun.findUniqueOrThrow({ where: { id } });
    if (last !== '' && `${stage} ${progress}` !== last) changes.push(performance.now());
    last = `${stage} ${progress}`;
  }
  return changes;
}

it('tells its progress all along, and not more often than every second', async () => {
  const id = await requestRun(training, LONG);
  await eventually(async () => expect(await scored(id)).toBeGreaterThanOrEqual(1), { timeoutMs: 60_000 });
  const began = performance.now();
  const changes = await watchProgress(id, 6_000);
  expect(changes.length).toBeGreaterThanOrEqual(2);
  // However late a busy machine sees them, there are no more of them than seconds, both ends included.
  expect(changes.length).toBeLessThanOrEqual((performance.now() - began) / 1_000 + 2);
  await training.call({ method: 'POST', path: `/api/v1/training-runs/${id}/cancel` });
  await endedRun(training, id);
});

describe('POST …/cancel', () => {
  it('stops a search within a second', async () => {
    const id = await requestRun(training, LONG);
    await eventually(async () => expect(await scored(id)).toBeGreaterThanOrEqual(1), { timeoutMs: 60_000 });
    await training.call({ method: 'POST', path: `/api/v1/training-runs/${id}/cancel` });
    expect(await endedRun(training, id)).toMatchObject({ state: 'cancelled' });
    const { cancelRequestedAt, endedAt } = await harness.rows.trainingRun.findUniqueOrThrow({ where: { id } });
    expect((endedAt?.getTime() ?? 0) - (cancelRequestedAt?.getTime() ?? 0)).toBeLessThanOrEqual(1_000);
  });
});
