import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createSeededRng } from '@gimbal/domain';
import { OUTBOX_CHANNEL } from '@gimbal/platform';
import { eventually } from '@gimbal/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { customers, upload as uploadTo, without } from './customer-table.js';
import { endedRun, type RunningService, startHarness, type TrainingHarness } from './training-harness.js';

let harness: TrainingHarness;
let training: RunningService;

beforeAll(async () => {
  harness = await startHarness();
  training = await harness.startTraining();
});
afterAll(async () => {
  await harness?.dispose();
});

const upload = (metadata: Parameters<typeof uploadTo>[1], content: string) =>
  uploadTo(harness.registry, metadata, content);

async function train(body: object) {
  const asked = await training.call({ method: 'POST', path: '/retrain', body });
  expect(asked).toMatchObject({ status: 202 });
  const path = `/api/v1/training-runs/${asked.body.training_run_id}`;
  return await eventually(async () => {
    const { body: run } = await training.call({ path });
    expect(['succeeded', 'failed']).toContain(run.state);
    return run;
  });
}

/** Puts a job into the outbox as if a service had written it. */
const publish = async (name: string, payload: object): Promise<void> => {
  await harness.rows.outboxMessage.create({ data: { owner: 'training', name, payload: { v: 1, ...payload } } });
  await harness.rows.$executeRaw`SELECT pg_notify(${OUTBOX_CHANNEL}, 'training')`;
};

const versionOf = async (model: string, version: number) =>
  (await harness.registry.call({ path: `/api/v1/models/${model}/versions/${version}` })).body;

