import { eventually } from '@gimbal/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type AskMlflow, mlflowOf, startRun } from './mlflow-call.js';
import { type ModelCalls, modelCalls, refusal } from './mlflow-model-calls.js';
import { type RegistryHarness, startRegistry } from './registry-harness.js';
import { holdout, register } from './versions.js';

let registry: RegistryHarness;
let ask: AskMlflow;
let calls: ModelCalls;

beforeAll(async () => {
  registry = await startRegistry();
  ask = mlflowOf(registry);
  calls = modelCalls(ask);
}, 120_000);
afterAll(() => registry?.dispose());

describe('versions', () => {
  it('count from 1, keep what was said of them, and are told apart from those that can be served', async () => {
    await calls.create('kept');
    const { body } = await calls.addVersion('kept', {
      run_id: 'run-of-another-server',
      tags: [{ key: 'k', value: 'v' }],
      description: 'From elsewhere.',
      run_link: 'https://example.org/run',
    });
    expect(body.model_version).toEqual({
      name: 'kept',
      version: '1',
      creation_timestamp: expect.any(Number),
      last_updated_timestamp: expect.any(Number),
      current_stage: 'None',
      description: 'From elsewhere.',
      source: 's3://bucket/model',
      run_id: 'run-of-another-server',
      run_link: 'https://example.org/run',
      status: 'READY',
      status_message: expect.stringContaining('s3 storage'),
      tags: [{ key: 'k', value: 'v' }],
      aliases: [],
    });
    expect((await calls.addVersion('kept')).body.model_version).toMatchObject({ version: '2', run_id: '' });
    expect((await calls.getVersion('kept', '1')).body.model_version).toEqual(body.model_version);
    expect((await ask('GET', 'model-versions/get-download-uri', { name: 'kept', version: '1' })).body).toEqual({
      artifact_uri: 's3://bucket/model',
    });
    expect(await calls.getVersion('kept', '3')).toMatchObject(
      refusal(404, 'RESOURCE_DOES_NOT_EXIST', 'Model Version (name=kept, version=3) not found'),
    );
    expect(await calls.getVersion('kept', 'one')).toMatchObject(
      refusal(400, 'INVALID_PARAMETER_VALUE', "Parameter 'version' must be an integer, got 'one'."),
    );
  });

  it('have no gaps in their numbers, however many clients register at once', async () => {
    await calls.create('busy');
    const answers = await Promise.all(
      Array.from({ length: 16 }, async (_, client) => {
        const own: number[] = [];
        for (let at = 0; at < 5; at++)
          own.push(
            Number((await calls.addVersion('busy', { description: `${client}/${at}` })).body.model_version.version),
          );
        return own;
      }),
    );
    expect(answers.flat().sort((one, other) => one - other)).toEqual(Array.from({ length: 80 }, (_, at) => at + 1));
    await eventually(async () => expect(await registry.rows.unansweredRegistration.count()).toBe(0));
  });

  it('are described and tagged', async () => {
    await calls.create('noted');
    await calls.addVersion('noted');
    const named = { name: 'noted', version: '1' };
    expect(
      (await ask('PATCH', 'model-versions/update', { ...named, description: 'Good.' })).body.model_version,
    ).toMatchObject({
      description: 'Good.',
    });
    await ask('POST', 'model-versions/set-tag', { ...named, key: 'a', value: '1' });
    await ask('POST', 'model-versions/set-tag', { ...named, key: 'b', value: '2' });
    await ask('DELETE', 'model-versions/delete-tag', { ...named, key: 'a' });
    expect((await calls.getVersion('noted', '1')).body.model_version.tags).toEqual([{ key: 'b', value: '2' }]);
    expect(await ask('POST', 'model-versions/set-tag', { ...named, version: '9', key: 'a', value: '1' })).toMatchObject(
      refusal(404, 'RESOURCE_DOES_NOT_EXIST', 'Model Version (name=noted, version=9) not found'),
    );
    expect(await ask('POST', 'model-versions/set-tag', { ...named, key: '../a', value: '1' })).toMatchObject({
      status: 400,
    });
  });

  it.each([
    ['/etc/passwd', /To use a local path as a model version source/],
    ['file:///etc', /To use a local path/],
    ['C:\\models', /To use a local path/],
    ['s3://bucket/../other', /an absolute path must be provided/],
    ['mlflow-artifacts:/0/../../etc', /an absolute path must be provided/],
    ['mlflow-artifacts://host/..%2f..%2fetc', /an absolute path must be provided/],
    ['runs:/not-a-run/model', /The run_id request parameter must identify/],
    [`runs:/${'0'.repeat(32)}/model`, /must identify the resource.*Run with id=0{32} not found/],
    [`models:/m-${'0'.repeat(32)}`, /The model_id request parameter must identify/],
  ])('never come from %s', async (source, message) => {
    await calls.create('sources');
    expect(await calls.addVersion('sources', { source })).toMatchObject(
      refusal(400, 'INVALID_PARAMETER_VALUE', message),
    );
  });

  it('of versions keep where the first one came from', async () => {
    await calls.create('original');
    await calls.create('copy');
    await calls.addVersion('original', { run_id: 'abc' });
    await calls.setStage('original', '1', 'Staging');
    await ask('POST', 'registered-models/alias', { name: 'original', alias: 'best', version: '1' });
    for (const source of [
      'models:/original/1',
      'models:/original/Staging',
      'models:/original/latest',
      'models:/original@best',
    ])
      expect((await calls.addVersion('copy', { source })).body.model_version).toMatchObject({
        source: 'models:/original/1',
        run_id: 'abc',
      });
    expect((await ask('GET', 'model-versions/get-download-uri', { name: 'copy', version: '1' })).body).toEqual({
      artifact_uri: 's3://bucket/model',
    });
    expect(await calls.addVersion('copy', { source: 'models:/original/1', run_id: 'xyz' })).toMatchObject(
      refusal(400, 'INVALID_PARAMETER_VALUE', /must match the referenced model version/),
    );
  });
});

