import { eventually } from '@gimbal/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type AskMlflow, mlflowOf, startRun } from './mlflow-call.js';
import { type RegistryHarness, startRegistry } from './registry-harness.js';
import { holdout, promote, register } from './versions.js';

let registry: RegistryHarness;
let ask: AskMlflow;

beforeAll(async () => {
  registry = await startRegistry();
  ask = mlflowOf(registry);
}, 120_000);
afterAll(() => registry?.dispose());

const create = (name: string, members: object = {}) => ask('POST', 'registered-models/create', { name, ...members });
const addVersion = (name: string, members: object = {}) =>
  ask('POST', 'model-versions/create', { name, source: 's3://bucket/model', ...members });
const getModel = (name: string) => ask('GET', 'registered-models/get', { name });
const getVersion = (name: string, version: string) => ask('GET', 'model-versions/get', { name, version });
const setStage = (name: string, version: string, stage: string, archive_existing_versions = false) =>
  ask('POST', 'model-versions/transition-stage', { name, version, stage, archive_existing_versions });
const refusal = (status: number, error_code: string, message: string | RegExp) => ({
  status,
  body: { error_code, message: typeof message === 'string' ? message : expect.stringMatching(message) },
});

describe('a registered model', () => {
  it('is created, read, described, tagged and found again', async () => {
    const tags = [{ key: 'team', value: 'blue' }];
    const { status, body } = await create('first', { tags, description: 'One.' });
    expect(status).toBe(200);
    expect(body.registered_model).toEqual({
      name: 'first',
      creation_timestamp: expect.any(Number),
      last_updated_timestamp: expect.any(Number),
      description: 'One.',
      tags,
      aliases: [],
    });
    expect((await ask('PATCH', 'registered-models/update', { name: 'first', description: 'Two.' })).body).toMatchObject(
      {
        registered_model: { description: 'Two.' },
      },
    );
    expect((await ask('POST', 'registered-models/set-tag', { name: 'first', key: 'a', value: 'b' })).body).toEqual({});
    expect((await ask('DELETE', 'registered-models/delete-tag', { name: 'first', key: 'team' })).body).toEqual({});
    expect((await ask('DELETE', 'registered-models/delete-tag', { name: 'first', key: 'not there' })).status).toBe(200);
    expect((await getModel('first')).body.registered_model).toMatchObject({ tags: [{ key: 'a', value: 'b' }] });
  });

  it('has a name of its own, in the words that clients compare', async () => {
    await create('own');
    expect(await create('own')).toMatchObject(
      refusal(400, 'RESOURCE_ALREADY_EXISTS', 'Registered Model (name=own) already exists.'),
    );
    expect(await getModel('other')).toMatchObject(
      refusal(404, 'RESOURCE_DOES_NOT_EXIST', 'Registered Model with name=other not found'),
    );
    expect(await addVersion('other')).toMatchObject(
      refusal(404, 'RESOURCE_DOES_NOT_EXIST', 'Registered Model with name=other not found'),
    );
  });

  it.each(['My Model', 'iris_sklearn', 'Modell für Größe', 'a.b@c', '100%'])('may be called %s', async (name) => {
    expect((await create(name)).status).toBe(200);
    await addVersion(name);
    expect((await getVersion(name, '1')).body.model_version).toMatchObject({ name, version: '1' });
    const path = `/api/v1/models/${encodeURIComponent(name)}/versions/1`;
    expect((await registry.call({ path })).body).toMatchObject({
      model_name: name,
      unserved_reason: expect.any(String),
    });
    expect((await registry.call({ path: '/internal/traffic', caller: 'serving' })).status).toBe(200);
  });

  it.each([
    ['', "Missing value for required parameter 'name'."],
    ['  ', "Missing value for required parameter 'name'."],
    ['a/b', "Invalid model name 'a/b'. Names cannot contain '/' or ':'."],
    ['a:b', "Invalid model name 'a:b'. Names cannot contain '/' or ':'."],
    ['../x', /Names cannot contain/],
    ['%2e%2e%2fetc', /Names cannot contain/],
    ['%252e%252e%252fetc', /Names cannot contain/],
    ['..', /Names may be treated as files in certain cases/],
    ['nul\u0000', /NUL/],
    ['a\u202eb', /invisible/],
  ])('is never called %j', async (name, message) => {
    const answer = await create(name);
    expect(answer).toMatchObject({ status: 400, body: { error_code: 'INVALID_PARAMETER_VALUE' } });
    if (typeof message === 'string') expect(answer.body.message).toContain(message);
    else expect(answer.body.message).toMatch(message);
  });

  it('is never called by a name without end', async () => {
    expect(await create('x'.repeat(10_000))).toMatchObject(
      refusal(400, 'INVALID_PARAMETER_VALUE', "'name' exceeds the maximum length of 256 characters"),
    );
  });
});

