import './native-arrays.js';
import { MlflowPredictions } from '@gimbal/contracts';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { PredictClient } from './serving-harness.js';
import { makeTaskModels } from './task-models.js';
import { TaskServing } from './task-serving.js';

const models = makeTaskModels();
let serving: TaskServing;
let client: PredictClient;

const columns = ['size', 'grade', 'ripe', 'colour'];
const data = [
  [0.5, 3, true, 'red'],
  [0.1, 7, false, 'green'],
  [0.9, null, null, null],
];
const records = data.map((row) => Object.fromEntries(columns.map((name, at) => [name, row[at]])));
const byColumn = Object.fromEntries(columns.map((name, at) => [name, data.map((row) => row[at])]));

function ask(model: string, body: unknown, type: string | undefined = 'application/json') {
  const bytes = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
  const headers = type === undefined ? {} : { 'content-type': type };
  return client.call({ route: 'modelInvocations', params: { model }, headers, body: bytes });
}

async function predict(model: string, body: unknown, type?: string) {
  const said = await ask(model, body, type);
  expect(said).toMatchObject({ status: 200 });
  return MlflowPredictions.parse(said.body).predictions;
}

beforeAll(async () => {
  serving = await TaskServing.start(models, { PREDICT_ROWS_MAX: '50' });
  ({ client } = serving);
});
afterAll(() => serving?.stop());

it.each(['heart-disease', 'fruit', 'weight', 'anomaly-detector'])(
  'answers %s alike in all four forms and in CSV',
  async (model) => {
    const [one, two, three] = await predict(model, { dataframe_records: records });
    const expected = [one, two, three];
    for (const body of [
      { dataframe_split: { columns, data } },
      { dataframe_split: { columns, index: [7, 8, 9], data }, params: { predict_method: 'predict' } },
      { dataframe_split: { data } },
      { instances: data },
      { instances: records },
      { inputs: data },
      { inputs: records },
      { inputs: byColumn },
    ])
      expect(await predict(model, body)).toEqual(expected);
    expect(await predict(model, { inputs: records[0] })).toEqual([one]);
    const csv = ',size,grade,ripe,colour\n0,0.5,3,True,red\n1,0.1,7,False,"green"\n2,0.9,,,\n';
    expect(await predict(model, csv, 'text/csv; charset=utf-8')).toEqual(expected);
  },
);

it('answers texts, in every form that one column has', async () => {
  const text = 'close my account';
  for (const body of [{ inputs: [text] }, { inputs: { utterance: [text] } }, { dataframe_split: { data: [[text]] } }])
    expect(await predict('intent-classifier', body)).toEqual(['account']);
  expect(await predict('intent-classifier', `utterance\n"${text}, please"\n`, 'text/csv')).toEqual(['account']);
});

it('gives probabilities by params', async () => {
  const params = { predict_method: 'predict_proba' };
  const shares = await predict('fruit', { dataframe_records: records, params });
  expect(shares).toEqual(records.map(() => [expect.any(Number), expect.any(Number), expect.any(Number)]));
});

// `json.dumps` of a data frame with gaps writes NaN, and MLflow's own client sends that.
it('reads what Python writes for a missing value, and refuses an infinite one by the name of its column', async () => {
  const [expected] = await predict('weight', { inputs: [[0.5, null, true, 'NaN "Infinity"']] });
  expect(await predict('weight', '{"inputs": [[0.5, NaN, true, "NaN \\"Infinity\\""]]}')).toEqual([expected]);
  for (const strange of ['Infinity', '-Infinity'])
    expect(await ask('weight', `{"inputs": [[${strange}, 3, true, "red"]]}`)).toMatchObject({
      status: 400,
      body: { error_code: 'INVALID_PARAMETER_VALUE', message: 'inputs.0.size is too large a number' },
    });
});

it('leaves out columns that the model does not have, and fields beside the data, as MLflow does', async () => {
  const wide = { columns: ['id', ...columns], data: data.map((row, id) => [id, ...row]) };
  const expected = await predict('fruit', { dataframe_records: records });
  expect(await predict('fruit', { dataframe_split: wide, client_request_id: 'x' })).toEqual(expected);
});

it('answers the default model at the root, and a version by its number', async () => {
  const body = Buffer.from(JSON.stringify({ dataframe_records: records }));
  const root = await client.call({ route: 'invocations', params: {}, body });
  expect(MlflowPredictions.parse(root.body).predictions).toEqual(
    await predict('heart-disease', { dataframe_records: records }),
  );
  const byVersion = (version: string) =>
    client.call({ route: 'versionInvocations', params: { model: 'fruit', version }, body });
  expect((await byVersion('1')).status).toBe(200);
  for (const version of ['2', '0', 'latest'])
    expect(await byVersion(version)).toMatchObject({ status: 404, body: { error_code: 'RESOURCE_DOES_NOT_EXIST' } });
});

