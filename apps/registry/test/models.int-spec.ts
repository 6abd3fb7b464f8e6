import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type RegistryHarness, startRegistry } from './registry-harness.js';
import { auditOf, holdout, promote, register } from './versions.js';

let registry: RegistryHarness;
beforeAll(async () => {
  registry = await startRegistry();
  await register(registry, 'heart', { framework: 'gimbal' });
  await register(registry, 'heart', {
    framework: 'onnx',
    evaluation: { holdout: holdout({ accuracy: 0.95 }), cross_validation: null, versus_live: [] },
  });
  await register(registry, 'lung', { framework: 'onnx', algorithm: 'logistic-regression' });
  await promote(registry, { model: 'heart', version: 1, expected: null });
});
afterAll(() => registry.dispose());

const get = (path: string) => registry.call({ path });
const names = async (query: string) =>
  (await get(`/api/v1/models${query}`)).body.items.map(({ name }: { name: string }) => name);
const numbers = async (query: string) =>
  (await get(`/api/v1/models/heart/versions${query}`)).body.items.map(({ version }: { version: number }) => version);
const point = (alias: string, version: number, reason = 'Because.') =>
  registry.call({ method: 'PUT', path: `/api/v1/models/heart/aliases/${alias}`, body: { version, reason } });

describe('models', () => {
  it('are searched by framework, stage and accuracy, of one version together', async () => {
    expect(await names('')).toEqual(['lung', 'heart']);
    expect(await names('?framework=onnx')).toEqual(['lung', 'heart']);
    expect(await names('?stage=production')).toEqual(['heart']);
    expect(await names('?min_accuracy=0.9')).toEqual(['heart']);
    expect(await names('?stage=production&min_accuracy=0.9')).toEqual([]);
    expect(await names('?framework=onnx&min_accuracy=0.9')).toEqual(['heart']);
    expect((await get('/api/v1/models?stage=live')).body.code).toBe('validation-failed');
    expect((await get('/api/v1/models?min_accuracy=2')).body.code).toBe('validation-failed');
    expect((await get('/api/v1/models/nobody')).body.code).toBe('model-not-found');
    expect((await get('/api/v1/models/Not%3AA%3AName')).body.code).toBe('validation-failed');
  });

  it('list their versions, newest first', async () => {
    expect(await numbers('')).toEqual([2, 1]);
    expect(await numbers('?stage=production')).toEqual([1]);
    expect(await numbers('?min_accuracy=0.9')).toEqual([2]);
    expect(await numbers('?algorithm=nothing')).toEqual([]);
    const first = await get('/api/v1/models/heart/versions?limit=1');
    expect(await numbers(`?limit=1&cursor=${first.body.next_cursor}`)).toEqual([1]);
    expect((await get('/api/v1/models/nobody/versions')).body.code).toBe('model-not-found');
    expect((await get('/api/v1/models/heart/versions/3')).body.code).toBe('version-not-found');
  });
});

