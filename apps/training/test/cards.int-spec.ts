import { createSeededRng } from '@gimbal/domain';
import { createFeatureTable, importOnnx, predict } from '@gimbal/learning';
import { ACTOR_HEADER, encodeActor } from '@gimbal/platform';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { customers, upload, without } from './customer-table.js';
import { endedRun, type RunningService, requestRun, startHarness, type TrainingHarness } from './training-harness.js';

const FILES = ['evaluation.json', 'input-example.json', 'model-card.html', 'model-card.json', 'model.onnx'];
let harness: TrainingHarness;
let training: RunningService;

beforeAll(async () => {
  harness = await startHarness();
  training = await harness.startTraining();
});
afterAll(async () => {
  await harness?.dispose();
});

async function train(body: { readonly dataset: string; readonly model?: string; readonly algorithms?: string[] }) {
  const ended = await endedRun(training, await requestRun(training, body));
  expect(ended).toMatchObject({ state: 'succeeded', error: null });
  const { version } = ended.outcome;
  const { body: registered } = await harness.registry.call({
    path: `/api/v1/models/${body.model ?? body.dataset}/versions/${version}`,
  });
  const { body: run } = await harness.registry.call({ path: `/api/v1/runs/${registered.run_id}` });
  const digests = new Map<string, string>(
    run.artifacts.map((one: Record<string, string>) => [one['path'], one['digest']]),
  );
  const pathOf = (path: string) => `/api/v1/runs/${registered.run_id}/artifact?path=${encodeURIComponent(path)}`;
  return {
    signature: registered.signature,
    digests,
    read: (path: string) => fetchFile(pathOf(path)),
    readJson: async (path: string) => (await harness.registry.call({ path: pathOf(path) })).body,
  };
}

/** With its headers. */
function fetchFile(path: string): Promise<Response> {
  const actor = { id: 'key-1', name: 'grace', roles: ['viewer'] };
  return fetch(harness.registry.url + path, {
    headers: { authorization: 'Bearer test-key-of-gateway', [ACTOR_HEADER]: encodeActor(actor) },
  });
}

it('keeps what was measured, a card and a row to try beside the model, the same whenever it is trained', async () => {
  await upload(
    harness.registry,
    { name: 'churn', target: 'churned', definition: without('spend', 'tier') },
    customers(500, 1),
  );
  const one = await train({ dataset: 'churn', algorithms: ['lightgbm', 'logistic-regression'] });
  expect([...one.digests.keys()]).toEqual(expect.arrayContaining(FILES));
  const evaluation = await one.readJson('evaluation.json');
  expect(evaluation.details.metrics.rows).toBe(150);
  expect(evaluation.intervals.find(({ metric }: { metric: string }) => metric === 'f1').interval).toMatchObject({
    lower: expect.any(Number),
    upper: expect.any(Number),
    level: 0.95,
  });
  expect(evaluation.details.confusion).toMatchObject({ truePositives: expect.any(Number) });
  expect(evaluation.details.calibration.length).toBeGreaterThan(0);
  expect(evaluation.curves[0].points.length).toBeLessThanOrEqual(200);
  const losses = evaluation.slices.slices.map(({ loss }: { loss: number }) => loss);
  expect(losses).toEqual(losses.toSorted((a: number, b: number) => b - a));
  expect(evaluation.slices.slices).toContainEqual(expect.objectContaining({ feature: 'country', label: 'norway' }));
  const names = ['age', 'country', 'visits'];
  const { gain, permutation, shap } = evaluation.importance;
  for (const list of [gain, permutation, shap.importances])
    expect(list.map(({ feature }: { feature: string }) => feature)).toEqual(names);
  expect(shap.importances.every(({ meanContribution }: { meanContribution: number }) => meanContribution >= 0)).toBe(
    true,
  );
  expect(evaluation.calibration.trials.length).toBeGreaterThan(0);
  const card = await one.readJson('model-card.json');
  expect(card).toMatchObject({ v: 1, name: 'churn', task: 'binary-classification', evaluation: evaluation.details });
  const again = await train({
    dataset: 'churn',
    model: 'churn-again',
    algorithms: ['lightgbm', 'logistic-regression'],
  });
  for (const path of ['evaluation.json', 'input-example.json', 'model.onnx'])
    expect(again.digests.get(path)).toBe(one.digests.get(path));
});