describe('a registration whose answer got lost', () => {
  const answered = () => eventually(async () => expect(await registry.rows.unansweredRegistration.count()).toBe(0));
  /** As if the process that made a version had died before it answered. */
  const lose = (version: number) => registry.rows.$executeRaw`
      INSERT INTO unanswered_registrations (version_id, request_hash, backend)
      SELECT id, (SELECT request_hash FROM seen_hash), '0' FROM model_versions WHERE model_name = 'lost' AND version = ${version}`;

  it('adds nothing when it comes again, and each lost answer is given once', async () => {
    await calls.create('lost');
    // The hash of such a request is taken from one that is on its way.
    await registry.rows.$executeRaw`CREATE TABLE seen_hash (request_hash text)`;
    await registry.rows.$executeRawUnsafe(`
      CREATE FUNCTION see_hash() RETURNS trigger SECURITY DEFINER LANGUAGE plpgsql AS $$
      BEGIN DELETE FROM public.seen_hash; INSERT INTO public.seen_hash VALUES (NEW.request_hash); RETURN NEW; END $$`);
    await registry.rows.$executeRaw`
      CREATE TRIGGER see_hash BEFORE INSERT ON unanswered_registrations FOR EACH ROW EXECUTE FUNCTION see_hash()`;
    const versionOf = async () => (await calls.addVersion('lost')).body.model_version.version;
    expect([await versionOf(), await versionOf()]).toEqual(['1', '2']);
    await registry.rows.$executeRaw`DROP TRIGGER see_hash ON unanswered_registrations`;
    await answered();
    await lose(1);
    await lose(2);
    expect([await versionOf(), await versionOf()].sort()).toEqual(['1', '2']);
    expect(await versionOf()).toBe('3');
    // Other words are another request.
    await answered();
    await lose(3);
    expect((await calls.addVersion('lost', { description: 'other' })).body.model_version.version).toBe('4');
  });
});

