import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  decodePredictCall,
  encodePredictAnswer,
  type PredictAnswer,
  type PredictCall,
  type Role,
} from '@gimbal/contracts';
import { FrameServer, LOGGER, parseFrameAddress } from '@gimbal/platform';
import { eventually } from '@gimbal/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type GatewayFixture, SECRETS, SERVICE_KEY, startGateway } from './gateway-fixture.js';

let folder: string;
let address: string;
let gateway: GatewayFixture;
let serving: FrameServer;
const calls: PredictCall[] = [];

/** What serving would say: as many parts as the model's name says, each `partBytes` long; or a failure instead of part 3. */
let partBytes = 10;
function streamPart({ params, headers }: PredictCall): PredictAnswer {
  const [kind, count] = (params['model'] ?? '').split('-');
  const part = Number(headers['stream-cursor'] ?? 1);
  if (kind === 'broken' && part === 3)
    return {
      status: 504,
      contentType: 'application/json',
      retryAfterSeconds: 0,
      body: Buffer.from('{"code":"timeout"}'),
    };
  return {
    ...{ status: 200, contentType: 'text/event-stream; charset=utf-8', retryAfterSeconds: 0 },
    ...(part < Number(count) && { headers: { 'stream-cursor': String(part + 1) } }),
    body: Buffer.from(`data: ${String(part).padStart(partBytes, '.')}\n\n`),
  };
}

const answerStream = (call: PredictCall, answer: (bytes: Uint8Array) => void) =>
  answer(encodePredictAnswer(streamPart(call)));
let onStream = answerStream;

async function startServing(): Promise<void> {
  serving = new FrameServer({
    address: parseFrameAddress(address),
    logger: gateway.service.app.get(LOGGER),
    admit: (name, key) => name === 'gateway' && key === SERVICE_KEY,
    take: (item, answer) => {
      const call = decodePredictCall(item);
      calls.push({ ...call, body: Buffer.from(call.body) });
      if (call.route === 'predictModelStream') return onStream(call, answer);
      answer(
        encodePredictAnswer({
          status: 200,
          contentType: 'application/json; charset=utf-8',
          retryAfterSeconds: 0,
          body: Buffer.from('{"probability":0.5}'),
        }),
      );
    },
  });
  await serving.listen();
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gateway-predict-'));
  address = join(folder, 'frames');
  gateway = await startGateway({ SERVING_FRAMES: address, API_KEY_REFRESH: '100' });
  await startServing();
  await eventually(async () => expect((await gateway.ask(null, 'GET', '/health/ready')).status).toBe(200));
});
afterAll(async () => {
  await gateway.dispose();
  await serving.close(0);
  await rm(folder, { recursive: true });
});

it('reaches serving as the bytes that were sent, with the id of the key, under its rate limit', async () => {
  const body = '{ "age": 63.0,  "note": broken';
  const headers = { 'content-type': 'application/json', 'x-request-id': 'request-0001' };
  const answer = await gateway.ask('predictor', 'POST', '/predict?coding=kaggle', { body, headers });
  expect(answer).toMatchObject({ status: 200, json: { probability: 0.5 } });
  expect(answer.headers).toMatchObject({ 'ratelimit-limit': '100000', 'x-request-id': 'request-0001' });
  expect(calls.at(-1)).toMatchObject({ route: 'predict', query: [['coding', 'kaggle']], requestId: 'request-0001' });
  expect(Buffer.from(calls.at(-1)?.body ?? []).toString('utf8')).toBe(body);
  expect(calls.at(-1)?.keyId).toMatch(/^[0-9a-f-]{36}$/);
});

it('is refused without the role, before serving hears of it', async () => {
  const before = calls.length;
  expect(
    (await gateway.ask('viewer', 'POST', '/api/v1/models/heart-disease/predict', { body: { rows: [{}] } })).status,
  ).toBe(403);
  expect((await gateway.ask(null, 'POST', '/predict', { body: {} })).status).toBe(401);
  expect(calls.length).toBe(before);
});