describe('versions', () => {
  it('count from 1, keep what was said of them, and are told apart from those that can be served', async () => {
    await create('kept');
    const { body } = await addVersion('kept', {
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
    expect((await addVersion('kept')).body.model_version).toMatchObject({ version: '2', run_id: '' });
    expect((await getVersion('kept', '1')).body.model_version).toEqual(body.model_version);
    expect((await ask('GET', 'model-versions/get-download-uri', { name: 'kept', version: '1' })).body).toEqual({
      artifact_uri: 's3://bucket/model',
    });
    expect(await getVersion('kept', '3')).toMatchObject(
      refusal(404, 'RESOURCE_DOES_NOT_EXIST', 'Model Version (name=kept, version=3) not found'),
    );
    expect(await getVersion('kept', 'one')).toMatchObject(
      refusal(400, 'INVALID_PARAMETER_VALUE', "Parameter 'version' must be an integer, got 'one'."),
    );
  });

  it('have no gaps in their numbers, however many clients register at once', async () => {
    await create('busy');
    const answers = await Promise.all(
      Array.from({ length: 16 }, async (_, client) => {
        const own: number[] = [];
        for (let at = 0; at < 5; at++)
          own.push(Number((await addVersion('busy', { description: `${client}/${at}` })).body.model_version.version));
        return own;
      }),
    );
    expect(answers.flat().sort((one, other) => one - other)).toEqual(Array.from({ length: 80 }, (_, at) => at + 1));
    await eventually(async () => expect(await registry.rows.unansweredRegistration.count()).toBe(0));
  });

  it('are described and tagged', async () => {
    await create('noted');
    await addVersion('noted');
    const named = { name: 'noted', version: '1' };
    expect(
      (await ask('PATCH', 'model-versions/update', { ...named, description: 'Good.' })).body.model_version,
    ).toMatchObject({
      description: 'Good.',
    });
    await ask('POST', 'model-versions/set-tag', { ...named, key: 'a', value: '1' });
    await ask('POST', 'model-versions/set-tag', { ...named, key: 'b', value: '2' });
    await ask('DELETE', 'model-versions/delete-tag', { ...named, key: 'a' });
    expect((await getVersion('noted', '1')).body.model_version.tags).toEqual([{ key: 'b', value: '2' }]);
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
    await create('sources');
    expect(await addVersion('sources', { source })).toMatchObject(refusal(400, 'INVALID_PARAMETER_VALUE', message));
  });

  it('of versions keep where the first one came from', async () => {
    await create('original');
    await create('copy');
    await addVersion('original', { run_id: 'abc' });
    await setStage('original', '1', 'Staging');
    await ask('POST', 'registered-models/alias', { name: 'original', alias: 'best', version: '1' });
    for (const source of [
      'models:/original/1',
      'models:/original/Staging',
      'models:/original/latest',
      'models:/original@best',
    ])
      expect((await addVersion('copy', { source })).body.model_version).toMatchObject({
        source: 'models:/original/1',
        run_id: 'abc',
      });
    expect((await ask('GET', 'model-versions/get-download-uri', { name: 'copy', version: '1' })).body).toEqual({
      artifact_uri: 's3://bucket/model',
    });
    expect(await addVersion('copy', { source: 'models:/original/1', run_id: 'xyz' })).toMatchObject(
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
    await create('lost');
    // The hash of such a request is taken from one that is on its way.
    await registry.rows.$executeRaw`CREATE TABLE seen_hash (request_hash text)`;
    await registry.rows.$executeRawUnsafe(`
      CREATE FUNCTION see_hash() RETURNS trigger SECURITY DEFINER LANGUAGE plpgsql AS $$
      BEGIN DELETE FROM public.seen_hash; INSERT INTO public.seen_hash VALUES (NEW.request_hash); RETURN NEW; END $$`);
    await registry.rows.$executeRaw`
      CREATE TRIGGER see_hash BEFORE INSERT ON unanswered_registrations FOR EACH ROW EXECUTE FUNCTION see_hash()`;
    const versionOf = async () => (await addVersion('lost')).body.model_version.version;
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
    expect((await addVersion('lost', { description: 'other' })).body.model_version.version).toBe('4');
  });
});

describe('stages', () => {
  it('are labels in MLflow words for versions that are not served', async () => {
    await create('staged');
    for (let at = 0; at < 3; at++) await addVersion('staged');
    expect((await setStage('staged', '1', 'production')).body.model_version).toMatchObject({
      current_stage: 'Production',
    });
    expect((await setStage('staged', '2', 'Staging')).body.model_version).toMatchObject({ current_stage: 'Staging' });
    await setStage('staged', '3', 'Production', true);
    expect((await getVersion('staged', '1')).body.model_version).toMatchObject({ current_stage: 'Archived' });
    const { body } = await ask('POST', 'registered-models/get-latest-versions', {
      name: 'staged',
      stages: ['Production', 'None'],
    });
    expect(body.model_versions).toMatchObject([{ version: '3', current_stage: 'Production' }]);
    const { body: all } = await ask('GET', 'registered-models/get-latest-versions', { name: 'staged' });
    expect(all.model_versions).toHaveLength(3);
    expect((await getModel('staged')).body.registered_model.latest_versions).toHaveLength(3);
    expect((await registry.call({ path: '/api/v1/models/staged' })).body).toMatchObject({ live_version: null });
  });

  it('that are none, or cannot archive others, are refused', async () => {
    await create('unstaged');
    await addVersion('unstaged');
    expect(await setStage('unstaged', '1', 'Live')).toMatchObject(
      refusal(
        400,
        'INVALID_PARAMETER_VALUE',
        'Invalid Model Version stage: Live. Value must be one of None, Staging, Production, Archived.',
      ),
    );
    expect(await setStage('unstaged', '1', 'Archived', true)).toMatchObject(
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
    expect((await setStage('served', '1', 'Production')).body.model_version).toMatchObject({
      current_stage: 'Production',
    });
    expect((await registry.call({ path: '/api/v1/models/served' })).body).toMatchObject({ live_version: 1 });
    expect(await setStage('served', '1', 'Archived')).toMatchObject(
      refusal(409, 'RESOURCE_CONFLICT', /Version 1 is live/),
    );
    expect((await setStage('served', '2', 'Production')).status).toBe(200);
    expect((await getVersion('served', '1')).body.model_version).toMatchObject({ current_stage: 'Archived' });
    expect((await setStage('served', '1', 'Production')).status).toBe(200);
    expect((await registry.call({ path: '/api/v1/models/served' })).body).toMatchObject({ live_version: 1 });
    expect(await setStage('served', '3', 'Production')).toMatchObject(
      refusal(409, 'RESOURCE_CONFLICT', /f1-below-minimum/),
    );
    await setStage('served', '3', 'Archived');
    expect((await setStage('served', '3', 'None')).body.model_version).toMatchObject({ current_stage: 'None' });
  });
});

describe('aliases', () => {
  it('are set, moved, read and taken away, with their history', async () => {
    await create('named');
    await addVersion('named');
    await addVersion('named');
    const setAlias = (alias: string, version: string) =>
      ask('POST', 'registered-models/alias', { name: 'named', alias, version });
    expect((await setAlias('Champion', '1')).body).toEqual({});
    await setAlias('Champion', '2');
    const read = (alias: string) => ask('GET', 'registered-models/alias', { name: 'named', alias });
    expect((await read('Champion')).body.model_version).toMatchObject({ version: '2', aliases: ['Champion'] });
    expect((await getModel('named')).body.registered_model.aliases).toEqual([{ alias: 'Champion', version: '2' }]);
    expect((await read('latest')).body.model_version).toMatchObject({ version: '2' });
    expect((await ask('DELETE', 'registered-models/alias', { name: 'named', alias: 'Champion' })).body).toEqual({});
    expect((await ask('DELETE', 'registered-models/alias', { name: 'named', alias: 'Champion' })).status).toBe(200);
    expect(await read('Champion')).toMatchObject(
      refusal(400, 'INVALID_PARAMETER_VALUE', 'Registered model alias Champion not found.'),
    );
    const { body } = await registry.call({ path: '/api/v1/models/named/aliases/Champion/history' });
    expect(body.items).toMatchObject([
      { from_version: 2, to_version: null },
      { from_version: 1, to_version: 2 },
      { from_version: null, to_version: 1 },
    ]);
    expect(await setAlias('latest', '1')).toMatchObject(
      refusal(400, 'INVALID_PARAMETER_VALUE', "'latest' alias name (case insensitive) is reserved."),
    );
    expect(await setAlias('v1', '1')).toMatchObject({ status: 400 });
    expect(await setAlias('a b', '1')).toMatchObject(
      refusal(400, 'INVALID_PARAMETER_VALUE', /^Invalid alias name: 'a b'/),
    );
    expect(await setAlias('live', '1')).toMatchObject(refusal(409, 'RESOURCE_CONFLICT', /moves only by promotion/));
  });
});

describe('a model that is renamed', () => {
  it('keeps versions, aliases and history', async () => {
    await create('old');
    await addVersion('old');
    await ask('POST', 'registered-models/alias', { name: 'old', alias: 'best', version: '1' });
    expect((await ask('POST', 'registered-models/rename', { name: 'old', new_name: 'new' })).body).toMatchObject({
      registered_model: { name: 'new', aliases: [{ alias: 'best', version: '1' }] },
    });
    expect((await getModel('old')).status).toBe(404);
    expect((await getVersion('new', '1')).status).toBe(200);
    expect((await registry.call({ path: '/api/v1/models/new/aliases/best/history' })).body.items).toHaveLength(1);
    expect((await addVersion('new')).body.model_version.version).toBe('2');
    await create('taken');
    expect(await ask('POST', 'registered-models/rename', { name: 'new', new_name: 'taken' })).toMatchObject(
      refusal(400, 'RESOURCE_ALREADY_EXISTS', 'Registered Model (name=taken) already exists.'),
    );
    expect(await ask('POST', 'registered-models/rename', { name: 'new', new_name: 'a/b' })).toMatchObject({
      status: 400,
    });
  });

  it('keeps the lineage of its versions', async () => {
    await register(registry, 'lineage', { training_run_id: null });
    const { version } = await registry.rows.modelVersion.findFirstOrThrow({ where: { modelName: 'lineage' } });
    await registry.rows.modelVersion.updateMany({ where: { modelName: 'lineage' }, data: { trainingRunId: null } });
    await register(registry, 'lineage', { parent_version: version });
    await registry.rows.modelVersion.updateMany({ where: { modelName: 'lineage' }, data: { trainingRunId: null } });
    expect((await ask('POST', 'registered-models/rename', { name: 'lineage', new_name: 'line' })).status).toBe(200);
    expect(await registry.rows.modelVersion.count({ where: { modelName: 'line', parentVersion: version } })).toBe(1);
    expect((await ask('DELETE', 'registered-models/delete', { name: 'line' })).status).toBe(200);
  });
});

it('a version that was archived and may not go live stays archived', async () => {
  await register(registry, 'weak', {
    evaluation: { holdout: holdout({ f1_score: 0.01 }), cross_validation: null, versus_live: [] },
  });
  await setStage('weak', '1', 'Archived');
  const { status, body } = await setStage('weak', '1', 'Production');
  expect([status, body.message]).toEqual([409, expect.stringMatching(/^Version 1: /)]);
  expect((await getVersion('weak', '1')).body.model_version.current_stage).toBe('Archived');
});

it('files that registration named for a version go with it, unless another version is made of them', async () => {
  for (let version = 1; version <= 3; version++) await register(registry, 'filed', { training_run_id: null });
  await create('copies');
  await addVersion('copies', { source: 'models:/filed/2' });
  const filesOf = () => registry.rows.loggedModel.count({ where: { name: 'filed' } });
  expect(await filesOf()).toBe(3);
  expect((await ask('DELETE', 'model-versions/delete', { name: 'filed', version: '1' })).status).toBe(200);
  expect(await filesOf()).toBe(2);
  expect((await ask('DELETE', 'registered-models/delete', { name: 'filed' })).status).toBe(200);
  expect(await filesOf()).toBe(1);
  expect((await ask('DELETE', 'registered-models/delete', { name: 'copies' })).status).toBe(200);
  expect(await filesOf()).toBe(0);
});

describe('a model with a promotion policy', () => {
  // Else an operator could make a model of the same name again, which asks for nothing.
  it('is deleted and renamed by an admin alone', async () => {
    await create('guarded');
    const path = '/api/v1/models/guarded/promotion-policy';
    const body = { policy: { approvals: 2 }, reason: 'Agreed on.' };
    await registry.call({ method: 'PUT', path, body, roles: ['admin'] });
    const rename = (by: AskMlflow, name: string, new_name: string) =>
      by('POST', 'registered-models/rename', { name, new_name });
    const remove = (by: AskMlflow, name: string) => by('DELETE', 'registered-models/delete', { name });
    const refused = refusal(403, 'PERMISSION_DENIED', /guarded has a promotion policy/);
    expect(await rename(ask, 'guarded', 'elsewhere')).toMatchObject(refused);
    expect(await remove(ask, 'guarded')).toMatchObject(refused);
    expect((await registry.call({ path })).body.policy.approvals).toBe(2);
    const askAsAdmin = mlflowOf(registry, 'admin');
    expect((await rename(askAsAdmin, 'guarded', 'known')).status).toBe(200);
    expect((await remove(askAsAdmin, 'known')).status).toBe(200);
  });
});

describe('what is deleted', () => {
  it('is gone: a version with its aliases, a model with all that it had; numbers are not given again', async () => {
    await create('gone');
    await addVersion('gone');
    await addVersion('gone');
    await ask('POST', 'registered-models/alias', { name: 'gone', alias: 'a', version: '2' });
    expect((await ask('DELETE', 'model-versions/delete', { name: 'gone', version: '2' })).body).toEqual({});
    expect(await getVersion('gone', '2')).toMatchObject({ status: 404 });
    expect((await getModel('gone')).body.registered_model.aliases).toEqual([]);
    expect((await addVersion('gone')).body.model_version.version).toBe('3');
    expect((await registry.call({ path: '/api/v1/models/gone' })).body).toMatchObject({
      versions: 2,
      latest_version: 3,
    });
    expect((await ask('DELETE', 'registered-models/delete', { name: 'gone' })).body).toEqual({});
    expect((await getModel('gone')).status).toBe(404);
    expect((await create('gone')).status).toBe(200);
    expect((await addVersion('gone')).body.model_version.version).toBe('1');
  });

  it('is never live, was never live, and nobody refers to it', async () => {
    for (let at = 0; at < 3; at++) await register(registry, 'needed');
    await promote(registry, { model: 'needed', version: 1, expected: null });
    await promote(registry, { model: 'needed', version: 2, expected: 1 });
    await promote(registry, { model: 'needed', version: 3, expected: 2 }, { stage: 'staging' });
    const remove = (version: string) => ask('DELETE', 'model-versions/delete', { name: 'needed', version });
    expect(await remove('2')).toMatchObject(refusal(409, 'RESOURCE_CONFLICT', /it is live/));
    expect(await remove('1')).toMatchObject(refusal(409, 'RESOURCE_CONFLICT', /it was live/));
    expect(await remove('3')).toMatchObject(refusal(409, 'RESOURCE_CONFLICT', /decisions about it are on record/));
    for (const [method, path, members] of [
      ['DELETE', 'registered-models/delete', { name: 'needed' }],
      ['POST', 'registered-models/rename', { name: 'needed', new_name: 'other-name' }],
    ] as const)
      expect(await ask(method, path, members)).toMatchObject(refusal(409, 'RESOURCE_CONFLICT', /version \d is live/));
  });
});

it('a version names the run that made it', async () => {
  const run_id = await startRun(ask);
  await create('made');
  expect((await addVersion('made', { source: `runs:/${run_id}/model` })).body.model_version).toMatchObject({ run_id });
  expect((await ask('GET', 'model-versions/get-download-uri', { name: 'made', version: '1' })).body).toEqual({
    artifact_uri: `mlflow-artifacts:/0/${run_id}/artifacts/model`,
  });
});
