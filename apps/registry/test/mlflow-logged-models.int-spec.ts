import { eventually } from '@gimbal/testing';
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

const logModel = async (members: object = {}): Promise<string> =>
  (await ask('POST', 'logged-models', { experiment_id: '0', name: 'tree', ...members })).body.model.info.model_id;
const modelOf = async (id: string) => (await ask('GET', `logged-models/${id}`)).body.model;

describe('a logged model', () => {
  it('is made with params and tags, pending, and finished', async () => {
    const source_run_id = await startRun(ask);
    const params = [{ key: 'depth', value: '3' }];
    const tags = [{ key: 'team', value: 'blue' }];
    const { body } = await ask('POST', 'logged-models', {
      experiment_id: '0',
      name: 'tree',
      model_type: 'classifier',
      source_run_id,
      params,
      tags,
    });
    const { model_id } = body.model.info;
    expect(model_id).toMatch(/^m-[0-9a-f]{32}$/);
    expect(body.model).toMatchObject({
      info: {
        experiment_id: '0',
        name: 'tree',
        model_type: 'classifier',
        source_run_id,
        status: 'LOGGED_MODEL_PENDING',
        artifact_uri: `mlflow-artifacts:/0/models/${model_id}/artifacts`,
        tags,
      },
      data: { params, metrics: [] },
    });
    expect(await modelOf(model_id)).toEqual(body.model);
    const ready = await ask('PATCH', `logged-models/${model_id}`, { status: 'LOGGED_MODEL_READY' });
    expect(ready.body.model.info.status).toBe('LOGGED_MODEL_READY');
  });

  it('gets more params and tags, and loses tags', async () => {
    const id = await logModel();
    await ask('PATCH', `logged-models/${id}/tags`, { tags: [{ key: 'a/b', value: '1' }] });
    await ask('POST', `logged-models/${id}/params`, { params: [{ key: 'p', value: '2' }] });
    expect(await modelOf(id)).toMatchObject({
      info: { tags: [{ key: 'a/b', value: '1' }] },
      data: { params: [{ key: 'p', value: '2' }] },
    });
    const untag = () => ask('DELETE', `logged-models/${id}/tags/a%2Fb`);
    expect((await untag()).status).toBe(200);
    expect(await untag()).toMatchObject({
      status: 404,
      body: { message: `No tag with key 'a/b' found for model with ID '${id}'.` },
    });
  });

  it('is measured by runs, each point once', async () => {
    const run_id = await startRun(ask);
    const model_id = await logModel();
    const point = {
      key: 'auc',
      value: 0.9,
      timestamp: 5,
      step: 1,
      model_id,
      dataset_name: 'test',
      dataset_digest: 'd1',
    };
    await ask('POST', 'runs/log-metric', { run_id, ...point });
    await ask('POST', 'runs/log-batch', { run_id, metrics: [point, point] });
    const { data } = await modelOf(model_id);
    expect(data.metrics).toEqual([{ ...point, run_id }]);
    const missing = `m-${'0'.repeat(32)}`;
    expect(await ask('POST', 'runs/log-metric', { run_id, ...point, key: 'lost', model_id: missing })).toMatchObject({
      status: 404,
      body: { error_code: 'RESOURCE_DOES_NOT_EXIST', message: `Logged model with ID '${missing}' not found.` },
    });
    const { body } = await ask('GET', 'runs/get', { run_id });
    expect(body.run.data.metrics.map(({ key }: { key: string }) => key)).toEqual(['auc']);
  });

  it('is not found once it is deleted', async () => {
    const id = await logModel();
    expect((await ask('DELETE', `logged-models/${id}`)).status).toBe(200);
    for (const [method, path, members] of [
      ['GET', `logged-models/${id}`, {}],
      ['PATCH', `logged-models/${id}`, { status: 'LOGGED_MODEL_READY' }],
      ['PATCH', `logged-models/${id}/tags`, { tags: [{ key: 'k', value: '' }] }],
    ] as const)
      expect(await ask(method, path, members)).toMatchObject({
        status: 404,
        body: { message: `Logged model with ID '${id}' not found.` },
      });
  });

  it.each([
    [{ name: 'a/b' }, /^Invalid model name \("a\/b"\) provided\./],
    [{ experiment_id: '77' }, /^No Experiment with id=77 exists$/],
    [{ source_run_id: '0'.repeat(32) }, /^Run with id=0+ not found$/],
  ])('is refused in the words of MLflow: %j', async (members, message) => {
    const { status, body } = await ask('POST', 'logged-models', { experiment_id: '0', ...members });
    expect(status).toBeGreaterThanOrEqual(400);
    expect(body.message).toMatch(message);
  });
});