it('is refused from the moment on that its key is revoked', async () => {
  const made = await gateway.ask('admin', 'POST', '/api/v1/api-keys', { body: { name: 'app', roles: ['predictor'] } });
  const { key, secret } = made.json;
  const predict = () => gateway.ask(null, 'POST', '/predict', { body: {}, headers: { 'x-api-key': secret } });
  expect((await predict()).status).toBe(200);
  expect(calls.at(-1)?.keyId).toBe(key.id);
  expect((await gateway.ask('admin', 'DELETE', `/api/v1/api-keys/${key.id}`)).status).toBe(204);
  expect((await predict()).status).toBe(401);
});

it('answers a plain request over a real connection past Fastify as it does through it', async () => {
  await gateway.service.app.listen(0, '127.0.0.1');
  const url = await gateway.service.app.getUrl();
  const ask = async (path: string, headers: Record<string, string>) => {
    const answer = await fetch(new URL(path, url), {
      method: 'POST',
      body: '{"age":1}',
      headers: { 'content-type': 'application/json', 'x-request-id': 'request-0002', ...headers },
    });
    // What differs by design: the allowance goes down, the clock goes on, and the order of headers says nothing.
    const { date: _, 'ratelimit-remaining': remaining, ...rest } = Object.fromEntries(answer.headers);
    return { status: answer.status, headers: rest, body: await answer.text(), remaining };
  };
  for (const key of [SECRETS.predictor, SECRETS.viewer, 'unknown-key-0123456789', '']) {
    const fast = await ask('/predict', { 'x-api-key': key });
    const slow = await ask('/predict?', { 'x-api-key': key });
    expect({ ...fast, remaining: null }).toEqual({ ...slow, remaining: null });
    if (key === SECRETS.predictor) expect(Number(slow.remaining)).toBe(Number(fast.remaining) - 1);
  }
  expect(calls.at(-1)).toMatchObject({ route: 'predict', requestId: 'request-0002', trafficKey: null, query: [] });
});

it('leaves no value of a feature in the logs', async () => {
  await gateway.ask('predictor', 'POST', '/predict', { body: { age: 77.7712345 } });
  expect(gateway.logs()).toContain('"route":"/predict"');
  expect(gateway.logs()).not.toContain('77.7712345');
});

describe('Open Inference', () => {
  const infer = '/v2/models/heart-disease/infer';

  // Triton's client sends its JSON without a content type, and tensors as bytes.
  it('goes through as the bytes that were sent, whatever their type, with the headers that it needs', async () => {
    const body = Buffer.from('{"inputs":[]}\u0000\u0001');
    const headers = { 'inference-header-content-length': '13', 'content-encoding': 'gzip' };
    for (const type of [undefined, 'application/octet-stream', 'application/json']) {
      const more = type === undefined ? {} : { 'content-type': type };
      expect((await gateway.ask('predictor', 'POST', infer, { body, headers: { ...headers, ...more } })).status).toBe(
        200,
      );
      expect(calls.at(-1)).toMatchObject({ route: 'openInfer', params: { model: 'heart-disease' }, headers });
      expect(Buffer.from(calls.at(-1)?.body ?? [])).toEqual(body);
    }
    await gateway.ask('predictor', 'POST', '/v2/models/heart-disease/versions/3/infer', { body: '{}' });
    expect(calls.at(-1)).toMatchObject({
      route: 'openInferVersion',
      params: { model: 'heart-disease', version: '3' },
      headers: {},
    });
  });

  it('is looked at with any key, asked with that of a predictor, and changed by those who may', async () => {
    const statuses = async (role: Role | null, method: 'GET' | 'POST', path: string) =>
      (await gateway.ask(role, method, path)).status;
    for (const path of [
      '/v2',
      '/v2/',
      '/v2/models',
      '/v2/models/m',
      '/v2/models/m/stats',
      '/v2/models/m/versions/1/config',
    ])
      expect([await statuses('viewer', 'GET', path), await statuses('predictor', 'GET', path)]).toEqual([200, 200]);
    expect([await statuses(null, 'GET', '/v2/health/live'), await statuses(null, 'GET', '/v2/health/ready')]).toEqual([
      200, 200,
    ]);
    expect([await statuses(null, 'GET', '/v2'), await statuses('viewer', 'POST', infer)]).toEqual([401, 403]);
    const load = '/v2/repository/models/m/load';
    expect([await statuses('predictor', 'POST', load), await statuses('operator', 'POST', load)]).toEqual([403, 200]);
    expect([await statuses('operator', 'POST', '/v2/logging'), await statuses('admin', 'POST', '/v2/logging')]).toEqual(
      [403, 200],
    );
  });

  it('is refused in its own form', async () => {
    const large = { body: Buffer.alloc(9_000_000), headers: { 'content-type': 'application/octet-stream' } };
    for (const [answer, status] of [
      [await gateway.ask(null, 'POST', infer, { body: '{}' }), 401],
      [await gateway.ask('viewer', 'POST', infer, { body: '{}' }), 403],
      [await gateway.ask('predictor', 'POST', infer, large), 413],
    ] as const) {
      expect(answer).toMatchObject({ status, json: { error: expect.any(String) } });
      expect(Object.keys(answer.json)).toEqual(['error']);
    }
  });
});

