import './native-arrays.js';
import { PredictedRows, V1Explanations, V1Predictions } from '@gimbal/contracts';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { PredictClient } from './serving-harness.js';
import { makeTaskModels } from './task-models.js';
import { TaskServing } from './task-serving.js';

const models = makeTaskModels();
let serving: TaskServing;
let client: PredictClient;

const ripeRed = { size: 0.5, grade: 3, ripe: true, colour: 'red' };
const greenBall = { size: 0.1, grade: 7, ripe: false, colour: 'green' };
const listed = [Object.values(ripeRed), Object.values(greenBall)];
const text = 'close my account';

const ask = (route: 'v1Predict' | 'v1Explain', model: string, body: unknown) =>
  client.call({ route, params: { model }, body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)) });

async function predict(model: string, body: unknown) {
  const said = await ask('v1Predict', model, body);
  expect(said).toMatchObject({ status: 200 });
  return V1Predictions.parse(said.body).predictions;
}

beforeAll(async () => {
  serving = await TaskServing.start(models, { PREDICT_ROWS_MAX: '50' });
  ({ client } = serving);
});
afterAll(() => serving?.stop());

it('lists the models and says which are ready', async () => {
  const { body } = await client.call({ route: 'v1Models', params: {} });
  expect(body).toEqual({ models: [...models.map(({ name }) => name), 'empty'] });
  expect(await client.call({ route: 'v1Model', params: { model: 'fruit' } })).toMatchObject({
    status: 200,
    body: { name: 'fruit', ready: true },
  });
  expect(await client.call({ route: 'v1Model', params: { model: 'empty' } })).toMatchObject({
    status: 503,
    body: { error: 'The model empty is not ready.' },
  });
  expect(await client.call({ route: 'v1Model', params: { model: 'none' } })).toMatchObject({ status: 404 });
});

it.each(['heart-disease', 'fruit', 'weight', 'anomaly-detector'])(
  'predicts with %s what named fields are answered, from objects, lists and columns alike',
  async (model) => {
    const rows = [ripeRed, greenBall];
    const { body } = await client.predictRows(rows, { params: { model } });
    const expected = PredictedRows.parse(body).results.map(({ prediction }) => prediction);
    const columns = Object.fromEntries(Object.keys(ripeRed).map((name, at) => [name, listed.map((row) => row[at])]));
    for (const request of [{ instances: rows }, { instances: listed }, { inputs: columns }, { inputs: listed }])
      expect(await predict(model, request)).toEqual(expected);
  },
);

it('predicts the intent of texts, as they are or by name', async () => {
  for (const instances of [[text], [{ utterance: text }], [[text]]])
    expect(await predict('intent-classifier', { instances })).toEqual(['account']);
  expect(await predict('intent-classifier', { instances: ['\u4f60\u597d'] })).toEqual([null]);
});

it('gives probabilities where they are asked for, as scikit-learn does', async () => {
  const parameters = { predict_method: 'predict_proba' };
  for (const model of ['heart-disease', 'fruit', 'anomaly-detector']) {
    const shares = (await predict(model, { instances: listed, parameters })) as number[][];
    expect(shares.map((row) => row.length)).toEqual(model === 'fruit' ? [3, 3] : [2, 2]);
    for (const row of shares) expect(row.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 5);
  }
  expect(await ask('v1Predict', 'weight', { instances: listed, parameters })).toMatchObject({
    status: 400,
    body: { error: expect.stringContaining('parameters.predict_method') },
  });
});

it('leaves out columns that the model does not have, unless one of its own is missing', async () => {
  const more = listed.map((row, id) => [id, ...row]);
  const names = ['id', ...Object.keys(ripeRed)];
  const objects = more.map((row) => Object.fromEntries(names.map((name, at) => [name, row[at]])));
  expect(await predict('fruit', { instances: objects })).toEqual(await predict('fruit', { instances: listed }));
  const { colour, ...rest } = ripeRed;
  expect(await ask('v1Predict', 'fruit', { instances: [{ ...rest, color: colour }] })).toMatchObject({
    status: 400,
    body: { error: 'instances lacks colour and has color, not known to the model' },
  });
});

it('answers of the version that is named, as TensorFlow Serving is asked', async () => {
  const body = Buffer.from(JSON.stringify({ instances: listed }));
  const byVersion = (route: 'v1Version' | 'v1VersionPredict' | 'v1VersionExplain', version: string) =>
    client.call({ route, params: { model: 'fruit', version }, body });
  const { predictions } = V1Predictions.parse((await byVersion('v1VersionPredict', '1')).body);
  expect(predictions).toEqual(await predict('fruit', { instances: listed }));
  expect(V1Explanations.parse((await byVersion('v1VersionExplain', '1')).body)).toMatchObject({ model_version: '1' });
  expect(await byVersion('v1Version', '1')).toMatchObject({ status: 200, body: { name: 'fruit', ready: true } });
  for (const route of ['v1Version', 'v1VersionPredict', 'v1VersionExplain'] as const)
    for (const version of ['2', '0', 'latest'])
      expect(await byVersion(route, version)).toMatchObject({ status: 404, body: { error: expect.any(String) } });
});

