import { Problem } from '@gimbal/contracts';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type GatewayFixture, SECRETS, SERVICE_KEY, startGateway } from './gateway-fixture.js';

let gateway: GatewayFixture;
beforeAll(async () => {
  gateway = await startGateway({ AUTH_FAILURE_REQUESTS: '5', HTTP_BODY_LIMIT: '2000' });
});
afterAll(() => gateway.dispose());

const model = { items: [], next_cursor: null };
const listModels = (headers: Record<string, string>, remoteAddress = '10.0.0.1') => {
  gateway.owner.answer = () => model;
  return gateway.ask(null, 'GET', '/api/v1/models', { headers, remoteAddress });
};

describe('a key', () => {
  it('opens the door as X-API-Key, as a bearer token, and as the password of Basic', async () => {
    const basic = Buffer.from(`anybody:${SECRETS.viewer}`).toString('base64');
    for (const headers of [
      { 'x-api-key': SECRETS.viewer },
      { authorization: `Bearer ${SECRETS.viewer}` },
      { authorization: `Basic ${basic}` },
    ])
      expect(await listModels(headers)).toMatchObject({ status: 200, json: model });
  });

  it('is asked for: 401 missing-api-key', async () => {
    const answer = await listModels({});
    expect(answer).toMatchObject({
      status: 401,
      json: { code: 'missing-api-key', type: 'urn:gimbal:problem:missing-api-key' },
    });
    expect(answer.headers).toMatchObject({ 'www-authenticate': expect.stringContaining('Bearer') });
    expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8');
    expect(Problem.parse(answer.json).instance).toBe(answer.headers['x-request-id']);
  });

  it.each([
    ['one that nobody has', { 'x-api-key': 'nobody-has-this' }],
    ['an empty one', { authorization: 'Bearer ' }],
    ['one that is far too long', { 'x-api-key': 'x'.repeat(600) }],
    ['a scheme that is none of ours', { authorization: 'Digest abc' }],
  ])('that is wrong opens nothing: %s: 401 invalid-api-key', async (name, headers) => {
    const address = `10.1.0.${name.length}`;
    expect(await listModels(headers, address)).toMatchObject({ status: 401, json: { code: 'invalid-api-key' } });
  });

  it('without the role is refused: 403 role-required, and nothing reaches the owner', async () => {
    const before = gateway.owner.seen.length;
    for (const [role, method, url] of [
      ['viewer', 'POST', '/retrain'],
      ['predictor', 'GET', '/api/v1/models'],
      ['operator', 'POST', '/api/v1/agent/resume'],
      ['approver', 'GET', '/api/v1/api-keys'],
      ['viewer', 'POST', '/predict'],
    ] as const)
      expect(await gateway.ask(role, method, url, method === 'POST' ? { body: {} } : {})).toMatchObject({
        status: 403,
        json: { code: 'role-required' },
      });
    expect(gateway.owner.seen.length).toBe(before);
  });
});

describe('guessing', () => {
  it('ends in 429 with Retry-After, for right guesses too; who used a key before from there goes on', async () => {
    const address = '10.2.0.1';
    expect((await listModels({ 'x-api-key': SECRETS.viewer }, address)).status).toBe(200);
    for (let guess = 0; guess < 5; guess += 1)
      expect((await listModels({ 'x-api-key': `guess-${guess}` }, address)).status).toBe(401);
    const refused = await listModels({ 'x-api-key': 'guess-5' }, address);
    expect(refused).toMatchObject({ status: 429, json: { code: 'rate-limited' } });
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    expect((await listModels({ 'x-api-key': SECRETS.admin }, address)).status).toBe(429);
    expect((await listModels({ 'x-api-key': SECRETS.viewer }, address)).status).toBe(200);
    expect((await listModels({ 'x-api-key': SECRETS.admin }, '10.2.0.2')).status).toBe(200);
  });
});

describe('what is refused before anything is done', () => {
  it.each([
    ['broken JSON', { body: '{"model": ', headers: { 'content-type': 'application/json' } }, 400, 'malformed-json'],
    [
      'bytes that are not UTF-8',
      { body: Buffer.from([0x7b, 0xff, 0x7d]), headers: { 'content-type': 'application/json' } },
      400,
      'malformed-json',
    ],
    [
      'another content type',
      { body: 'a=1', headers: { 'content-type': 'application/x-www-form-urlencoded' } },
      415,
      'unsupported-media-type',
    ],
    ['a body larger than allowed', { body: { reason: 'x'.repeat(3_000) } }, 413, 'payload-too-large'],
    ['an unknown field', { body: { modle: 'heart-disease' } }, 400, 'validation-failed'],
    ['an array where an object belongs', { body: [] }, 400, 'validation-failed'],
  ])('%s', async (_name, more, status, code) => {
    const before = gateway.owner.seen.length;
    expect(await gateway.ask('operator', 'POST', '/retrain', more)).toMatchObject({ status, json: { code } });
    expect(gateway.owner.seen.length).toBe(before);
  });

  it('is named by the names of the wire, every fault at once', async () => {
    const answer = await gateway.ask('predictor', 'POST', '/api/v1/labels', {
      body: { labels: [{ prediction_id: 'x', actual: [] }], extra: true },
    });
    expect(answer.json.errors.map(({ path }: { path: string }) => path).sort()).toEqual([
      'extra',
      'labels.0.actual',
      'labels.0.prediction_id',
    ]);
    const place = await gateway.ask('viewer', 'GET', '/api/v1/predictions/not-a-uuid?colour=red');
    expect(place).toMatchObject({ status: 400, json: { code: 'validation-failed' } });
    expect(place.json.errors.map(({ path }: { path: string }) => path).sort()).toEqual(['colour', 'id']);
  });

  it('is 404 route-not-found for a path or method that is none', async () => {
    for (const [method, url] of [
      ['GET', '/nowhere'],
      ['DELETE', '/api/v1/models'],
      ['GET', '/internal/traffic'],
      ['GET', '/%zz'],
    ] as const)
      expect(await gateway.ask('admin', method, url)).toMatchObject({ status: 404, json: { code: 'route-not-found' } });
  });

  it('costs a stranger his key, not us a body: 401 before 413', async () => {
    expect(await gateway.ask(null, 'POST', '/retrain', { body: { reason: 'x'.repeat(3_000) } })).toMatchObject({
      status: 401,
    });
  });
});

it('answers a prediction 503 at once while serving is away', async () => {
  expect(await gateway.ask('predictor', 'POST', '/predict', { body: { age: 63 } })).toMatchObject({
    status: 503,
    json: { code: 'service-unavailable' },
  });
});

it('sets headers that keep browsers from running or framing anything', async () => {
  const { headers } = await gateway.ask(null, 'GET', '/nowhere');
  expect(headers).toMatchObject({
    'content-security-policy': expect.stringContaining("default-src 'none'"),
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'cache-control': 'no-store',
  });
  expect(headers).not.toHaveProperty('x-powered-by');
  expect(headers).not.toHaveProperty('access-control-allow-origin');
});

it('lets nothing of secrets or values into the logs', () => {
  const logs = gateway.logs();
  expect(logs).toContain('"route":"/retrain"');
  for (const secret of [...Object.values(SECRETS), SERVICE_KEY, 'nobody-has-this', 'guess-3', 'xxxxx', 'modle'])
    expect(logs).not.toContain(secret);
});
