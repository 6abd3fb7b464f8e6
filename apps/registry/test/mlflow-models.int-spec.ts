import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type AskMlflow, mlflowOf } from './mlflow-call.js';
import { type ModelCalls, modelCalls, refusal } from './mlflow-model-calls.js';
import { type RegistryHarness, startRegistry } from './registry-harness.js';
import { promote, register } from './versions.js';

let registry: RegistryHarness;
let ask: AskMlflow;
let calls: ModelCalls;

beforeAll(async () => {
  registry = await startRegistry();
  ask = mlflowOf(registry);
  calls = modelCalls(ask);
}, 120_000);
afterAll(() => registry?.dispose());

describe('a registered model', () => {
  it('is created, read, described, tagged and found again', async () => {
    const tags = [{ key: 'team', value: 'blue' }];
    const { status, body } = await calls.create('first', { tags, description: 'One.' });
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
    expect((await calls.getModel('first')).body.registered_model).toMatchObject({ tags: [{ key: 'a', value: 'b' }] });
  });

  it('has a name of its own, in the words that clients compare', async () => {
    await calls.create('own');
    expect(await calls.create('own')).toMatchObject(
      refusal(400, 'RESOURCE_ALREADY_EXISTS', 'Registered Model (name=own) already exists.'),
    );
    expect(await calls.getModel('other')).toMatchObject(
      refusal(404, 'RESOURCE_DOES_NOT_EXIST', 'Registered Model with name=other not found'),
    );
    expect(await calls.addVersion('other')).toMatchObject(
      refusal(404, 'RESOURCE_DOES_NOT_EXIST', 'Registered Model with name=other not found'),
    );
  });

  it.each(['My Model', 'iris_sklearn', 'Modell für Größe', 'a.b@c', '100%'])('may be called %s', async (name) => {
    expect((await calls.create(name)).status).toBe(200);
    await calls.addVersion(name);
    expect((await calls.getVersion(name, '1')).body.model_version).toMatchObject({ name, version: '1' });
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
    const answer = await calls.create(name);
    expect(answer).toMatchObject({ status: 400, body: { error_code: 'INVALID_PARAMETER_VALUE' } });
    if (typeof message === 'string') expect(answer.body.message).toContain(message);
    else expect(answer.body.message).toMatch(message);
  });

  it('is never called by a name without end', async () => {
    expect(await calls.create('x'.repeat(10_000))).toMatchObject(
      refusal(400, 'INVALID_PARAMETER_VALUE', "'name' exceeds the maximum length of 256 characters"),
    );
  });
});

describe('aliases', () => {
  it('are set, moved, read and taken away, with their history', async () => {
    await calls.create('named');
    await calls.addVersion('named');
    await calls.addVersion('named');
    const setAlias = (alias: string, version: string) =>
      ask('POST', 'registered-models/alias', { name: 'named', alias, version });
    expect((await setAlias('Champion', '1')).body).toEqual({});
    await setAlias('Champion', '2');
    const read = (alias: string) => ask('GET', 'registered-models/alias', { name: 'named', alias });
    expect((await read('Champion')).body.model_version).toMatchObject({ version: '2', aliases: ['Champion'] });
    expect((await calls.getModel('named')).body.registered_model.aliases).toEqual([
      { alias: 'Champion', version: '2' },
    ]);
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
    await calls.create('old');
    await calls.addVersion('old');
    await ask('POST', 'registered-models/alias', { name: 'old', alias: 'best', version: '1' });
    expect((await ask('POST', 'registered-models/rename', { name: 'old', new_name: 'new' })).body).toMatchObject({
      registered_model: { name: 'new', aliases: [{ alias: 'best', version: '1' }] },
    });
    expect((await calls.getModel('old')).status).toBe(404);
    expect((await calls.getVersion('new', '1')).status).toBe(200);
    expect((await registry.call({ path: '/api/v1/models/new/aliases/best/history' })).body.items).toHaveLength(1);
    expect((await calls.addVersion('new')).body.model_version.version).toBe('2');
    await calls.create('taken');
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

describe('a model with a promotion policy', () => {
  // Else an operator could make a model of the same name again, which asks for nothing.
  it('is deleted and renamed by an admin alone', async () => {
    await calls.create('guarded');
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
    await calls.create('gone');
    await calls.addVersion('gone');
    await calls.addVersion('gone');
    await ask('POST', 'registered-models/alias', { name: 'gone', alias: 'a', version: '2' });
    expect((await ask('DELETE', 'model-versions/delete', { name: 'gone', version: '2' })).body).toEqual({});
    expect(await calls.getVersion('gone', '2')).toMatchObject({ status: 404 });
    expect((await calls.getModel('gone')).body.registered_model.aliases).toEqual([]);
    expect((await calls.addVersion('gone')).body.model_version.version).toBe('3');
    expect((await registry.call({ path: '/api/v1/models/gone' })).body).toMatchObject({
      versions: 2,
      latest_version: 3,
    });
    expect((await ask('DELETE', 'registered-models/delete', { name: 'gone' })).body).toEqual({});
    expect((await calls.getModel('gone')).status).toBe(404);
    expect((await calls.create('gone')).status).toBe(200);
    expect((await calls.addVersion('gone')).body.model_version.version).toBe('1');
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
