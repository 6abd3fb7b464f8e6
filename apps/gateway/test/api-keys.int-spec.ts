import { eventually } from '@gimbal/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type GatewayFixture, SECRETS, startGateway } from './gateway-fixture.js';

let gateway: GatewayFixture;
beforeAll(async () => {
  gateway = await startGateway({ API_KEY_REFRESH: '100' });
});
afterAll(() => gateway.dispose());

const create = async (body: object, headers: Record<string, string> = {}) =>
  (await gateway.ask('admin', 'POST', '/api/v1/api-keys', { body, headers })).json;
const listAs = async (secret: string, url = '/api/v1/models') =>
  (await gateway.ask(null, 'GET', url, { headers: { 'x-api-key': secret } })).status;

describe('a key made by an admin', () => {
  it('opens the door at once, shows its secret once, and is kept as a hash only', async () => {
    const made = await gateway.ask('admin', 'POST', '/api/v1/api-keys', {
      body: { name: 'ci', roles: ['viewer'], owner: 'Ada' },
    });
    expect(made.status).toBe(201);
    const { key, secret } = made.json;
    expect(secret).toMatch(/^gmb_[a-z0-9]{8}_[A-Za-z0-9_-]{43}$/);
    expect(key).toMatchObject({
      name: 'ci',
      roles: ['viewer'],
      owner: 'Ada',
      created_by: 'admin',
      revoked_at: null,
      prefix: secret.slice(0, 12),
    });
    expect(await listAs(secret)).toBe(200);
    const kept = JSON.stringify([
      await gateway.database.client().apiKey.findMany(),
      (await gateway.ask('admin', 'GET', '/api/v1/audit')).json,
      (await gateway.ask('admin', 'GET', '/api/v1/api-keys')).json,
      gateway.logs(),
    ]);
    expect(kept).toContain('"ci"');
    expect(kept).not.toContain(secret.slice(13));
  });

  it('does what its roles say and no more', async () => {
    const { secret } = await create({ name: 'reader', roles: ['viewer'] });
    expect(await listAs(secret, '/api/v1/api-keys')).toBe(403);
  });

  it('that is revoked opens nothing from that moment on, and revoking again changes nothing', async () => {
    const { key, secret } = await create({ name: 'gone', roles: ['viewer'] });
    expect(await listAs(secret)).toBe(200);
    expect((await gateway.ask('admin', 'DELETE', `/api/v1/api-keys/${key.id}`)).status).toBe(204);
    expect(await listAs(secret)).toBe(401);
    expect((await gateway.ask('admin', 'DELETE', `/api/v1/api-keys/${key.id}`)).status).toBe(204);
    const { items } = (await gateway.ask('admin', 'GET', `/api/v1/audit?subject=api-key/${key.id}`)).json;
    expect(items.map(({ action, actor }: { action: string; actor: string }) => [action, actor])).toEqual([
      ['api-key.revoked', 'admin'],
      ['api-key.created', 'admin'],
    ]);
  });

  it('that another gateway revoked opens nothing a moment later; one that it made opens at once', async () => {
    const { key, secret } = await create({ name: 'elsewhere', roles: ['viewer'] });
    expect(await listAs(secret)).toBe(200);
    const client = gateway.database.client();
    await client.apiKey.update({ where: { id: key.id }, data: { revokedAt: new Date() } });
    await eventually(async () => expect(await listAs(secret)).toBe(401));
  });

  it('opens nothing once it has expired, or its owner was disabled', async () => {
    const end = Date.now() + 2_000;
    const soon = await create({
      name: 'brief',
      roles: ['viewer'],
      expires_at: new Date(end).toISOString(),
    });
    const before = await listAs(soon.secret);
    if (Date.now() < end) expect(before).toBe(200); // else this machine was too slow to see it open
    await eventually(async () => expect(await listAs(soon.secret)).toBe(401));
    const owned = await create({ name: 'owned', roles: ['viewer'], owner: 'Grace' });
    await gateway.database.client().user.update({ where: { name: 'Grace' }, data: { disabledAt: new Date() } });
    await eventually(async () => expect(await listAs(owned.secret)).toBe(401));
  });

  it.each([
    ['without a role', { name: 'x', roles: [] }],
    ['with a role that is none', { name: 'x', roles: ['root'] }],
    ['without a name', { name: ' ', roles: ['viewer'] }],
    ['expired from the start', { name: 'x', roles: ['viewer'], expires_at: '2020-01-01T00:00:00Z' }],
  ])('is refused %s', async (_name, body) => {
    expect(await gateway.ask('admin', 'POST', '/api/v1/api-keys', { body })).toMatchObject({
      status: 400,
      json: { code: 'validation-failed' },
    });
  });

  it('under an Idempotency-Key is made once; its secret is not given a second time', async () => {
    const ask = () =>
      gateway.ask('admin', 'POST', '/api/v1/api-keys', {
        body: { name: 'once', roles: ['viewer'] },
        headers: { 'idempotency-key': 'make-it' },
      });
    const first = await ask();
    expect(first.status).toBe(201);
    expect(await ask()).toMatchObject({ status: 409, json: { code: 'already-exists' } });
    expect(await gateway.database.client().apiKey.count({ where: { name: 'once' } })).toBe(1);
    expect(JSON.stringify(await gateway.database.client().idempotencyKey.findMany())).not.toContain(first.json.secret);
  });
});

it('lists keys page by page, those of the environment first', async () => {
  for (const name of ['page-1', 'page-2', 'page-3']) await create({ name, roles: ['viewer'] });
  const first = (await gateway.ask('admin', 'GET', '/api/v1/api-keys?limit=2')).json;
  const names = (page: { items: Array<{ name: string }> }) => page.items.map(({ name }) => name);
  expect(names(first)).toEqual(['viewer', 'predictor', 'operator', 'approver', 'admin', 'page-3', 'page-2']);
  const second = (await gateway.ask('admin', 'GET', `/api/v1/api-keys?limit=2&cursor=${first.next_cursor}`)).json;
  expect(names(second)[0]).toBe('page-1');
  expect(await gateway.ask('admin', 'GET', '/api/v1/api-keys?cursor=bm9uc2Vuc2U')).toMatchObject({
    status: 400,
    json: { code: 'invalid-cursor' },
  });
});

it('says where a key of the environment is taken back: 409, and 404 for a key that is none', async () => {
  const { items } = (await gateway.ask('admin', 'GET', '/api/v1/api-keys')).json;
  const viewer = items.find(({ name }: { name: string }) => name === 'viewer');
  expect(await gateway.ask('admin', 'DELETE', `/api/v1/api-keys/${viewer.id}`)).toMatchObject({
    status: 409,
    json: { code: 'invalid-transition' },
  });
  expect(await listAs(SECRETS.viewer)).toBe(200);
  expect(await gateway.ask('admin', 'DELETE', '/api/v1/api-keys/0b6f3c1e-5d0a-4c1b-9d7e-2f1a3b4c5d6e')).toMatchObject({
    status: 404,
    json: { code: 'api-key-not-found' },
  });
});