describe('what a run reads and makes', () => {
  const dataset = {
    name: 'heart',
    digest: 'abc',
    source_type: 'local',
    source: '{}',
    schema: '{"a":1}',
    profile: '{}',
  };
  const inputs = (context: string) => [{ dataset, tags: [{ key: 'mlflow.data.context', value: context }] }];

  it('is told with the run: tables, models read, models made', async () => {
    const run_id = await startRun(ask);
    const read = await logModel();
    const made = await logModel();
    await ask('POST', 'runs/log-inputs', { run_id, datasets: inputs('training'), models: [{ model_id: read }] });
    await ask('POST', 'runs/log-inputs', { run_id, datasets: inputs('test') });
    await ask('POST', 'runs/outputs', { run_id, models: [{ model_id: made, step: '7' }] });
    const { body } = await ask('GET', 'runs/get', { run_id });
    expect(body.run).toMatchObject({
      inputs: { dataset_inputs: inputs('training'), model_inputs: [{ model_id: read }] },
      outputs: { model_outputs: [{ model_id: made, step: 7 }] },
    });
  });

  it('is one table for all runs of an experiment, found by it', async () => {
    const { body: made } = await ask('POST', 'experiments/create', { name: 'with tables' });
    for (let index = 0; index < 2; index++) {
      const run_id = await startRun(ask, made);
      await ask('POST', 'runs/log-inputs', { run_id, datasets: inputs('training') });
    }
    const { body } = await ask('POST', 'experiments/search-datasets', { experiment_ids: [made.experiment_id] });
    expect(body.dataset_summaries).toEqual([{ ...made, name: 'heart', digest: 'abc', context: 'training' }]);
    const rows = await registry.rows.usedDataset.findMany({ where: { experiment: { name: 'with tables' } } });
    expect(rows).toHaveLength(1);
  });

  // Guards against a deadlock of runs that name the same tables in different orders.
  it.each(['as they are', 'reversed'])('takes its turn at each table in one order, told %s', async (order) => {
    const tables = ['a', 'b'].map((name) => ({ dataset: { ...dataset, name }, tags: [] }));
    const read = async (datasets: object) => ask('POST', 'runs/log-inputs', { run_id: await startRun(ask), datasets });
    await read(tables);
    const told = order === 'reversed' ? tables.toReversed() : tables;
    let second: ReturnType<typeof read> | undefined;
    await registry.rows.$transaction(async (tx) => {
      await tx.$queryRaw`SELECT 1 FROM used_datasets WHERE name = 'a' FOR UPDATE`;
      second = read(told);
      await eventually(async () => {
        const waiting = await registry.rows.$queryRaw<unknown[]>`
          SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
        expect(waiting).toHaveLength(1);
      });
      await tx.$queryRaw`SELECT 1 FROM used_datasets WHERE name = 'b' FOR UPDATE NOWAIT`; // it has nothing while it waits
    });
    expect((await second)?.status).toBe(200);
  });

  it('may come with a profile of megabytes, up to the limits of MLflow', async () => {
    const run_id = await startRun(ask);
    const read = (members: object) =>
      ask('POST', 'runs/log-inputs', { run_id, datasets: [{ dataset: { ...dataset, ...members } }] });
    expect((await read({ name: 'large', profile: 'x'.repeat(3_000_000) })).status).toBe(200);
    expect(await read({ schema: 'x'.repeat(1_048_576) })).toMatchObject({
      status: 400,
      body: { message: "'schema' exceeds the maximum length of 1048575 characters" },
    });
  });

  it('is refused when a model is not there, and nothing of it is kept', async () => {
    const run_id = await startRun(ask);
    const models = [{ model_id: await logModel() }, { model_id: 'm-none' }];
    expect(await ask('POST', 'runs/log-inputs', { run_id, datasets: inputs('training'), models })).toMatchObject({
      status: 404,
      body: { message: "Logged model with ID 'm-none' not found." },
    });
    expect((await ask('POST', 'runs/outputs', { run_id, models })).status).toBe(404);
    const { body } = await ask('GET', 'runs/get', { run_id });
    expect(body.run.inputs).toEqual({ dataset_inputs: [], model_inputs: [] });
  });

  it('is kept as a history in a tag for clients before 3.0', async () => {
    const run_id = await startRun(ask);
    const model = {
      run_id,
      artifact_path: 'model',
      utc_time_created: 'now',
      flavors: { sklearn: { code: null } },
      signature: {},
    };
    for (const artifact_path of ['first', 'second'])
      await ask('POST', 'runs/log-model', { run_id, model_json: JSON.stringify({ ...model, artifact_path }) });
    const { body } = await ask('GET', 'runs/get', { run_id });
    const { value } = body.run.data.tags.find(({ key }: { key: string }) => key === 'mlflow.log-model.history');
    const { signature: _left, ...kept } = model;
    expect(JSON.parse(value)).toEqual([
      { ...kept, artifact_path: 'first' },
      { ...kept, artifact_path: 'second' },
    ]);
    for (const model_json of ['{', 'null', '{"flavors":{}}'])
      expect((await ask('POST', 'runs/log-model', { run_id, model_json })).status).toBe(400);
  });
});

it('says what it can do', async () => {
  expect((await ask('GET', '/api/3.0/mlflow/server-info')).body).toEqual({
    store_type: 'SqlStore',
    workspaces_enabled: false,
    trace_archival_enabled: false,
    multipart_uploads_enabled: true,
    multipart_downloads_enabled: false,
  });
});