describe('a table that a user uploaded', () => {
  it('is learned for two classes by every family that can, and goes live under the name of the dataset', async () => {
    await upload({ name: 'churn', target: 'churned', definition: without('spend', 'tier') }, customers(500, 1));
    const run = await train({ dataset: 'churn' });
    expect(run).toMatchObject({
      state: 'succeeded',
      model_name: 'churn',
      data: { dataset: 'churn', version: 1 },
      rows: { training: 350, holdout: 150 },
      outcome: { version: 1, promoted: true, refusals: [] },
      error: null,
    });
    expect(run.candidates).toHaveLength(4);
    expect(run.candidates[0].primary).toMatchObject({ name: 'f1', better: 'higher' });
    const version = await versionOf('churn', 1);
    expect(version).toMatchObject({ is_active: true, evaluation: { holdout: { rows: 150 } } });
    expect(version.signature).toMatchObject({ task: 'binary-classification' });
    const country = version.signature.inputs.find(({ name }: { name: string }) => name === 'country');
    expect([...country.categories].sort()).toEqual(['ghana', 'japan', 'norway', 'peru']);
  });

  it('is learned again from a later version, and held beside the live one on rows the new one has not seen', async () => {
    await upload({ name: 'churn', target: 'churned', definition: without('spend', 'tier') }, customers(600, 2));
    const run = await train({ dataset: 'churn', algorithms: ['lightgbm', 'logistic_regression'] });
    expect(run).toMatchObject({ state: 'succeeded', data: { version: 2 } });
    const version = await versionOf('churn', 2);
    expect(version.evaluation.versus_live).toMatchObject([{ live_version: 1, slice: 'holdout', rows: 180 }]);
    expect(version.parent_version).toBe(1);
  });

  it('is what a schedule learns its model from again, in its latest version', async () => {
    const schedule = { cron: '0 3 * * *', model: 'churn', enabled: true };
    const path = '/api/v1/training-schedules/nightly';
    expect(await training.call({ method: 'PUT', path, body: schedule })).toMatchObject({ status: 200 });
    await publish('training.due', { schedule: 'nightly' });
    const { id } = await eventually(() =>
      harness.rows.trainingRun.findFirstOrThrow({ where: { scheduleName: 'nightly' } }),
    );
    expect(await endedRun(training, id)).toMatchObject({ state: 'succeeded', data: { dataset: 'churn', version: 2 } });
  });

  it('is learned for many classes', async () => {
    await upload({ name: 'tiers', target: 'tier', definition: without('spend', 'churned') }, customers(500, 3));
    const run = await train({ dataset: 'tiers' });
    expect(run).toMatchObject({ error: null, state: 'succeeded', outcome: { promoted: true } });
    expect(run.candidates[0]).toMatchObject({ primary: { name: 'macro_f1' }, f1_mean: null });
    const version = await versionOf('tiers', 1);
    expect(version.signature).toMatchObject({ task: 'multiclass-classification' });
    expect([...version.signature.classes].sort()).toEqual(['bronze', 'gold', 'silver']);
    expect(version.evaluation.scores.values.macro_f1).toBeGreaterThan(0.8);
    expect(version.evaluation.holdout).toBeNull();
    expect(version.f1_score).toBeCloseTo(version.evaluation.scores.values.macro_f1, 12);
  });

  it('is learned for a value, and only goes live when it does better than the mean', async () => {
    await upload({ name: 'spend', target: 'spend', definition: without('tier', 'churned') }, customers(500, 4));
    const run = await train({ dataset: 'spend' });
    expect(run).toMatchObject({ error: null, state: 'succeeded', outcome: { promoted: true } });
    const { scores } = (await versionOf('spend', 1)).evaluation;
    expect(scores).toMatchObject({ primary: 'rmse', better: 'lower' });
    expect(scores.values.rmse).toBeLessThan(scores.constant / 3);
    await upload(
      { name: 'luck', target: 'spend', definition: without('age', 'country', 'tier', 'churned') },
      customers(300, 5),
    );
    const noise = await train({ dataset: 'luck', algorithms: ['ridge-regression'] });
    if (noise.outcome.promoted)
      expect(noise.outcome.gate.conditions).toContainEqual(expect.objectContaining({ holds: true }));
    else expect(noise.outcome.refusals).toEqual(['not-better-than-constant']);
  });

  it('without a target is learned for what is unusual in it', async () => {
    await upload({ name: 'oddities', definition: without('country', 'tier', 'churned') }, customers(400, 6));
    const run = await train({ dataset: 'oddities' });
    expect(run).toMatchObject({ error: null, state: 'succeeded', outcome: { promoted: true } });
    const version = await versionOf('oddities', 1);
    expect(version).toMatchObject({ algorithm: 'isolation-forest', signature: { task: 'anomaly-detection' } });
    expect(version.threshold).toBeGreaterThan(0);
  });

  it('with known anomalies is learned without them, and its threshold and its score are chosen by them', async () => {
    const folder = join(import.meta.dirname, '../../../examples/tables');
    const [csv, definition] = await Promise.all(
      ['transactions.csv', 'transactions.json'].map((name) => readFile(join(folder, name), 'utf8')),
    );
    await upload({ name: 'transactions', definition: JSON.parse(definition ?? '') }, csv ?? '');
    const run = await train({ dataset: 'transactions' });
    expect(run).toMatchObject({ state: 'succeeded', error: null, outcome: { promoted: true } });
    const { evaluation, signature } = await versionOf('transactions', 1);
    expect(signature.inputs.map(({ name }: { name: string }) => name)).not.toContain('fraud');
    expect(evaluation.scores).toMatchObject({ primary: 'roc_auc', constant: 0.5 });
    expect(evaluation.scores.values.roc_auc).toBeGreaterThan(0.8);
  });

  it('with one column of text is learned for what the texts mean', async () => {
    const words = {
      hello: ['hi', 'hello there', 'good day'],
      bye: ['see you', 'bye now', 'farewell'],
      help: ['help me', 'please assist'],
    };
    const rng = createSeededRng(7);
    const lines = Array.from({ length: 240 }, (_, i) => {
      const [intent, starts] = Object.entries(words)[i % 3] ?? ['', []];
      return `"${starts[Math.floor(rng() * starts.length)]} my friend, number ${Math.floor(rng() * 1_000)}",${intent}`;
    });
    await upload({ name: 'greetings', target: 'intent' }, `utterance,intent\n${lines.join('\n')}\n`);
    const run = await train({ dataset: 'greetings' });
    expect(run).toMatchObject({ state: 'succeeded', error: null, outcome: { promoted: true } });
    const version = await versionOf('greetings', 1);
    expect(version.signature).toMatchObject({
      task: 'text-classification',
      inputs: [{ name: 'utterance', type: 'text' }],
    });
    expect(version.evaluation.scores.values).toMatchObject({
      macro_f1: expect.any(Number),
      coverage: expect.any(Number),
    });
    expect(version.threshold).toBeLessThan(1);
  });

  it('is told of a column that gives the target away, and of rows on both sides of the split', async () => {
    const [header = '', ...lines] = customers(300, 8).trim().split('\n');
    const copied = lines.map((line) => `${line},${line.split(',')[4] === 'yes' ? 'left' : 'stayed'}`);
    const content = `${header},outcome\n${[...copied, ...copied.slice(0, 60)].join('\n')}\n`;
    await upload({ name: 'leaking', target: 'churned', definition: without('spend', 'tier') }, content);
    const run = await train({ dataset: 'leaking', algorithms: ['lightgbm'] });
    expect(run).toMatchObject({ state: 'succeeded', error: null });
    const told = run.warnings.map(({ code, column }: { code: string; column: string | null }) => [code, column]);
    expect(told).toContainEqual([expect.stringMatching(/^(target-copy|leak)$/), 'outcome']);
    expect(told).toContainEqual(['duplicate-rows', null]);
    expect(told.map(([, column]: [string, string]) => column)).not.toContain('age');
  });

  it('is refused when its target is always the same, or a class is too small to be learned', async () => {
    const [header = '', ...lines] = customers(200, 9).trim().split('\n');
    const same = lines.map((line) => line.replace(/,(yes|no),/, ',yes,'));
    const definition = without('spend', 'tier');
    await upload({ name: 'constant', target: 'churned', definition }, `${header}\n${same.join('\n')}\n`);
    const run = await train({ dataset: 'constant' });
    expect(run).toMatchObject({ state: 'failed', error: { code: 'dataset-invalid' } });
    expect(run.error.message).toContain('churned: constant-target');
    expect(run.warnings).toContainEqual(expect.objectContaining({ code: 'constant-target', column: 'churned' }));
    const rare = [...same, ...lines.filter((line) => line.includes(',no,')).slice(0, 2)];
    await upload({ name: 'rare', target: 'churned', definition }, `${header}\n${rare.join('\n')}\n`);
    const failed = await train({ dataset: 'rare' });
    expect(failed).toMatchObject({ state: 'failed', error: { code: 'dataset-invalid' } });
    expect(failed.error.message).toContain('churned: class-too-small');
  });

  it('is refused by name: an unknown one, a family that cannot learn its task, labelled predictions beside it', async () => {
    expect(await training.call({ method: 'POST', path: '/retrain', body: { dataset: 'nobody' } })).toMatchObject({
      status: 404,
      body: { code: 'dataset-not-found' },
    });
    expect(
      await training.call({ method: 'POST', path: '/retrain', body: { dataset: 'churn', include_labelled: true } }),
    ).toMatchObject({ status: 400, body: { code: 'validation-failed' } });
    const run = await train({ dataset: 'tiers', algorithms: ['ridge-regression'] });
    expect(run).toMatchObject({ state: 'failed', error: { code: 'validation-failed' } });
    expect(run.error.message).toContain("ridge-regression can't learn a multiclass-classification");
  });
});
