import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { createSeededRng } from '@gimbal/domain';
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
const parentOf = (id: string) =>
  harness.rows.run.findFirstOrThrow({ where: { name: { endsWith: id.slice(0, 8) } }, include: { metrics: true } });
/** The trials that the registry keeps below a training's own run. */
const trialsOf = async (id: string) =>
  await harness.rows.run.findMany({
    where: { parent: { name: { endsWith: id.slice(0, 8) } }, name: { contains: '-trial-' } },
    include: { metrics: { orderBy: [{ step: 'asc' }, { key: 'asc' }] }, params: true },
    orderBy: { name: 'asc' },
  });
const statesOf = async (id: string): Promise<Record<string, number>> => {
  const counts: Record<string, number> = {};
  for (const { state } of await trialsOf(id)) counts[state] = (counts[state] ?? 0) + 1;
  return counts;
};
const look = async (id: string) => (await training.call({ path: `/api/v1/training-runs/${id}` })).body;
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
  it('keeps every trial as a run, tells how far it is, and lets the best of each family compete', async () => {
    const run = await train({ ...FAMILIES, search: { method: 'tpe', trials: 12, spaces: SPACES } });
    expect(run).toMatchObject({ state: 'succeeded', error: null });
    expect(run.candidates).toHaveLength(4);
    const trials = await trialsOf(run.id);
    expect(trials).toHaveLength(24);
    for (const { state, metrics, params } of trials) {
      expect({ state, metrics }).toMatchObject({ state: 'finished', metrics: [{ key: 'f1_score_mean', step: 0n }] });
      expect(params.map(({ key }) => key)).toEqual(expect.arrayContaining(['algorithm', 'gimbal.seed']));
    }
    const best = Math.max(...trials.map(({ metrics: [metric] }) => metric?.value ?? 0));
    expect(run.candidates[0].primary.mean).toBeGreaterThanOrEqual(best);
    expect(run.search).toMatchObject({
      ...{ metric: 'f1', better: 'higher', seconds: expect.any(Number) },
      trials: { budget: 24, done: 24, cut: 0, failed: 0 },
      best: { algorithm: expect.any(String), hyperparameters: expect.any(Object), score: best },
    });
    expect(await parentOf(run.id)).toMatchObject({ state: 'finished' });
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
    expect(run.search.trials).toEqual({ budget: 9, done: 3, cut: 6, failed: 0 });
    expect(await statesOf(run.id)).toEqual({ finished: 3, killed: 6 });
    for (const { state, metrics } of await trialsOf(run.id)) {
      const scores = metrics.filter(({ key }) => key === 'f1_score_mean').map(({ step }) => Number(step));
      expect(scores).toEqual(state === 'finished' ? [0, 1] : [0]);
      expect(metrics.filter(({ key }) => key === 'row_share')).toHaveLength(scores.length);
    }
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
    const { done, budget } = run.search.trials;
    expect([done, budget]).toEqual([await scored(run.id), 500]);
    expect((await statesOf(run.id))['finished']).toBe(done);
    expect(performance.now() - began).toBeLessThan(60_000);
  });

  it('searches the described dataset, too, beside the settings of the configuration', async () => {
    const search = { method: 'random', trials: 3, spaces: { lightgbm: { learning_rate: { low: 0.02, high: 0.3 } } } };
    const run = await train({ algorithms: ['lightgbm'], promote: 'never', search });
    expect(run).toMatchObject({ state: 'succeeded', candidates: { length: 2 } });
    for (const { hyperparameters } of run.candidates) expect(hyperparameters).toMatchObject({ num_leaves: 8 });
    expect(await statesOf(run.id)).toEqual({ finished: 3 });
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

describe('a search on texts', () => {
  const wording = {
    refund: ['money back', 'return my purchase', 'refund me'],
    card: ['where is my card', 'card has not come', 'new card'],
    other: ['hello you', 'my card money', 'how do I return'],
  };
  /** One in ten has the class of another. */
  const texts = (rows: number) => {
    const rng = createSeededRng(3);
    const intents = Object.keys(wording);
    const lines = Array.from({ length: rows }, () => {
      const [intent, starts] = Object.entries(wording)[Math.floor(rng() ** 2 * 3)] ?? ['', []];
      const told = rng() < 0.1 ? intents[Math.floor(rng() * 3)] : intent;
      return `"${starts[Math.floor(rng() * 3)]} please ${Math.floor(rng() * 50)}",${told},${1 + Math.floor(rng() * 3)}`;
    });
    return `utterance,intent,importance\n${lines.join('\n')}\n`;
  };
  const spaces = {
    'ngram-logistic-regression': {
      word_ngram_max: { low: 1, high: 2 },
      char_ngram_min: { low: 2, high: 3 },
      char_ngram_max: { low: 3, high: 5 },
      min_df: { low: 1, high: 4 },
      C: { low: 0.1, high: 30, log: true },
      word_weight: { low: 0.5, high: 3 },
      class_weight: { choices: ['none', 'balanced'] },
    },
  };

  it('tries settings of n-grams, weights and regularisation, and the best competes beside the default', async () => {
    const columns = [{ name: 'utterance', type: 'text' }];
    const definition = { columns, target: { column: 'intent' }, weight: 'importance' };
    await upload(harness.registry, { name: 'wording', definition }, texts(900));
    const run = await train({ dataset: 'wording', search: { method: 'tpe', trials: 6, spaces } });
    expect(run).toMatchObject({ state: 'succeeded', error: null, candidates: { length: 2 } });
    expect(run.search).toMatchObject({ metric: 'macro_f1', trials: { budget: 6, done: 6 } });
    expect(await statesOf(run.id)).toEqual({ finished: 6 });
    for (const { primary } of run.candidates) {
      expect(primary).toMatchObject({ name: 'macro_f1', better: 'higher', mean: expect.any(Number) });
      expect(primary.deviation).toBeGreaterThan(0);
    }
    const [first, second] = run.candidates;
    expect(first.primary.mean).toBeGreaterThanOrEqual(second.primary.mean);
    expect(run.search.best.score).toBeLessThanOrEqual(first.primary.mean);
    const { body: version } = await harness.registry.call({ path: '/api/v1/models/wording/versions/1' });
    expect(version.hyperparameters).toMatchObject({ C: first.hyperparameters.C });
    expect(version.evaluation.scores.cross_validation).toEqual({
      ...{ folds: 5, mean: first.primary.mean, deviation: first.primary.deviation },
    });
  });

  it('halves by rows, and is refused what no setting could be', async () => {
    const halved = await train({ dataset: 'wording', search: { method: 'halving', trials: 9, spaces } });
    expect(halved).toMatchObject({ state: 'succeeded', search: { trials: { budget: 9, failed: 0 } } });
    expect(halved.search.trials.cut).toBeGreaterThan(0);
    const clash = { 'ngram-logistic-regression': { char_ngram_min: { low: 2, high: 6 } } };
    const body = { dataset: 'wording', search: { method: 'random', trials: 3, spaces: clash } };
    expect(await training.call({ method: 'POST', path: '/retrain', body })).toMatchObject({
      status: 400,
      body: { code: 'validation-failed', errors: [{ path: 'search.spaces.ngram-logistic-regression' }] },
    });
  });
});

describe('a search for anomalies', () => {
  const search = {
    ...{ method: 'random', trials: 4 },
    spaces: { 'isolation-forest': { max_samples: { low: 32, high: 256 }, n_estimators: { low: 20, high: 60 } } },
  };

  it('is scored by those that are known', async () => {
    const folder = join(import.meta.dirname, '../../../examples/tables');
    const [csv, definition] = await Promise.all(
      ['transactions.csv', 'transactions.json'].map((name) => readFile(join(folder, name), 'utf8')),
    );
    await upload(harness.registry, { name: 'transactions', definition: JSON.parse(definition ?? '') }, csv ?? '');
    const run = await train({ dataset: 'transactions', promote: 'never', search });
    expect(run).toMatchObject({ state: 'succeeded', error: null, candidates: { length: 2 } });
    expect(run.search).toMatchObject({ metric: 'roc_auc', trials: { budget: 4, done: 4 } });
    expect(await statesOf(run.id)).toEqual({ finished: 4 });
  });

  it('is refused where none is known, and says why', async () => {
    await upload(
      harness.registry,
      { name: 'oddities', definition: without('country', 'tier', 'churned') },
      customers(400, 6),
    );
    const body = { dataset: 'oddities', search };
    const refused = await training.call({ method: 'POST', path: '/retrain', body });
    expect(refused).toMatchObject({ status: 400, body: { code: 'validation-failed', errors: [{ path: 'search' }] } });
    expect(refused.body.errors[0].message).toContain('nothing to score settings by');
  });
});

describe('a search whose process is killed', () => {
  it('goes on where it was, and comes to what one comes to that is left alone, with any number of workers', async () => {
    const whole = await train(LONG);
    expect(whole).toMatchObject({ state: 'succeeded', attempt: 1 });
    await training.stop();
    const patient = { TRAINING_LEASE: '4000', CIRCUIT_BREAKER_RECOVERY_TIMEOUT: '1' };
    training = await harness.startTraining({ ...patient, TRAINING_WORKERS: '1' });
    const id = await requestRun(training, LONG);
    // Written as they end: below a run that goes on.
    await eventually(async () => expect((await statesOf(id))['finished']).toBeGreaterThanOrEqual(4), {
      timeoutMs: 60_000,
    });
    expect(await parentOf(id)).toMatchObject({ state: 'running' });
    const { trials, best } = (await look(id)).search;
    expect(trials).toMatchObject({ budget: 14, cut: 0, failed: 0 });
    expect(trials.done).toBeGreaterThanOrEqual(4);
    expect(best.score).toBeGreaterThan(0.5);
    const written = (await trialsOf(id)).map((run) => run.id);
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
    const all = await trialsOf(id);
    expect(all.map((run) => run.id)).toEqual(expect.arrayContaining(written));
    expect(new Set(all.map(({ name }) => name)).size).toBe(14);
    expect(all).toHaveLength(14);
    for (const { state, metrics } of all) expect([state, metrics.length]).toEqual(['finished', 1]);
    expect(await parentOf(id)).toMatchObject({ state: 'finished' });
  });
});

describe('a registry that is away while a search goes on', () => {
  let registry: RunningService;
  beforeAll(() => {
    registry = harness.registry;
  });

  it('stops nothing, and has every trial in the end', async () => {
    const id = await requestRun(training, LONG);
    await eventually(async () => expect(await statesOf(id)).toMatchObject({ finished: expect.any(Number) }), {
      timeoutMs: 60_000,
    });
    await registry.kill();
    const known = await scored(id);
    await eventually(async () => expect(await scored(id)).toBeGreaterThanOrEqual(known + 2), { timeoutMs: 60_000 });
    expect(await look(id)).toMatchObject({ state: 'running', attempt: 1 });
    registry = await harness.restartRegistry();
    expect(await endedRun(training, id)).toMatchObject({ state: 'succeeded' });
    expect(await statesOf(id)).toEqual({ finished: 14 });
    for (const { metrics } of await trialsOf(id)) expect(metrics).toHaveLength(1);
  });

  it('hears of the end of a cancelled one when it is back', async () => {
    const id = await requestRun(training, LONG);
    await eventually(async () => expect((await statesOf(id))['finished']).toBeGreaterThanOrEqual(1), {
      timeoutMs: 60_000,
    });
    await registry.kill();
    await training.call({ method: 'POST', path: `/api/v1/training-runs/${id}/cancel` });
    expect(await endedRun(training, id)).toMatchObject({ state: 'cancelled' });
    expect(await parentOf(id)).toMatchObject({ state: 'running' });
    registry = await harness.restartRegistry();
    await eventually(async () => expect(await parentOf(id)).toMatchObject({ state: 'killed' }), { timeoutMs: 60_000 });
    expect(Object.keys(await statesOf(id)).sort()).toEqual(['finished', 'killed']);
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
  const look = () => harness.rows.trainingRun.findUniqueOrThrow({ where: { id } });
  for (let last = await look(); performance.now() < until; await pause(10)) {
    const now = await look();
    // The beginning of a stage is told at once.
    if (now.stage === last.stage && now.progress !== last.progress) changes.push(performance.now());
    last = now;
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
    // What had ended stays so; what was under way was killed, and so was the training's run.
    await eventually(async () => expect(await parentOf(id)).toMatchObject({ state: 'killed' }), { timeoutMs: 60_000 });
    const states = await statesOf(id);
    expect(states).toEqual({ finished: expect.any(Number), killed: expect.any(Number) });
    expect((await look(id)).search.trials.done).toBeLessThanOrEqual(states['finished'] ?? 0);
  });
});
