import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type AskMlflow, mlflowOf, startRun } from './mlflow-call.js';
import { type RegistryHarness, startRegistry } from './registry-harness.js';

let registry: RegistryHarness;
let ask: AskMlflow;

beforeAll(async () => {
  registry = await startRegistry();
  ask = mlflowOf(registry);
}, 120_000);
afterAll(() => registry?.dispose());

const refusal = (error_code: string, message: string | RegExp) => ({
  body: { error_code, message: typeof message === 'string' ? message : expect.stringMatching(message) },
});
const runOf = async (run_id: string) => (await ask('GET', 'runs/get', { run_id })).body.run;

describe('experiments', () => {
  it('begin with experiment 0, Default', async () => {
    const { status, body } = await ask('GET', 'experiments/get', { experiment_id: '0' });
    expect(status).toBe(200);
    expect(body.experiment).toMatchObject({
      experiment_id: '0',
      name: 'Default',
      lifecycle_stage: 'active',
      artifact_location: 'mlflow-artifacts:/0',
    });
  });

  it('are made with tags, found by name and by id, and renamed', async () => {
    const tags = [{ key: 'team', value: 'blue' }];
    const { body: made } = await ask('POST', 'experiments/create', { name: 'first', tags });
    const named = await ask('GET', 'experiments/get-by-name', { experiment_name: 'first' });
    expect(named.body.experiment).toMatchObject({ ...made, tags });
    expect(await ask('POST', 'experiments/update', { ...made, new_name: 'second' })).toMatchObject({
      status: 200,
      body: {},
    });
    const { body } = await ask('GET', 'experiments/get', made);
    expect(body.experiment.name).toBe('second');
    expect(await ask('GET', 'experiments/get-by-name', { experiment_name: 'first' })).toMatchObject({
      status: 404,
      ...refusal('RESOURCE_DOES_NOT_EXIST', "Could not find experiment with name 'first'"),
    });
  });

  it('have names of their own, deleted ones too', async () => {
    const { body: made } = await ask('POST', 'experiments/create', { name: 'taken' });
    await ask('POST', 'experiments/delete', made);
    for (const [path, members] of [
      ['experiments/create', { name: 'taken' }],
      ['experiments/update', { experiment_id: '0', new_name: 'taken' }],
    ] as const)
      expect(await ask('POST', path, members)).toMatchObject({
        status: 400,
        ...refusal('RESOURCE_ALREADY_EXISTS', 'Experiment(name=taken) already exists.'),
      });
  });

  it('take their runs with them when deleted, and bring them back', async () => {
    const { body: made } = await ask('POST', 'experiments/create', { name: 'with runs' });
    const run_id = await startRun(ask, made);
    await ask('POST', 'experiments/delete', made);
    expect((await runOf(run_id)).info.lifecycle_stage).toBe('deleted');
    expect(await ask('POST', 'runs/create', made)).toMatchObject({
      status: 400,
      ...refusal('INVALID_PARAMETER_VALUE', /must be in the 'active' state. Current state is deleted/),
    });
    expect((await ask('POST', 'experiments/delete', made)).status).toBe(404);
    await ask('POST', 'experiments/restore', made);
    expect((await runOf(run_id)).info.lifecycle_stage).toBe('active');
  });

  it('are tagged and untagged', async () => {
    const { body: made } = await ask('POST', 'experiments/create', { name: 'tagged' });
    await ask('POST', 'experiments/set-experiment-tag', { ...made, key: 'a', value: '1' });
    await ask('POST', 'experiments/set-experiment-tag', { ...made, key: 'a', value: '2' });
    const { body } = await ask('GET', 'experiments/get', made);
    expect(body.experiment.tags).toEqual([{ key: 'a', value: '2' }]);
    const untag = () => ask('POST', 'experiments/delete-experiment-tag', { ...made, key: 'a' });
    expect((await untag()).status).toBe(200);
    expect(await untag()).toMatchObject({
      status: 404,
      ...refusal('RESOURCE_DOES_NOT_EXIST', /^No tag with name: a in experiment/),
    });
  });

  it.each(['../up', 'relative/place', 's3://bucket/%2e%2e/up', 'runs:/1/x', `s3://${'x'.repeat(3_000)}`])(
    'have no files at places that climb or are no place (%#)',
    async (artifact_location) => {
      const made = await ask('POST', 'experiments/create', {
        name: `at ${artifact_location.slice(0, 40)}`,
        artifact_location,
      });
      expect(made).toMatchObject({ status: 400, body: { error_code: 'INVALID_PARAMETER_VALUE' } });
    },
  );
});