it('shows a row that the model takes as it stands', async () => {
  await upload(harness.registry, { name: 'spend', target: 'spend', definition: without('tier') }, customers(300, 4));
  const { read, readJson, signature } = await train({ dataset: 'spend', algorithms: ['lightgbm'] });
  const example = await readJson('input-example.json');
  expect(example).toEqual({ rows: [expect.any(Object)] });
  const row: Record<string, string | number | null> = example.rows[0];
  expect(Object.keys(row)).toEqual(signature.inputs.map(({ name }: { name: string }) => name));
  for (const { name, categories } of signature.inputs)
    if (categories) expect(categories).toContain(row[name]);
    else expect(typeof row[name]).toBe('number');
  const model = importOnnx(new Uint8Array(await (await read('model.onnx')).arrayBuffer()));
  const columns = model.features.map(({ name, categories }) => [
    categories ? categories.indexOf(String(row[name])) : Number(row[name]),
  ]);
  const [answer] = predict(model, createFeatureTable({ features: model.features, columns }), Int32Array.of(0));
  expect(Math.abs((answer ?? Number.NaN) - 3 * Number(row['age']))).toBeLessThan(200);
});

// A page that a stranger's file had a hand in is opened by a person who is signed in.
it('escapes what a stranger named, and is handed out so that no browser runs it', async () => {
  const evil = '<img src=x onerror=alert(1)>';
  const [, ...lines] = customers(200, 6).trimEnd().split('\n');
  const table = `${['age', `"${evil}"`, 'visits', 'spend', 'churned', 'tier'].join(',')}\n${lines
    .map((line) => line.replace('norway', '</td><script>alert(2)</script>'))
    .join('\n')}\n`;
  await upload(harness.registry, { name: 'hostile', target: 'tier', definition: without('spend', 'churned') }, table);
  const { read, readJson } = await train({ dataset: 'hostile', algorithms: ['lightgbm'] });
  const answer = await read('model-card.html');
  expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(answer.headers.get('content-disposition')).toContain('attachment');
  expect(answer.headers.get('content-security-policy')).toContain('sandbox');
  expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
  const page = await answer.text();
  expect(page).toContain('&lt;img src=x onerror=alert(1)&gt;');
  expect(page).not.toMatch(/<img|<script|(src|href)=['"]/);
  expect(Object.keys((await readJson('input-example.json')).rows[0])).toContain(evil);
});

it('tells of a text model how each class is found and when it abstains', async () => {
  const rng = createSeededRng(7);
  const starts = {
    hello: ['hi', 'hello there', 'good day'],
    bye: ['see you', 'farewell'],
    help: ['help me', 'assist'],
  };
  const lines = Array.from({ length: 240 }, (_, i) => {
    const [intent, words] = Object.entries(starts)[i % 3] ?? ['', []];
    return `"${words[Math.floor(rng() * words.length)]} my friend, number ${Math.floor(rng() * 1_000)}",${intent}`;
  });
  await upload(harness.registry, { name: 'greetings', target: 'intent' }, `utterance,intent\n${lines.join('\n')}\n`);
  const { digests, read, readJson } = await train({ dataset: 'greetings' });
  expect([...digests.keys()]).toEqual(expect.arrayContaining(FILES));
  const evaluation = await readJson('evaluation.json');
  expect(evaluation.intervals.map(({ metric }: { metric: string }) => metric)).toContain('macroF1');
  expect(evaluation.details.classes.map(({ name }: { name: string }) => name).toSorted()).toEqual([
    'bye',
    'hello',
    'help',
  ]);
  expect(await (await read('model-card.html')).text()).toContain('abstains from the others');
  const example = await readJson('input-example.json');
  expect(example).toEqual({ rows: [{ utterance: expect.stringContaining('my friend') }] });
});

it('is there for every task, also where nothing is labelled', async () => {
  await upload(
    harness.registry,
    { name: 'oddities', definition: without('country', 'tier', 'churned') },
    customers(400, 6),
  );
  const { digests, readJson } = await train({ dataset: 'oddities' });
  expect([...digests.keys()]).toEqual(expect.arrayContaining(FILES));
  const { importance } = await readJson('evaluation.json');
  expect(importance.permutation[0].loss).toBe('score change');
  expect(importance.shap.output).toBe('path-length');
});