describe('stages', () => {
  it('are labels in MLflow words for versions that are not served', async () => {
    await calls.create('staged');
    for (let at = 0; at < 3; at++) await calls.addVersion('staged');
    expect((await calls.setStage('staged', '1', 'production')).body.model_version).toMatchObject({
      current_stage: 'Production',
    });
    expect((await calls.setStage('staged', '2', 'Staging')).body.model_version).toMatchObject({
      current_stage: 'Staging',
    });
    await calls.setStage('staged', '3', 'Production', true);
    expect((await calls.getVersion('staged', '1')).body.model_version).toMatchObject({ current_stage: 'Archived' });
    const { body } = await ask('POST', 'registered-models/get-latest-versions', {
      name: 'staged',
      stages: ['Production', 'None'],
    });
    expect(body.model_versions).toMatchObject([{ version: '3', current_stage: 'Production' }]);
    const { body: all } = await ask('GET', 'registered-models/get-latest-versions', { name: 'staged' });
    expect(all.model_versions).toHaveLength(3);
    expect((await calls.getModel('staged')).body.registered_model.latest_versions).toHaveLength(3);
    expect((await registry.call({ path: '/api/v1/models/staged' })).body).toMatchObject({ live_version: null });
  });

  it('that are none, or cannot archive others, are refused', async () => {
    await calls.create('unstaged');
    await calls.addVersion('unstaged');
    expect(await calls.setStage('unstaged', '1', 'Live')).toMatchObject(
      refusal(
        400,
        'INVALID_PARAMETER_VALUE',
        'Invalid Model Version stage: Live. Value must be one of None, Staging, Production, Archived.',
      ),
    );
    expect(await calls.setStage('unstaged', '1', 'Archived', true)).toMatchObject(
      refusal(400, 'INVALID_PARAMETER_VALUE', /'Archived' is not an Active stage/),
    );
  });

  it('set to Production put a version live that can be served, by the gate, and bring one back by a rollback', async () => {
    for (let at = 0; at < 3; at++)
      await register(
        registry,
        'served',
        at === 2 ? { evaluation: { holdout: null, cross_validation: null, versus_live: [] } } : {},
      );
    expect((await calls.setStage('served', '1', 'Production')).body.model_version).toMatchObject({
      current_stage: 'Production',
    });
    expect((await registry.call({ path: '/api/v1/models/served' })).body).toMatchObject({ live_version: 1 });
    expect(await calls.setStage('served', '1', 'Archived')).toMatchObject(
      refusal(409, 'RESOURCE_CONFLICT', /Version 1 is live/),
    );
    expect((await calls.setStage('served', '2', 'Production')).status).toBe(200);
    expect((await calls.getVersion('served', '1')).body.model_version).toMatchObject({ current_stage: 'Archived' });
    expect((await calls.setStage('served', '1', 'Production')).status).toBe(200);
    expect((await registry.call({ path: '/api/v1/models/served' })).body).toMatchObject({ live_version: 1 });
    expect(await calls.setStage('served', '3', 'Production')).toMatchObject(
      refusal(409, 'RESOURCE_CONFLICT', /f1-below-minimum/),
    );
    await calls.setStage('served', '3', 'Archived');
    expect((await calls.setStage('served', '3', 'None')).body.model_version).toMatchObject({ current_stage: 'None' });
  });
});

it('a version that was archived and may not go live stays archived', async () => {
  await register(registry, 'weak', {
    evaluation: { holdout: holdout({ f1_score: 0.01 }), cross_validation: null, versus_live: [] },
  });
  await calls.setStage('weak', '1', 'Archived');
  const { status, body } = await calls.setStage('weak', '1', 'Production');
  expect([status, body.message]).toEqual([409, expect.stringMatching(/^Version 1: /)]);
  expect((await calls.getVersion('weak', '1')).body.model_version.current_stage).toBe('Archived');
});

it('files that registration named for a version go with it, unless another version is made of them', async () => {
  for (let version = 1; version <= 3; version++) await register(registry, 'filed', { training_run_id: null });
  await calls.create('copies');
  await calls.addVersion('copies', { source: 'models:/filed/2' });
  const filesOf = () => registry.rows.loggedModel.count({ where: { name: 'filed' } });
  expect(await filesOf()).toBe(3);
  expect((await ask('DELETE', 'model-versions/delete', { name: 'filed', version: '1' })).status).toBe(200);
  expect(await filesOf()).toBe(2);
  expect((await ask('DELETE', 'registered-models/delete', { name: 'filed' })).status).toBe(200);
  expect(await filesOf()).toBe(1);
  expect((await ask('DELETE', 'registered-models/delete', { name: 'copies' })).status).toBe(200);
  expect(await filesOf()).toBe(0);
});

it('a version names the run that made it', async () => {
  const run_id = await startRun(ask);
  await calls.create('made');
  expect((await calls.addVersion('made', { source: `runs:/${run_id}/model` })).body.model_version).toMatchObject({
    run_id,
  });
  expect((await ask('GET', 'model-versions/get-download-uri', { name: 'made', version: '1' })).body).toEqual({
    artifact_uri: `mlflow-artifacts:/0/${run_id}/artifacts/model`,
  });
});