describe('runs', () => {
  it('are made in experiment 0 when none is named, with a name, and end', async () => {
    const tags = [{ key: 'mlflow.user', value: 'ada' }];
    const { body } = await ask('POST', 'runs/create', { start_time: 5_000, tags });
    const { run_id, run_name } = body.run.info;
    expect(body.run.info).toMatchObject({
      run_uuid: run_id,
      experiment_id: '0',
      user_id: 'ada',
      status: 'RUNNING',
      start_time: 5_000,
      lifecycle_stage: 'active',
      artifact_uri: `mlflow-artifacts:/0/${run_id}/artifacts`,
    });
    expect(run_name).toMatch(/^\w+-\w+-\d+$/);
    expect(await runOf(run_id)).toEqual(body.run);
    const ended = await ask('POST', 'runs/update', { run_id, status: 'FINISHED', end_time: 9_000 });
    expect(ended.body.run_info).toMatchObject({ status: 'FINISHED', end_time: 9_000, run_name });
    expect((await registry.rows.run.findFirstOrThrow({ where: { name: run_name } })).createdBy).toBe('grace');
  });

  it('keep the tag of their name and their name equal', async () => {
    const named = (run_id: string) => runOf(run_id).then(({ info, data }) => [info.run_name, data.tags]);
    const asTag = (value: string) => [{ key: 'mlflow.runName', value }];
    const run_id = await startRun(ask, { tags: asTag('by tag') });
    expect(await named(run_id)).toEqual(['by tag', asTag('by tag')]);
    await ask('POST', 'runs/update', { run_id, run_name: 'by name' });
    expect(await named(run_id)).toEqual(['by name', asTag('by name')]);
    await ask('POST', 'runs/set-tag', { run_id, ...asTag('again by tag')[0] });
    expect(await named(run_id)).toEqual(['again by tag', asTag('again by tag')]);
    await ask('POST', 'runs/log-batch', { run_id, tags: asTag('in a batch') });
    expect(await named(run_id)).toEqual(['in a batch', asTag('in a batch')]);
    expect(await ask('POST', 'runs/create', { run_name: 'a', tags: asTag('b') })).toMatchObject({ status: 400 });
  });

  it('know their parent, as both languages say it', async () => {
    const parent = await startRun(ask);
    const child = await startRun(ask, { tags: [{ key: 'mlflow.parentRunId', value: parent }] });
    expect((await runOf(child)).data.tags).toContainEqual({ key: 'mlflow.parentRunId', value: parent });
    const row = await registry.rows.run.findFirstOrThrow({ where: { parentRunId: { not: null } } });
    expect(row.parentRunId?.replaceAll('-', '')).toBe(parent);
  });

  it.each([
    'runs/log-metric',
    'runs/log-parameter',
    'runs/set-tag',
    'runs/log-batch',
    'runs/update',
    'runs/delete-tag',
  ])('take no %s when they are deleted, until they are restored', async (path) => {
    const run_id = await startRun(ask, { tags: [{ key: 'k', value: 'v' }] });
    await ask('POST', 'runs/delete', { run_id });
    const members = { run_id, key: 'k', value: '1', timestamp: 1, params: [{ key: 'p', value: '1' }] };
    expect(await ask('POST', path, members)).toMatchObject({
      status: 400,
      ...refusal(
        'INVALID_PARAMETER_VALUE',
        `The run ${run_id} must be in the 'active' state. Current state is deleted.`,
      ),
    });
    await ask('POST', 'runs/restore', { run_id });
    expect(await ask('POST', path, members)).toMatchObject({ status: 200 });
  });

  it('are not there under another id', async () => {
    const run_id = '0'.repeat(32);
    for (const [method, path] of [
      ['GET', 'runs/get'],
      ['POST', 'runs/update'],
      ['POST', 'runs/delete'],
      ['POST', 'runs/restore'],
    ] as const)
      expect(await ask(method, path, { run_id })).toMatchObject({
        status: 404,
        ...refusal('RESOURCE_DOES_NOT_EXIST', `Run with id=${run_id} not found`),
      });
    expect(await ask('GET', 'runs/get', {})).toMatchObject({
      status: 400,
      ...refusal('INVALID_PARAMETER_VALUE', /^Missing value for required parameter 'run_id'\. See the API docs/),
    });
  });
});

