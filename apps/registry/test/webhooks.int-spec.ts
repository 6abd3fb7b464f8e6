import { eventually } from '@gimbal/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { LostDeliveries } from '../src/webhooks/lost-deliveries.js';
import { WebhookDeliveryService } from '../src/webhooks/webhook-delivery.service.js';
import { type RegistryHarness, startRegistry } from './registry-harness.js';
import { promote, register } from './versions.js';
import { isSigned, startReceiver, type WebhookReceiver } from './webhook-receiver.js';

const SECRET = 'what only the receiver knows';
const opened: { close(): Promise<void> }[] = [];
let registry: RegistryHarness;
beforeAll(async () => {
  registry = await startRegistry({
    WEBHOOK_SECRET_KEY: 'k'.repeat(32),
    WEBHOOK_ALLOWED_HOSTS: '127.0.0.1',
    WEBHOOK_HTTP_ALLOWED: 'true',
    WEBHOOK_TIMEOUT: '2000',
  });
});
afterAll(async () => {
  for (const one of opened) await one.close();
  await registry.dispose();
});

const mlflow = (method: 'GET' | 'POST' | 'PATCH' | 'DELETE', path: string, body?: object) =>
  registry.call({
    method,
    path: `/api/2.0/mlflow/webhooks${path}`,
    body: body && Buffer.from(JSON.stringify(body)),
    roles: ['admin'],
  });
const receive = async (...args: Parameters<typeof startReceiver>): Promise<WebhookReceiver> => {
  const receiver = await startReceiver(...args);
  opened.push(receiver);
  return receiver;
};
const create = async (url: string, changes: object = {}) =>
  await mlflow('POST', '', {
    name: 'deployments',
    url,
    events: [{ entity: 'MODEL_VERSION', action: 'CREATED' }],
    secret: SECRET,
    ...changes,
  });
const deliveries = async (id: string) =>
  (await registry.call({ path: `/api/v1/webhooks/${id}/deliveries`, roles: ['admin'] })).body.items;
const bodies = ({ calls }: WebhookReceiver, model: string) =>
  calls.map(({ body }) => JSON.parse(body)).filter(({ data }) => data.name === model);