it('is logged and can be labelled by the id that the answer has', async () => {
  const said = await ask('v1Predict', 'fruit', { instances: listed });
  expect(V1Predictions.parse(said.body).prediction_id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7/);
});

describe('explanations', () => {
  it('add up to the prediction', async () => {
    const said = await ask('v1Explain', 'heart-disease', { instances: listed });
    const { predictions, explanations } = V1Explanations.parse(said.body);
    expect(predictions).toEqual(await predict('heart-disease', { instances: listed }));
    for (const { base_value, contributions, rest, sum } of explanations)
      expect(Object.values(contributions).reduce((total, one) => total + one, base_value + rest)).toBeCloseTo(sum, 9);
  });

  it('show the largest alone when that is asked for, and name the class', async () => {
    const said = await ask('v1Explain', 'fruit', { instances: [ripeRed], parameters: { top: 1 } });
    const [explanation] = V1Explanations.parse(said.body).explanations;
    expect(Object.keys(explanation?.contributions ?? {})).toEqual(['colour']);
    expect(explanation?.explained_class).toBe('apple');
  });

  it('are refused of texts, and for what is asked wrong', async () => {
    expect((await ask('v1Explain', 'intent-classifier', { instances: [text] })).status).toBe(409);
    for (const body of [{ instances: [] }, { instances: listed, parameters: { top: 0 } }, {}])
      expect(await ask('v1Explain', 'fruit', body)).toMatchObject({ status: 400, body: { error: expect.any(String) } });
  });
});

describe('what is sent wrong is refused in words, and nothing breaks', () => {
  const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
  it.each<[string, unknown, RegExp]>([
    ['no JSON', '{"instances": [', /JSON/],
    ['NaN, which KServe does not read either', '{"instances": [[NaN, 3, true, "red"]]}', /JSON/],
    ['a list', [1], /must be an object/],
    ['nothing', {}, /either instances or inputs/],
    ['both forms', { instances: listed, inputs: listed }, /either instances or inputs/],
    ['an unknown field', { instances: listed, instance: 1 }, /^instance is not a known field/],
    ['an unknown parameter', { instances: listed, parameters: { proba: true } }, /^parameters.proba is not known/],
    ['no rows', { instances: [] }, /must have 1 to 50 rows/],
    ['too many rows', { instances: Array(51).fill(ripeRed) }, /must have 1 to 50 rows/],
    [
      'rows of another length',
      { instances: [[1, 2]] },
      /instances.0 must be a list of 4 values: size, grade, ripe, colour/,
    ],
    ['ragged rows', { instances: [listed[0], [1]] }, /instances.1 must be a list of 4 values/],
    ['mixed rows', { instances: [ripeRed, listed[0]] }, /instances.1 must be an object/],
    [
      'columns of different length',
      { inputs: { size: [1, 2], grade: [3] } },
      /inputs.grade must be a list of as many values/,
    ],
    [
      'a number that float32 does not hold',
      { instances: [{ ...ripeRed, size: 1e300 }] },
      /instances.0.size is too large/,
    ],
    ['a huge number', '{"instances": [[1e999, 3, true, "red"]]}', /instances.0.size is too large/],
    [
      'a code that is not allowed',
      { instances: [{ ...ripeRed, grade: 4 }] },
      /instances.0.grade must be one of 3, 6, 7/,
    ],
    ['a text for a number', { instances: [{ ...ripeRed, size: 'big' }] }, /instances.0.size must be a number/],
    ['a missing value that is needed', { instances: [{ ...ripeRed, size: null }] }, /instances.0.size is required/],
    ['a list for a value', { instances: [{ ...ripeRed, size: [1] }] }, /instances.0.size must be a number/],
    ['deep nesting', `{"instances": ${deep}}`, /instances.0/],
    [
      'names of every object',
      { instances: [{ ...ripeRed, constructor: 1, size: undefined }] },
      /lacks size and has constructor/,
    ],
  ])('%s', async (_what, body, words) => {
    const said = await ask('v1Predict', 'fruit', body);
    expect(said).toMatchObject({ status: 400, body: { error: expect.stringMatching(words) } });
    expect(await predict('fruit', { instances: listed })).toHaveLength(2);
  });

  it('a field twice: the last one counts, as everywhere in JSON', async () => {
    const twice = '{"instances": [{"size": 1e300, "size": 0.5, "grade": 3, "ripe": true, "colour": "red"}]}';
    expect(await predict('fruit', twice)).toEqual(await predict('fruit', { instances: [ripeRed] }));
  });

  it('a model without a live version, or none', async () => {
    expect((await ask('v1Predict', 'empty', { instances: listed })).status).toBe(503);
    expect((await ask('v1Predict', 'none', { instances: listed })).status).toBe(404);
  });
});