describe('an alias', () => {
  it('points at a version, remembers every move, and what it pointed at then', async () => {
    const first = await point('champion', 1, 'The first.');
    expect(first.body).toMatchObject({ alias: 'champion', version: 1, moved_by: 'grace' });
    const moved = await point('champion', 2, 'Better.');
    expect((await point('champion', 2)).body).toEqual(moved.body);
    expect((await get('/api/v1/models/heart/aliases/champion')).body).toEqual(moved.body);
    expect((await get('/api/v1/models/heart/versions/2')).body.aliases).toEqual(['champion']);
    expect((await get('/api/v1/models/heart')).body.aliases).toEqual({ champion: 2, live: 1 });

    const { body } = await get('/api/v1/models/heart/aliases/champion/history');
    expect(body.items).toEqual([
      expect.objectContaining({ from_version: 1, to_version: 2, actor: 'grace', reason: 'Better.', decision_id: null }),
      expect.objectContaining({ from_version: null, to_version: 1, reason: 'The first.' }),
    ]);
    const page = await get('/api/v1/models/heart/aliases/champion/history?limit=1');
    const rest = await get(`/api/v1/models/heart/aliases/champion/history?limit=1&cursor=${page.body.next_cursor}`);
    expect(rest.body).toMatchObject({ items: [{ to_version: 1 }], next_cursor: null });

    const then = await get(`/api/v1/models/heart/aliases/champion?at=${first.body.moved_at}`);
    const sameMoment = first.body.moved_at === moved.body.moved_at;
    expect(then.body.version).toBe(sameMoment ? 2 : 1);
    const before = await get('/api/v1/models/heart/aliases/champion?at=2020-01-01T00:00:00Z');
    expect([before.status, before.body.code]).toEqual([404, 'alias-not-found']);
    expect((await auditOf(registry, 'heart')).filter(({ action }) => action === 'alias.moved').length).toBe(2);
  });

  it('named live moves only by promotion, whose decision is in its history', async () => {
    const reply = await point('live', 2);
    expect([reply.status, reply.body.code]).toEqual([409, 'invalid-transition']);
    const { body } = await get('/api/v1/models/heart/aliases/live/history');
    expect(body.items).toEqual([
      expect.objectContaining({ from_version: null, to_version: 1, decision_id: expect.any(String) }),
    ]);
  });

  it('that is not there, or would point nowhere, is refused', async () => {
    expect((await point('next', 9)).body.code).toBe('version-not-found');
    expect((await get('/api/v1/models/heart/aliases/next')).body.code).toBe('alias-not-found');
    expect((await get('/api/v1/models/heart/aliases/next/history')).body.code).toBe('alias-not-found');
    expect((await get('/api/v1/models/nobody/aliases/next')).body.code).toBe('model-not-found');
    expect((await point('not%20an%20alias', 1)).body.code).toBe('validation-failed');
    expect((await point('next', 1, ' ')).body.code).toBe('validation-failed');
  });
});

describe('the door', () => {
  it('is closed to those who are no service of this system', async () => {
    const reply = await registry.app.inject({ url: '/api/v1/models' });
    expect([reply.statusCode, reply.json().code]).toEqual([401, 'missing-api-key']);
  });
});

describe('while the database is away', () => {
  it('every route says so, and works again when it is back', async () => {
    const name = new URL(registry.database.ownerUrl).pathname.slice(1);
    const limit = (connections: number) =>
      registry.rows.$executeRawUnsafe(`ALTER DATABASE "${name}" CONNECTION LIMIT ${connections}`);
    await limit(0);
    try {
      await registry.rows.$executeRawUnsafe(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}' AND usename = 'gimbal_registry'`,
      );
      for (const path of ['/api/v1/models', '/api/v1/models/heart', '/api/v1/experiments', '/internal/traffic']) {
        const { status, body } = await registry.call({
          path,
          caller: path.startsWith('/internal') ? 'serving' : 'gateway',
        });
        expect([path, status, body.code]).toEqual([path, 503, 'database-unavailable']);
      }
      expect((await promote(registry, { model: 'heart', version: 2, expected: 1 })).body.code).toBe(
        'database-unavailable',
      );
    } finally {
      await limit(-1);
    }
    expect(await names('')).toEqual(['lung', 'heart']);
  });

  it('at the start, too: it is not ready, and answers that it is not', async () => {
    const alone = await registry.replica({ DATABASE_URL: 'postgresql://gimbal_registry:x@127.0.0.1:1/none' });
    try {
      expect((await alone.call({ path: '/api/v1/models' })).body.code).toBe('database-unavailable');
      expect((await alone.call({ path: '/internal/traffic', caller: 'serving' })).body.code).toBe(
        'database-unavailable',
      );
      expect((await promote(alone, { model: 'heart', version: 2, expected: 1 })).body.code).toBe(
        'database-unavailable',
      );
      expect((await alone.call({ path: '/health/ready' })).status).toBe(503);
    } finally {
      await alone.dispose();
    }
  });
});
