import { ROUTES, type RouteDefinition } from '@gimbal/contracts';
import { decodeActor } from '@gimbal/platform';
import { eventually } from '@gimbal/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type GatewayFixture, SECRETS, SERVICE_KEY, startGateway } from './gateway-fixture.js';

let gateway: GatewayFixture;
let url: string;
beforeAll(async () => {
  gateway = await startGateway({ UPLOAD_LIMIT: '100000', FORWARD_TIMEOUT: '1000', FORWARD_IN_FLIGHT_MAX: '4' });
  url = await gateway.listen();
});
beforeEach(() => {
  gateway.owner.seen.length = 0;
  gateway.owner.answer = () => ({ fine: true });
});
afterAll(() => gateway.dispose());

const ID = '0b6f3c1e-5d0a-4c1b-9d7e-2f1a3b4c5d6e';
const lastSeen = () => gateway.owner.seen.at(-1);

describe('a route of another service', () => {
  it('is asked of its owner under the same path, as the gateway, for the holder of the key', async () => {
    const answer = await gateway.ask('operator', 'POST', '/retrain', {
      body: { reason: 'new data' },
      headers: { 'x-request-id': 'request-of-the-caller', cookie: 'a=b', 'x-gimbal-actor': 'forged' },
    });
    expect(answer).toMatchObject({ status: 200, json: { fine: true } });
    expect(lastSeen()).toMatchObject({ method: 'POST', url: '/retrain', body: '{"reason":"new data"}' });
    expect(lastSeen()?.headers).toMatchObject({
      authorization: `Bearer ${SERVICE_KEY}`,
      'content-type': 'application/json',
      'x-request-id': 'request-of-the-caller',
    });
    expect(lastSeen()?.headers).not.toHaveProperty('cookie');
    expect(lastSeen()?.headers).not.toHaveProperty('x-api-key');
    expect(decodeActor(lastSeen()?.headers['x-gimbal-actor'])).toMatchObject({ name: 'operator', roles: ['operator'] });
  });

  it('keeps its query, and its parameters escaped', async () => {
    await gateway.ask('viewer', 'GET', '/api/v1/models?limit=7&stage=production');
    expect(lastSeen()?.url).toBe('/api/v1/models?limit=7&stage=production');
    await gateway.ask('viewer', 'GET', `/api/v1/runs/${ID}/metrics/loss%2Fval%20%3F`);
    expect(lastSeen()?.url).toBe(`/api/v1/runs/${ID}/metrics/loss%2Fval%20%3F`);
    expect((await gateway.ask('viewer', 'GET', '/api/v1/models/..%2f..%2finternal%2ftraffic')).status).toBe(400);
  });

  it('asks for no key when it is open to everybody, and hands on nobody with a role', async () => {
    const open = await fetch(`${url}/api/v1/receipts/keys`);
    expect([open.status, await open.json()]).toEqual([200, { fine: true }]);
    expect(lastSeen()).toMatchObject({ method: 'GET', url: '/api/v1/receipts/keys' });
    expect(decodeActor(lastSeen()?.headers['x-gimbal-actor'])).toMatchObject({ name: 'anybody', roles: [] });
    expect((await fetch(`${url}/api/v1/models`)).status).toBe(401);
  });

  it('stands for its empty body when that may be left out', async () => {
    await gateway.ask('operator', 'POST', '/retrain');
    expect(lastSeen()).toMatchObject({ body: '{}', headers: { 'content-type': 'application/json' } });
    await gateway.ask('operator', 'POST', `/api/v1/training-runs/${ID}/cancel`);
    expect(lastSeen()?.body).toBe('');
  });

  it('passes ETag, If-Match and If-None-Match through, and no header that is not for callers', async () => {
    gateway.owner.answer = (request, reply) => {
      void reply
        .header('etag', '"7"')
        .header('set-cookie', 'a=b')
        .header('server', 'secret/1.0')
        .header('x-internal', 'yes');
      return request.headers['if-none-match'] === '"7"' ? reply.status(304).send() : { live: null };
    };
    const first = await gateway.ask('viewer', 'GET', '/api/v1/models/heart-disease/traffic', {
      headers: { 'if-match': '"6"' },
    });
    expect(first).toMatchObject({ status: 200, headers: { etag: '"7"' } });
    expect(lastSeen()?.headers['if-match']).toBe('"6"');
    for (const name of ['set-cookie', 'server', 'x-internal']) expect(first.headers).not.toHaveProperty(name);
    const again = await gateway.ask('viewer', 'GET', '/api/v1/models/heart-disease/traffic', {
      headers: { 'if-none-match': '"7"' },
    });
    expect(again).toMatchObject({ status: 304, text: '', headers: { etag: '"7"' } });
  });

  it("passes its owner's problem through as it is, with the code of the owner", async () => {
    const problem = {
      type: 'urn:gimbal:problem:promotion-refused',
      title: 't',
      status: 409,
      detail: 'd',
      code: 'promotion-refused',
      instance: 'i',
    };
    gateway.owner.answer = (_request, reply) =>
      reply.status(409).header('content-type', 'application/problem+json').send(JSON.stringify(problem));
    const answer = await gateway.ask('operator', 'POST', '/api/v1/models/heart-disease/rollback', {
      body: { decision_id: ID, expected_live_version: 2, reason: 'worse' },
    });
    expect(answer).toMatchObject({
      status: 409,
      json: problem,
      headers: { 'content-type': expect.stringContaining('application/problem+json') },
    });
  });

  it("does not pass for the caller's fault that an owner refuses the gateway: 503, and an error in the log", async () => {
    for (const [status, code] of [
      [401, 'invalid-api-key'],
      [403, 'caller-not-trusted'],
    ] as const) {
      gateway.owner.answer = (_request, reply) => reply.status(status).send({ code });
      expect(await gateway.ask('viewer', 'GET', '/api/v1/models')).toMatchObject({
        status: 503,
        json: { code: 'service-unavailable' },
      });
    }
    gateway.owner.answer = (_request, reply) => reply.status(403).send({ code: 'self-approval' });
    expect(await gateway.ask('viewer', 'GET', '/api/v1/models')).toMatchObject({
      status: 403,
      text: '{"code":"self-approval"}',
    });
    expect(gateway.logs()).toContain('a service refuses the key of the gateway');
  });

  it('is 503 service-unavailable with Retry-After while its owner is down, and answers again when it is back', async () => {
    await gateway.owner.close();
    expect(await gateway.ask('viewer', 'GET', '/api/v1/models')).toMatchObject({
      status: 503,
      json: { code: 'service-unavailable' },
      headers: { 'retry-after': '2' },
    });
    await gateway.owner.reopen();
    await eventually(async () => expect((await gateway.ask('viewer', 'GET', '/api/v1/models')).status).toBe(200));
  });

  it('is 504 timeout when its owner does not begin to answer', async () => {
    let release: (value: unknown) => void = () => undefined;
    gateway.owner.answer = () => new Promise((resolve) => (release = resolve));
    expect(await gateway.ask('viewer', 'GET', '/api/v1/models')).toMatchObject({
      status: 504,
      json: { code: 'timeout' },
    });
    release({});
  });

  it('is 503 overloaded when as many wait for its owner as may, and not for longer', async () => {
    const waiting: Array<() => void> = [];
    gateway.owner.answer = () => new Promise((resolve) => waiting.push(() => resolve({})));
    const first = [1, 2, 3, 4].map(() => gateway.ask('viewer', 'GET', '/api/v1/alerts'));
    await eventually(() => expect(waiting.length).toBe(4));
    expect(await gateway.ask('viewer', 'GET', '/api/v1/alerts')).toMatchObject({
      status: 503,
      json: { code: 'overloaded' },
    });
    for (const release of waiting) release();
    expect((await Promise.all(first)).map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    gateway.owner.answer = () => ({});
    expect((await gateway.ask('viewer', 'GET', '/api/v1/alerts')).status).toBe(200);
  });

  it('passes pages through with a policy that runs nothing', async () => {
    gateway.owner.answer = (_request, reply) =>
      reply.header('content-type', 'text/html; charset=utf-8').send('<svg></svg>');
    const answer = await gateway.ask('viewer', 'GET', `/api/v1/drift-reports/${ID}.html`);
    expect(answer).toMatchObject({ status: 200, text: '<svg></svg>' });
    expect(answer.headers['content-security-policy']).toContain("style-src 'unsafe-inline'");
    expect(answer.headers['content-security-policy']).not.toContain('script-src');
    expect(lastSeen()?.url).toBe(`/api/v1/drift-reports/${ID}.html`);
    gateway.owner.answer = () => ({});
    await gateway.ask('viewer', 'GET', `/api/v1/drift-reports/${ID}`);
    expect(lastSeen()?.url).toBe(`/api/v1/drift-reports/${ID}`);
  });

  it('streams events as they come, and leaves its owner when the caller leaves', async () => {
    let left = false;
    gateway.owner.answer = (_request, reply) => {
      reply.hijack();
      reply.raw.writeHead(200, { 'content-type': 'text/event-stream' });
      reply.raw.write('data: first\n\n');
      reply.raw.once('close', () => (left = true));
    };
    const stop = new AbortController();
    const answer = await fetch(`${url}/api/v1/training-runs/${ID}/events`, {
      headers: { 'x-api-key': SECRETS.viewer },
      signal: stop.signal,
    });
    expect(answer.headers.get('content-type')).toContain('text/event-stream');
    const { value } = (await answer.body?.getReader().read()) ?? {};
    expect(new TextDecoder().decode(value)).toBe('data: first\n\n');
    stop.abort();
    await eventually(() => expect(left).toBe(true));
  });
});

describe('an upload', () => {
  const upload = (bytes: number, headers: Record<string, string> = {}) => {
    const form = new FormData();
    form.set('metadata', '{}');
    form.set('file', new Blob([Buffer.alloc(bytes, 7)]), 'model.onnx');
    return fetch(`${url}/api/v1/models/heart-disease/versions`, {
      method: 'POST',
      body: form,
      headers: { 'x-api-key': SECRETS.operator, ...headers },
    });
  };

  it('passes through unread', async () => {
    gateway.owner.answer = (_request, reply) => reply.status(201).send({ version: 1 });
    const answer = await upload(50_000);
    expect([answer.status, await answer.json()]).toEqual([201, { version: 1 }]);
    expect(lastSeen()?.headers['content-type']).toMatch(/^multipart\/form-data; boundary=/);
    expect(lastSeen()?.body.length).toBeGreaterThan(50_000);
  });

  it('larger than allowed is 413, told or found out', async () => {
    expect((await upload(200_000)).status).toBe(413);
    const boundary = 'x';
    let sent = 0;
    const endless = new ReadableStream<Uint8Array>({
      start: (controller) =>
        controller.enqueue(Buffer.from(`--${boundary}\r\ncontent-disposition: form-data; name="file"\r\n\r\n`)),
      // Far more than is allowed, and yet bounded: fetch goes on taking parts after it has its answer, and would hold them all.
      pull: (controller) => {
        sent += 10_000;
        if (sent < 50_000_000) controller.enqueue(Buffer.alloc(10_000));
        else controller.close();
      },
    });
    const answer = await fetch(`${url}/api/v1/models/heart-disease/versions`, {
      method: 'POST',
      body: endless,
      duplex: 'half',
      headers: { 'x-api-key': SECRETS.operator, 'content-type': `multipart/form-data; boundary=${boundary}` },
    } as RequestInit);
    expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([413, 'payload-too-large']);
  });

  it.each([
    ['operator', 413, 'payload-too-large'],
    ['nobody', 401, 'invalid-api-key'],
  ] as const)('as %s, a refusal reaches who is still sending', async (name, status, code) => {
    const key = name === 'nobody' ? 'of nobody' : SECRETS[name];
    // While PostgreSQL does not answer within its deadline, as it may on a busy machine, nobody knows whose key this is.
    await eventually(async () => {
      const answer = await fetch(`${url}/retrain`, {
        method: 'POST',
        body: ' '.repeat(10_000_000),
        headers: { 'x-api-key': key, 'content-type': 'application/json' },
      });
      expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([status, code]);
    });
  });

  it('is multipart, and has no Idempotency-Key', async () => {
    expect(await gateway.ask('admin', 'POST', '/api/v1/models/import', { body: {} })).toMatchObject({
      status: 415,
    });
    expect((await upload(10, { 'idempotency-key': 'once' })).status).toBe(400);
  });
});

describe('a route that takes a form or JSON', () => {
  it('passes the form through unread and hands checked JSON on', async () => {
    gateway.owner.answer = (_request, reply) => reply.status(201).send({ version: 1 });
    const form = new FormData();
    form.set('metadata', '{}');
    form.set('file', new Blob([Buffer.alloc(50_000, 7)]), 'rows.csv');
    const headers = { 'x-api-key': SECRETS.operator };
    const sent = await fetch(`${url}/api/v1/datasets`, { method: 'POST', body: form, headers });
    expect(sent.status).toBe(201);
    expect(lastSeen()?.headers['content-type']).toMatch(/^multipart\/form-data; boundary=/);
    const body = { name: 'bank', path: '/data/bank.csv' };
    expect(await gateway.ask('operator', 'POST', '/api/v1/datasets', { body })).toMatchObject({ status: 201 });
    expect([lastSeen()?.headers['content-type'], JSON.parse(String(lastSeen()?.body))]).toEqual([
      'application/json',
      body,
    ]);
    expect((await gateway.ask('operator', 'POST', '/api/v1/datasets', { body: { name: 'bank' } })).status).toBe(400);
    expect((await gateway.ask('viewer', 'POST', '/api/v1/datasets', { body })).status).toBe(403);
    const text = await fetch(`${url}/api/v1/datasets`, { method: 'POST', body: 'a,b', headers });
    expect(text.status).toBe(415);
  });
});

describe('an Idempotency-Key', () => {
  const retrain = (key: string, reason: string, role: 'operator' | 'admin' = 'operator') =>
    gateway.ask(role, 'POST', '/retrain', { body: { reason }, headers: { 'idempotency-key': key } });
  const counting = (status = 202) => {
    let count = 0;
    gateway.owner.answer = (_request, reply) => {
      count += 1;
      return reply
        .status(status)
        .header('etag', `"${count}"`)
        .header('content-type', 'application/json')
        .send(`{ "count":  ${count} }`);
    };
  };

  it('gives the same request its first answer again, byte for byte', async () => {
    counting();
    const first = await retrain('key-1', 'a');
    const again = await retrain('key-1', 'a');
    expect(first).toMatchObject({ status: 202, text: '{ "count":  1 }' });
    expect(again).toMatchObject({
      status: 202,
      text: first.text,
      headers: { etag: '"1"', 'idempotent-replayed': 'true' },
    });
    expect(gateway.owner.seen.length).toBe(1);
  });

  it('with another request is 409 idempotency-key-reused; the order of members makes no other request', async () => {
    counting();
    await retrain('key-2', 'a');
    expect(await retrain('key-2', 'b')).toMatchObject({ status: 409, json: { code: 'idempotency-key-reused' } });
    const model = { headers: { 'idempotency-key': 'key-3', 'content-type': 'application/json' } };
    await gateway.ask('operator', 'POST', '/retrain', { ...model, body: '{"model":"heart-disease","reason":"a"}' });
    expect(
      await gateway.ask('operator', 'POST', '/retrain', { ...model, body: '{"reason":"a", "model":"heart-disease"}' }),
    ).toMatchObject({
      status: 202,
      headers: { 'idempotent-replayed': 'true' },
    });
  });

  it('is 409 idempotency-in-progress while the first request is under way: of many at once one is done', async () => {
    let release: (value: unknown) => void = () => undefined;
    gateway.owner.answer = () => new Promise((resolve) => (release = resolve));
    const first = retrain('key-4', 'a');
    await eventually(() => expect(gateway.owner.seen.length).toBe(1));
    const others = await Promise.all([1, 2, 3].map(() => retrain('key-4', 'a')));
    for (const other of others) expect(other).toMatchObject({ status: 409, json: { code: 'idempotency-in-progress' } });
    release({ done: true });
    expect((await first).json).toEqual({ done: true });
    expect((await retrain('key-4', 'a')).json).toEqual({ done: true });
    expect(gateway.owner.seen.length).toBe(1);
  });

  it('belongs to its caller', async () => {
    counting();
    expect((await retrain('key-5', 'a')).json).toEqual({ count: 1 });
    expect((await retrain('key-5', 'a', 'admin')).json).toEqual({ count: 2 });
  });

  it('is free again after a failure of ours', async () => {
    counting(500);
    expect((await retrain('key-6', 'a')).status).toBe(500);
    counting();
    expect(await retrain('key-6', 'a')).toMatchObject({ status: 202, text: '{ "count":  1 }' });
  });

  // A gateway killed between the request and its answer leaves the row as it stands here.
  it('is free again when the gateway that held it was killed, once its time is over', async () => {
    counting();
    const caller =
      (await gateway.database.client().idempotencyKey.findFirst({ where: { key: 'key-1' } }))?.caller ?? '';
    const client = gateway.database.client();
    const left = { caller, key: 'key-7', requestHash: 'f'.repeat(64), createdAt: new Date(0) };
    await client.idempotencyKey.create({ data: { ...left, expiresAt: new Date(Date.now() + 60_000) } });
    expect((await retrain('key-7', 'a')).status).toBe(409);
    await client.idempotencyKey.updateMany({ where: { key: 'key-7' }, data: { expiresAt: new Date(Date.now() - 1) } });
    expect((await retrain('key-7', 'a')).status).toBe(202);
    // The owner may have done it already, and knows it by the key.
    expect(gateway.owner.seen.at(-1)?.headers['idempotency-key']).toBe('key-7');
  });

  it('has 1 to 200 visible characters', async () => {
    for (const key of ['', 'a b', 'x'.repeat(201)])
      expect(await retrain(key, 'a')).toMatchObject({ status: 400, json: { code: 'validation-failed' } });
  });
});

it('serves every route of the table, to those who have its role', async () => {
  for (const [name, route] of Object.entries<RouteDefinition>(ROUTES)) {
    const path = route.path.replace(/:[a-zA-Z]+/g, 'x');
    const status = route.role === null ? 200 : 401;
    expect({ name, status: (await gateway.ask(null, route.method, path)).status }).toEqual({ name, status });
  }
});