describe('a webhook', () => {
  it('is told of models, versions and aliases that change by our own routes, signed as MLflow signs', async () => {
    const receiver = await receive();
    const events = [
      ['REGISTERED_MODEL', 'CREATED'],
      ['MODEL_VERSION', 'CREATED'],
      ['MODEL_VERSION_ALIAS', 'CREATED'],
    ].map(([entity, action]) => ({ entity, action }));
    const { body } = await create(receiver.url, { events });
    await register(registry, 'told');
    await promote(registry, { model: 'told', version: 1, expected: null });
    const told = await eventually(() => {
      const all = bodies(receiver, 'told');
      expect(all).toHaveLength(3);
      return all;
    });
    expect(told.map(({ entity, action }) => `${entity}.${action}`).sort()).toEqual([
      'model_version.created',
      'model_version_alias.created',
      'registered_model.created',
    ]);
    expect(told.find(({ entity }) => entity === 'model_version_alias')).toMatchObject({
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      data: { name: 'told', alias: 'live', version: '1' },
    });
    expect(receiver.calls.every((call) => isSigned(call, SECRET))).toBe(true);
    expect(receiver.calls.every((call) => isSigned(call, 'another secret'))).toBe(false);
    await eventually(async () => {
      const states = (await deliveries(body.webhook.webhook_id)).map(({ state }: { state: string }) => state);
      expect(states).toEqual(['delivered', 'delivered', 'delivered']);
    });
  });

  it('is not told of a change that was rolled back', async () => {
    const receiver = await receive();
    const { body } = await create(receiver.url);
    const refused = await register(registry, 'undone', { parent_version: 99 });
    expect(refused.status).toBe(404);
    expect(await deliveries(body.webhook.webhook_id)).toEqual([]);
  });

  it('is tried again after "too much" and "not now", by the same id, and is left in peace after that', async () => {
    const receiver = await receive([
      { status: 429, headers: { 'retry-after': '1' } },
      { status: 503 },
      { status: 204 },
    ]);
    const { body } = await create(receiver.url);
    await register(registry, 'insisted');
    await eventually(async () => {
      expect(await deliveries(body.webhook.webhook_id)).toMatchObject([
        { state: 'delivered', attempts: 3, status_code: 204 },
      ]);
    });
    expect(receiver.calls).toHaveLength(3);
    expect(new Set(receiver.calls.map(({ headers }) => headers['x-mlflow-delivery-id'])).size).toBe(1);
    expect(receiver.calls.every((call) => isSigned(call, SECRET))).toBe(true);
  });

  it('that refuses, redirects, or is away does not keep another from being told', async () => {
    const refusing = await receive([{ status: 404 }]);
    const redirecting = await receive([{ status: 308, headers: { location: refusing.url } }]);
    const away = await startReceiver();
    await away.close();
    const good = await receive();
    const hooks = await Promise.all([refusing, redirecting, away, good].map(({ url }) => create(url)));
    await register(registry, 'isolated');
    await eventually(async () => {
      const states = await Promise.all(
        hooks.map(async ({ body }) =>
          (await deliveries(body.webhook.webhook_id)).map(({ state }: { state: string }) => state),
        ),
      );
      expect(states).toEqual([['refused'], ['refused'], ['pending'], ['delivered']]);
    });
    expect(bodies(refusing, 'isolated')).toHaveLength(1);
    for (const { body } of hooks) await mlflow('DELETE', `/${body.webhook.webhook_id}`);
  });

  it('is told of a change that a process had taken which died, once its claim lapses', async () => {
    const receiver = await receive();
    const { body } = await create(receiver.url);
    const webhookId = body.webhook.webhook_id;
    const claimed = { attempts: 1, nextAttemptAt: new Date(Date.now() + 1_500) };
    const row = { webhookId, event: 'model_version.created', body: '{"data":{"name":"claimed"}}', ...claimed };
    const { id } = await registry.rows.webhookDelivery.create({ data: row });
    await registry.app.get(WebhookDeliveryService).deliver(id);
    expect(receiver.calls).toEqual([]);
    await eventually(async () => {
      expect(await deliveries(webhookId)).toMatchObject([{ state: 'delivered', attempts: 2 }]);
    });
    const { body: metrics } = await registry.call({ path: '/metrics' });
    expect(String(metrics)).toMatch(/gimbal_webhook_tries_total\{state="delivered"\} [1-9]/);
  });

  it('is told of a change whose job the queue has lost', async () => {
    const receiver = await receive();
    const { body } = await create(receiver.url);
    const webhookId = body.webhook.webhook_id;
    const row = { webhookId, event: 'model_version.created', body: '{"data":{"name":"lost"}}' };
    const hourAgo = new Date(Date.now() - 3_600_000);
    await registry.rows.webhookDelivery.create({ data: { ...row, createdAt: hourAgo } });
    // Other deliveries of these tests may still have jobs: then nothing counts as lost yet.
    await eventually(async () => {
      await registry.app.get(LostDeliveries).requeue(new Date());
      expect(await deliveries(webhookId)).toMatchObject([{ state: 'delivered', attempts: 1 }]);
    });
    expect(bodies(receiver, 'lost')).toHaveLength(1);
  });

  it('is told once of each change by several processes of the registry, also when one of them goes', async () => {
    const receiver = await receive([{ status: 503 }, { status: 503 }, { status: 200 }]);
    const { body } = await create(receiver.url);
    const second = await registry.replica();
    for (let count = 0; count < 5; count++) await register(registry, 'shared');
    await second.dispose();
    await eventually(async () => {
      const rows = await deliveries(body.webhook.webhook_id);
      expect(rows.map(({ state }: { state: string }) => state)).toEqual(Array(5).fill('delivered'));
    });
    const ids = receiver.calls.slice(2).map(({ headers }) => headers['x-mlflow-delivery-id']);
    expect([ids.length, new Set(ids).size]).toEqual([5, 5]);
  });

  it('whose secret cannot be read is told nothing unsigned, and all of it once the secret is set again', async () => {
    const receiver = await receive();
    const { body } = await create(receiver.url);
    const id = body.webhook.webhook_id;
    await registry.rows.webhook.update({ where: { id }, data: { secret: new Uint8Array(40) } });
    await register(registry, 'sealed');
    await eventually(async () => {
      expect(await deliveries(id)).toMatchObject([
        { state: 'pending', last_error: 'Its secret cannot be read with the present WEBHOOK_SECRET_KEY.' },
      ]);
    });
    expect(receiver.calls).toEqual([]);
    await mlflow('PATCH', `/${id}`, { secret: 'a newer secret' });
    await eventually(() => expect(receiver.calls.map((call) => isSigned(call, 'a newer secret'))).toEqual([true]));
  });

  it('that is disabled is told nothing, also of what was on its way', async () => {
    const receiver = await receive([{ status: 503 }]);
    const { body } = await create(receiver.url);
    const id = body.webhook.webhook_id;
    await register(registry, 'silenced');
    await eventually(() => expect(receiver.calls.length).toBeGreaterThan(0));
    await mlflow('PATCH', `/${id}`, { status: 'DISABLED' });
    await register(registry, 'silenced');
    await eventually(async () => expect(await deliveries(id)).toMatchObject([{ state: 'skipped' }]));
  });
});