describe('KServe V1 and MLflow', () => {
  // A connection begins past Fastify; a query hands the request to it.
  it.each([
    ['/v1/models/heart-disease:predict', 'v1Predict', { model: 'heart-disease' }],
    ['/v1/models/heart-disease:explain', 'v1Explain', { model: 'heart-disease' }],
    ['/v1/models/fruit/versions/3:predict', 'v1VersionPredict', { model: 'fruit', version: '3' }],
    ['/v1/models/fruit/versions/3:explain', 'v1VersionExplain', { model: 'fruit', version: '3' }],
    ['/invocations', 'invocations', {}],
    ['/api/v1/models/fruit/invocations', 'modelInvocations', { model: 'fruit' }],
    ['/api/v1/models/fruit/versions/3/invocations', 'versionInvocations', { model: 'fruit', version: '3' }],
  ])('%s goes to serving past Fastify and through it', async (path, route, params) => {
    const url = await gateway.service.app.getUrl();
    for (const query of ['', '?x=1']) {
      const headers = { 'content-type': 'text/csv; charset=utf-8', 'x-api-key': SECRETS.predictor };
      const answer = await fetch(new URL(`${path}${query}`, url), { method: 'POST', body: 'a\n1\n', headers });
      expect(answer.status).toBe(200);
      expect(calls.at(-1)).toMatchObject({ route, params });
      // Only MLflow's bodies come in several forms.
      expect(calls.at(-1)?.headers).toEqual(path.startsWith('/v1') ? {} : { 'content-type': headers['content-type'] });
      expect((await gateway.ask('viewer', 'POST', path, { body: '{}' })).status).toBe(403);
    }
  });

  it('are looked at with any key, the default model of MLflow by everybody', async () => {
    for (const path of ['/v1/models', '/v1/models/m', '/api/v1/models/m/ping', '/api/v1/models/m/version'])
      expect([
        (await gateway.ask('viewer', 'GET', path)).status,
        (await gateway.ask(null, 'GET', path)).status,
      ]).toEqual([200, 401]);
    for (const path of ['/ping', '/version']) expect((await gateway.ask(null, 'GET', path)).status).toBe(200);
  });

  it('are refused in their own words', async () => {
    const v1 = await gateway.ask(null, 'POST', '/v1/models/m:predict', { body: '{}' });
    expect(v1).toMatchObject({ status: 401, json: { error: expect.any(String) } });
    const mlflow = await gateway.ask(null, 'POST', '/invocations', { body: '{}' });
    expect(mlflow).toMatchObject({ status: 401, json: { error_code: 'UNAUTHENTICATED', message: expect.any(String) } });
    for (const path of ['/v1/models/m:other', '/v1/models/m:predict:explain', '/v1/models/:predict'])
      expect((await gateway.ask('predictor', 'POST', path, { body: '{}' })).status).toBe(404);
  });
});