describe('what is logged', () => {
  it('shows the latest point of each metric: highest step, then time, then value', async () => {
    const run_id = await startRun(ask);
    const log = (value: unknown, timestamp: number, step?: number | string) =>
      ask('POST', 'runs/log-metric', { run_id, key: 'loss', value, timestamp, step });
    for (const [value, time, step] of [
      [5, 10, 1],
      [4, 9, 2],
      [3, 11, 1],
      [6, 9, 2],
      [1, 8, 2],
    ] as const)
      await log(value, time, step);
    const { data } = await runOf(run_id);
    expect(data.metrics).toEqual([{ key: 'loss', value: 6, timestamp: 9, step: 2 }]);
    await log('NaN', 12, '9007199254740993');
    expect((await runOf(run_id)).data.metrics).toEqual([
      { key: 'loss', value: 'NaN', timestamp: 12, step: '9007199254740993' },
    ]);
    await log('-Infinity', 13, '9007199254740993');
    expect((await runOf(run_id)).data.metrics[0].value).toBe(-Number.MAX_VALUE);
  });

  it('stores a point once however often it is logged', async () => {
    const run_id = await startRun(ask);
    const metrics = [{ key: 'm', value: 1, timestamp: 2, step: 3 }];
    for (let time = 0; time < 3; time++)
      await ask('POST', 'runs/log-batch', { run_id, metrics: [...metrics, ...metrics] });
    const { body } = await ask('GET', 'metrics/get-history', { run_id, metric_key: 'm' });
    expect(body.metrics).toEqual(metrics);
  });

  it('does not change parameters, alone or in a batch', async () => {
    const run_id = await startRun(ask);
    const param = (value: string) => ask('POST', 'runs/log-parameter', { run_id, key: 'depth', value });
    expect((await param('3')).status).toBe(200);
    expect((await param('3')).status).toBe(200);
    expect(await param('5')).toMatchObject({
      status: 400,
      ...refusal(
        'INVALID_PARAMETER_VALUE',
        `Changing param values is not allowed. Param with key='depth' was already logged with value='3' for run ID='${run_id}'. Attempted logging new value '5'.`,
      ),
    });
    const batch = {
      run_id,
      params: [
        { key: 'new', value: '1' },
        { key: 'depth', value: '7' },
      ],
      tags: [{ key: 't', value: '1' }],
    };
    expect(await ask('POST', 'runs/log-batch', batch)).toMatchObject({
      status: 400,
      ...refusal(
        'INVALID_PARAMETER_VALUE',
        /^Changing param values is not allowed\. Params were already logged='\[\{'key': 'depth', 'old_value': '3', 'new_value': '7'\}\]'/,
      ),
    });
    const { data } = await runOf(run_id);
    expect(data.params).toEqual([{ key: 'depth', value: '3' }]);
    expect(data.tags.map(({ key }: { key: string }) => key)).toEqual(['mlflow.runName']);
  });

  it('holds parameters against calls at the same moment', async () => {
    const run_id = await startRun(ask);
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, value) =>
        ask('POST', 'runs/log-parameter', { run_id, key: 'p', value: String(value) }),
      ),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  });

  it('cuts values of params and tags that are too long, and refuses keys that are', async () => {
    const run_id = await startRun(ask);
    const value = 'x'.repeat(9_000);
    await ask('POST', 'runs/log-parameter', { run_id, key: 'p', value });
    await ask('POST', 'runs/set-tag', { run_id, key: 't', value });
    const { data } = await runOf(run_id);
    expect(data.params[0].value).toHaveLength(6_000);
    expect(data.tags.at(-1).value).toHaveLength(8_000);
    expect(await ask('POST', 'runs/log-parameter', { run_id, key: 'k'.repeat(251), value: '' })).toMatchObject(
      refusal('INVALID_PARAMETER_VALUE', "'Param key' exceeds the maximum length of 250 characters"),
    );
  });

  it('takes batches up to the limits of MLflow', async () => {
    const run_id = await startRun(ask);
    const metrics = (count: number) =>
      Array.from({ length: count }, (_, step) => ({ key: 'm', value: step, timestamp: 1, step }));
    const pairs = (count: number) => Array.from({ length: count }, (_, index) => ({ key: `k${index}`, value: 'v' }));
    const batch = (members: object) => ask('POST', 'runs/log-batch', { run_id, ...members });
    expect((await batch({ metrics: metrics(1_000) })).status).toBe(200);
    expect((await batch({ metrics: metrics(800), params: pairs(100), tags: pairs(100) })).status).toBe(200);
    for (const [members, sentence] of [
      [{ metrics: metrics(1_001) }, 'can contain at most 1000 metrics. Got 1001 metrics.'],
      [{ params: pairs(101) }, 'can contain at most 100 params. Got 101 params.'],
      [{ tags: pairs(101) }, 'can contain at most 100 tags. Got 101 tags.'],
      [
        { metrics: metrics(900), params: pairs(51), tags: pairs(50) },
        'can contain at most 1000 metrics, params, and tags. Got 1001',
      ],
    ] as const) {
      const { status, body } = await batch(members);
      expect([status, body.error_code]).toEqual([400, 'INVALID_PARAMETER_VALUE']);
      expect(body.message).toContain(sentence);
    }
    expect(await batch({ tags: [{ key: 'long', value: 'x'.repeat(1_000_000) }] })).toMatchObject(
      refusal(
        'INVALID_PARAMETER_VALUE',
        /^Batched logging API requests must be at most 1000000 bytes, got a request of size 1000\d+\.$/,
      ),
    );
    expect(await batch({ params: [...pairs(2), ...pairs(1)] })).toMatchObject(
      refusal('INVALID_PARAMETER_VALUE', /^Duplicate parameter keys have been submitted: \['k0'\]\./),
    );
  });

  it.each([
    [
      'runs/log-metric',
      { key: '../m', value: 1, timestamp: 1 },
      /^Invalid value "\.\.\/m" for parameter 'name' supplied: Names may be treated as files/,
    ],
    [
      'runs/log-metric',
      { key: 'm#', value: 1, timestamp: 1 },
      /^Invalid value "m#" for parameter 'name' supplied: Names may only contain/,
    ],
    ['runs/log-metric', { key: 'm', value: 1, timestamp: -1 }, /Timestamp must be a nonnegative long/],
    ['runs/log-metric', { key: 'm', timestamp: 1 }, /^Missing value for required parameter 'value'/],
    [
      'runs/log-metric',
      { key: 'm', value: 'many', timestamp: 1 },
      /^Invalid value "many" for parameter 'value' supplied/,
    ],
    [
      'runs/log-batch',
      {
        metrics: [
          { key: 'ok', value: 1, timestamp: 1 },
          { key: 'm', value: 1 },
        ],
      },
      /^Missing value for required parameter 'metrics\[1\]\.timestamp'/,
    ],
    ['runs/log-batch', { metrics: { key: 'm' } }, /^Invalid value of an object for parameter 'metrics' supplied/],
    ['runs/set-tag', { key: '/t', value: '' }, /parameter 'key' supplied: Names may be treated as files/],
  ])('refuses at %s what MLflow refuses: %j', async (path, members, message) => {
    const run_id = await startRun(ask);
    expect(await ask('POST', path, { run_id, ...members })).toMatchObject({
      status: 400,
      ...refusal('INVALID_PARAMETER_VALUE', message),
    });
  });

  it('says which tag is not there to delete', async () => {
    const run_id = await startRun(ask, { tags: [{ key: 't', value: '' }] });
    expect((await ask('POST', 'runs/delete-tag', { run_id, key: 't' })).status).toBe(200);
    expect(await ask('POST', 'runs/delete-tag', { run_id, key: 't' })).toMatchObject({
      status: 404,
      ...refusal('RESOURCE_DOES_NOT_EXIST', `No tag with name: t in run with id ${run_id}`),
    });
  });
});