describe("MLflow's calls for webhooks", () => {
  it('create, show, change, list and remove one, and never show its secret', async () => {
    const { body: created } = await create('https://127.0.0.1/hook', { name: 'kept', description: 'Ours.' });
    const id = created.webhook.webhook_id;
    expect(created.webhook).toEqual({
      webhook_id: id,
      name: 'kept',
      description: 'Ours.',
      url: 'https://127.0.0.1/hook',
      events: [{ entity: 'MODEL_VERSION', action: 'CREATED' }],
      status: 'ACTIVE',
      creation_timestamp: expect.any(Number),
      last_updated_timestamp: expect.any(Number),
    });
    const { body: changed } = await mlflow('PATCH', `/${id}`, {
      name: 'renamed',
      events: [{ entity: 'MODEL_VERSION_TAG', action: 'SET' }],
    });
    expect(changed.webhook).toMatchObject({
      name: 'renamed',
      description: 'Ours.',
      events: [{ entity: 'MODEL_VERSION_TAG', action: 'SET' }],
    });
    expect((await mlflow('GET', `/${id}`)).body).toEqual(changed);
    const { body: page } = await mlflow('GET', '?max_results=1');
    expect(page).toEqual({ webhooks: [changed.webhook], next_page_token: expect.any(String) });
    const stored = await registry.rows.webhook.findUniqueOrThrow({ where: { id } });
    expect(Buffer.from(stored.secret ?? []).includes(SECRET)).toBe(false);
    expect((await mlflow('DELETE', `/${id}`)).body).toEqual({});
    expect(await mlflow('GET', `/${id}`)).toMatchObject({
      status: 404,
      body: { error_code: 'RESOURCE_DOES_NOT_EXIST', message: `Webhook with ID ${id} not found.` },
    });
    const jobs = await registry.rows.outboxMessage.findMany({ where: { name: 'audit.recorded' } });
    expect(JSON.stringify(jobs.map(({ payload }) => payload))).not.toContain(SECRET);
  });

  it('that change and remove one at the same time find it, or find that it is gone', async () => {
    const receiver = await receive();
    for (let round = 0; round < 5; round++) {
      const { webhook_id: id } = (await create(receiver.url)).body.webhook;
      const answers = await Promise.all([
        ...[1, 2, 3].map((count) => mlflow('PATCH', `/${id}`, { description: `changed ${count}` })),
        ...[1, 2].map(() => mlflow('DELETE', `/${id}`)),
      ]);
      expect(answers.filter(({ status }) => status !== 200 && status !== 404)).toEqual([]);
    }
  });

  it('test one by an example of its event', async () => {
    const receiver = await receive([{ status: 202 }]);
    const { body } = await create(receiver.url);
    const { body: tested } = await mlflow('POST', `/${body.webhook.webhook_id}/test`, {});
    expect(tested).toEqual({ result: { success: true, response_status: 202, response_body: 'noted' } });
    expect(bodies(receiver, 'example_model')).toHaveLength(1);
  });

  it.each([
    ['a name with a space', { name: 'two words' }, "Webhook name 'two words' is invalid."],
    ['no event', { events: [] }, 'Webhook events must be a non-empty list'],
    [
      'an action that the entity does not have',
      { events: [{ entity: 'MODEL_VERSION', action: 'SET' }] },
      "Invalid action 'set' for entity 'model_version'. Valid actions are: ['created']",
    ],
    ['loopback', { url: 'https://localhost/' }, 'localhost leads to'],
    ['the metadata of a cloud as one number', { url: 'https://2852039166/' }, '169.254.169.254 is not'],
    [
      'the metadata of a cloud',
      { url: 'https://169.254.169.254/latest/' },
      '169.254.169.254 is not an address of the public internet.',
    ],
    ['a file', { url: 'file:///etc/passwd' }, 'The URL must start with https:// or http://.'],
  ])('refuse %s', async (_, changes, message) => {
    const { status, body } = await create('https://192.0.3.7/', changes);
    expect([status, body.error_code]).toEqual([400, 'INVALID_PARAMETER_VALUE']);
    expect(body.message).toContain(message);
  });
});