it('says that it is there, and which MLflow it speaks like', async () => {
  for (const route of ['ping', 'modelPing', 'modelHealth'] as const) {
    const { status, body } = await client.send({ route, params: route === 'ping' ? {} : { model: 'fruit' } });
    expect([status, Buffer.from(body).toString()]).toEqual([200, '\n']);
  }
  const { body, contentType } = await client.send({ route: 'scoringVersion', params: {} });
  expect([Buffer.from(body).toString(), contentType]).toEqual([
    expect.stringMatching(/^3\.\d+\.\d+$/),
    'text/plain; charset=utf-8',
  ]);
  expect((await client.send({ route: 'modelPing', params: { model: 'empty' } })).status).toBe(503);
});

describe('what is sent wrong is refused as MLflow refuses', () => {
  it.each([
    ['application/json; format=pandas-split', /no parameter but charset/],
    ['application/json; charset=latin1', /UTF-8/],
    ['application/x-www-form-urlencoded', /Send application\/json or text\/csv/],
  ])('%s', async (type, words) => {
    expect(await ask('fruit', { inputs: data }, type)).toMatchObject({
      status: 415,
      body: { error_code: 'BAD_REQUEST', message: expect.stringMatching(words) },
    });
  });

  it.each<[string, unknown, RegExp]>([
    ['no JSON', '{"inputs": NaN', /JSON/],
    ['a quote that never ends', `{"inputs": NaN, "${'\\"'.repeat(50_000)}`, /JSON/],
    ['a list', data, /exactly one of dataframe_split, dataframe_records, instances, inputs/],
    ['no form', { messages: [] }, /exactly one of/],
    ['two forms', { inputs: data, instances: data }, /exactly one of/],
    ['a split that is a list', { dataframe_split: data }, /dataframe_split must be an object/],
    ['a split with more in it', { dataframe_split: { columns, data, dtypes: [] } }, /not dtypes/],
    [
      'a column that is an object which is no text, either',
      { dataframe_split: { columns: [{ toString: 1, valueOf: 1 }], data: [[1]] } },
      /dataframe_split.columns must hold names/,
    ],
    ['columns twice', { dataframe_split: { columns: [...columns, 'size'], data } }, /names the column size twice/],
    [
      'rows of another length',
      { dataframe_split: { columns, data: [[1]] } },
      /dataframe_split.data.0 must be a list of 4 values/,
    ],
    ['records that are no list', { dataframe_records: { size: 1 } }, /dataframe_records must be a list/],
    ['no rows', { dataframe_records: [] }, /1 to 50 rows/],
    ['too many rows', { inputs: { size: Array(51).fill(1) } }, /1 to 50 rows/],
    [
      'a column written wrong',
      { dataframe_split: { columns: ['size', 'grade', 'ripe', 'color'], data } },
      /lacks colour and has color/,
    ],
    [
      'a code that is not allowed',
      { inputs: { ...byColumn, grade: [3, 4, 3] } },
      /inputs.1.grade must be one of 3, 6, 7/,
    ],
    [
      'a missing value that is needed',
      { dataframe_records: [{ ...records[0], size: null }] },
      /dataframe_records.0.size is required/,
    ],
    ['a parameter that does nothing', { inputs: data, params: { temperature: 1 } }, /params.temperature is not known/],
    ['a column called as the prototype', '{"inputs": {"__proto__": [1], "size": [1]}}', /has __proto__/],
  ])('%s', async (_what, body, words) => {
    expect(await ask('fruit', body)).toMatchObject({
      status: 400,
      body: {
        error_code: expect.stringMatching(/^(BAD_REQUEST|INVALID_PARAMETER_VALUE)$/),
        message: expect.stringMatching(words),
      },
    });
  });

  it.each([
    ['', /the file has no rows|empty|no end/],
    ['size,grade\n1,2,3\n', /line 2/],
    ['size,size\n1,2\n', /names "size" twice/],
    ['size,grade,ripe,colour\nbig,3,True,red\n', /rows.0.size must be a number/],
    ['size,grade,ripe,colour\n0.5,3,perhaps,red\n', /rows.0.ripe must be a number/],
    [`size,grade,ripe,colour\n${'0.5,3,True,red\n'.repeat(51)}`, /1 to 50 rows/],
  ])('CSV %j', async (csv, words) => {
    expect(await ask('fruit', csv, 'text/csv')).toMatchObject({
      status: 400,
      body: { error_code: 'INVALID_PARAMETER_VALUE', message: expect.stringMatching(words) },
    });
  });

  it('a model that is not there, or not live', async () => {
    expect(await ask('none', { inputs: data })).toMatchObject({
      status: 404,
      body: { error_code: 'RESOURCE_DOES_NOT_EXIST' },
    });
    expect(await ask('empty', { inputs: data })).toMatchObject({
      status: 503,
      body: { error_code: 'TEMPORARILY_UNAVAILABLE' },
    });
  });
});