describe('a stream of predictions', () => {
  const headers = { 'content-type': 'application/json', 'x-api-key': SECRETS.predictor, 'stream-cursor': '2' };
  const open = async (model: string, more: RequestInit = {}) => {
    calls.length = 0;
    const url = new URL(`/api/v1/models/${model}/predict/stream`, await gateway.service.app.getUrl());
    return fetch(url, { method: 'POST', body: '{"rows":[]}', headers, ...more });
  };

  it('is fetched part by part, its body sent once, and ends', async () => {
    partBytes = 1;
    const answer = await open('fine-4');
    expect([answer.status, answer.headers.get('content-type'), answer.headers.get('stream-cursor')]).toEqual([
      200,
      'text/event-stream; charset=utf-8',
      null,
    ]);
    expect(answer.headers.get('x-request-id')).toBe(calls[0]?.requestId);
    expect(await answer.text()).toBe('data: 1\n\ndata: 2\n\ndata: 3\n\ndata: 4\n\n');
    // What a caller says of cursors is not passed on.
    expect(calls.map(({ headers: carried, body }) => [carried['stream-cursor'], body.byteLength])).toEqual([
      [undefined, 11],
      ['2', 0],
      ['3', 0],
      ['4', 0],
    ]);
    expect(new Set(calls.map(({ idSeed }) => Buffer.from(idSeed ?? []).toString('hex'))).size).toBe(4);
  });

  it('is one answer when there is one part', async () => {
    const answer = await open('fine-1');
    expect([await answer.text(), calls.length]).toEqual(['data: 1\n\n', 1]);
  });

  it('says by an event what goes wrong on the way', async () => {
    expect(await (await open('broken-5')).text()).toBe(
      'data: 1\n\ndata: 2\n\nevent: error\ndata: {"code":"timeout"}\n\n',
    );
  });

  it.each(['before it is asked for a part', 'while it computes one'])(
    'ends with an event when the serving process ends %s, and others are answered by the next one',
    async (when) => {
      partBytes = 1;
      const ended = Promise.withResolvers<void>();
      onStream = (call, answer) => {
        const isLast = call.headers['stream-cursor'] === '2';
        if (!isLast || when.startsWith('before')) answer(encodePredictAnswer(streamPart(call)));
        if (isLast) void serving.close(0).then(ended.resolve, ended.reject);
      };
      const text = await (await open('fine-5')).text();
      onStream = answerStream;
      expect(text).toMatch(/^data: 1\n\n(data: 2\n\n)?event: error\ndata: .*"code":"service-unavailable".*\n\n$/);
      await ended.promise;
      await startServing();
      await eventually(async () => expect(await (await open('fine-2')).text()).toBe('data: 1\n\ndata: 2\n\n'));
    },
  );

  it('ends when the time is over that the caller gave, and in serving, too', async () => {
    const answer = await open('fine-1000000', { headers: { ...headers, 'x-request-timeout-ms': '300' } });
    expect(await answer.text()).toMatch(/\n\nevent: error\ndata: \{.*"code":"timeout".*\}\n\n$/);
    await eventually(() => expect(calls.at(-1)?.headers).toMatchObject({ 'stream-end': '1' }));
    const left = calls.slice(1, -1).map(({ timeLeftMs }) => timeLeftMs ?? 0);
    expect(left).toEqual(left.toSorted((one, other) => other - one));
    expect([left[0], left.at(-1)].every((ms) => ms !== undefined && ms > 0 && ms <= 300)).toBe(true);
  });

  it('is refused as every prediction is', async () => {
    expect(await gateway.ask('viewer', 'POST', '/api/v1/models/m/predict/stream', { body: {} })).toMatchObject({
      status: 403,
      json: { code: 'role-required' },
    });
  });

  it('is computed no further than its reader reads, and ends in serving when the reader is gone', async () => {
    partBytes = 1_000_000;
    const reader = new AbortController();
    const answer = await open('fine-500', { signal: reader.signal });
    const chunks = answer.body?.getReader();
    await chunks?.read();
    let before = -1;
    await eventually(() => {
      const now = calls.length;
      const isStill = now === before;
      before = now;
      expect(isStill).toBe(true);
    });
    expect(before).toBeLessThan(100);
    reader.abort();
    await eventually(() => expect(calls.at(-1)?.headers).toMatchObject({ 'stream-end': '1' }));
    expect(calls.length).toBeLessThan(100);
  });
});
