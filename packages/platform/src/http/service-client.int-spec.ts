import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { wire } from '@gimbal/contracts';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { z } from 'zod';
import { decodeActor } from '../service-auth/actor-header.js';
import { buildProblem } from '../start-service/describe-problem.js';
import { inRequest } from '../start-service/request-context.js';
import { ServiceClient, type ServiceClientOptions } from './service-client.js';

const Version = wire({ modelVersion: z.int() });
type Handler = (request: IncomingMessage, response: ServerResponse, body: string) => void;

let server: Server;
let baseUrl = '';
let handle: Handler;
let requests: IncomingMessage[] = [];
const clients: ServiceClient[] = [];

const json = (response: ServerResponse, status: number, body: unknown, type = 'application/json'): void => {
  response.writeHead(status, { 'content-type': type }).end(JSON.stringify(body));
};
const clientOf = (options: Partial<ServiceClientOptions> = {}): ServiceClient => {
  const client = new ServiceClient({ service: 'registry', baseUrl, ...options });
  clients.push(client);
  return client;
};

beforeEach(async () => {
  requests = [];
  server = createServer((request, response) => {
    requests.push(request);
    let body = '';
    request.on('data', (part) => {
      body += part;
    });
    request.on('end', () => handle(request, response, body));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  baseUrl = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
});
afterEach(async () => {
  for (const client of clients.splice(0)) await client.close();
  server.closeAllConnections();
  server.close();
});

it.each([
  ['7', 7],
  [undefined, 0],
  ['Fri, 31 Dec 1999 23:59:59 GMT', 0],
])('hands on when another try makes sense: Retry-After %s', async (said, retryAfterSeconds) => {
  handle = (_request, response) => {
    if (said !== undefined) response.setHeader('retry-after', said);
    const problem = buildProblem('circuit-open', 'left alone', 'r');
    json(response, problem.status, problem, 'application/problem+json');
  };
  const call = { method: 'POST', path: '/' } as const;
  await expect(clientOf().send(call)).rejects.toMatchObject({ code: 'circuit-open', retryAfterSeconds });
  handle = (_request, response) => {
    if (said !== undefined) response.setHeader('retry-after', said);
    response.writeHead(502).end('a proxy');
  };
  await expect(clientOf().send(call)).rejects.toMatchObject({ code: 'service-unavailable', retryAfterSeconds });
});

it('calls with the service key, the request id and the actor of the request being answered, and parses the answer', async () => {
  handle = (_request, response, body) => json(response, 200, { model_version: JSON.parse(body).wanted });
  const actor = { id: 'key-1', name: 'Zoë', roles: ['operator'] };
  const answer = await inRequest({ id: 'request-0001', actor }, () =>
    clientOf({ serviceKey: 'the-service-key-1' }).call(
      { method: 'POST', path: '/v1/x', query: { a: 1, b: undefined, c: 'd e' }, body: { json: { wanted: 7 } } },
      Version,
    ),
  );
  expect(answer).toEqual({ modelVersion: 7 });
  const [request] = requests;
  expect(request?.url).toMatch(/^\/v1\/x\?a=1&c=d(%20|\+)e$/);
  expect(request?.headers).toMatchObject({
    authorization: 'Bearer the-service-key-1',
    'x-request-id': 'request-0001',
    'content-type': 'application/json',
  });
  expect(decodeActor(request?.headers['x-gimbal-actor'])).toEqual(actor);
});

it('throws the DomainError that the other service threw', async () => {
  handle = (_request, response) =>
    json(response, 409, buildProblem('promotion-conflict', 'Read again.', 'r-1'), 'application/problem+json');
  await expect(clientOf().call({ method: 'POST', path: '/' }, Version)).rejects.toMatchObject({
    code: 'promotion-conflict',
    detail: 'Read again.',
  });
  handle = (_request, response) =>
    json(
      response,
      400,
      buildProblem('validation-failed', 'no', 'r-1', [{ path: 'age', message: 'is not a number' }]),
      'application/problem+json; charset=utf-8',
    );
  await expect(clientOf().call({ method: 'POST', path: '/' }, Version)).rejects.toMatchObject({
    code: 'validation-failed',
    errors: [{ path: 'age', message: 'is not a number' }],
  });
});

it("does not pass on a refusal of its own key as the user's fault", async () => {
  handle = (_request, response) =>
    json(response, 401, buildProblem('invalid-api-key', 'no', 'r-1'), 'application/problem+json');
  await expect(clientOf().call({ method: 'POST', path: '/' }, Version)).rejects.toMatchObject({
    code: 'service-unavailable',
  });
});

it('repeats what may be repeated, and nothing else', async () => {
  const flaky = () => {
    let calls = 0;
    handle = (_request, response) => {
      calls += 1;
      if (calls < 3) json(response, 503, {});
      else json(response, 200, { model_version: calls });
    };
  };
  flaky();
  expect(await clientOf().call({ method: 'GET', path: '/' }, Version)).toEqual({ modelVersion: 3 });
  flaky();
  await expect(clientOf().call({ method: 'POST', path: '/' }, Version)).rejects.toMatchObject({
    code: 'service-unavailable',
  });
  flaky();
  expect(await clientOf().call({ method: 'POST', path: '/', idempotencyKey: 'k-1' }, Version)).toEqual({
    modelVersion: 3,
  });
  flaky();
  expect(await clientOf().call({ method: 'POST', path: '/', repeat: 'safe' }, Version)).toEqual({ modelVersion: 3 });
  requests = [];
  handle = (_request, response) =>
    json(response, 404, buildProblem('model-not-found', 'no', 'r'), 'application/problem+json');
  await expect(clientOf().call({ method: 'GET', path: '/' }, Version)).rejects.toMatchObject({
    code: 'model-not-found',
  });
  expect(requests).toHaveLength(1);
});

it('leaves a service alone after failures in a row, says so, and tries again later', async () => {
  const states: number[] = [];
  const client = clientOf({
    breaker: { failureThreshold: 3, recoverySeconds: 2 },
    onBreaker: (state) => states.push(state),
  });
  handle = (_request, response) => json(response, 502, {});
  for (let call = 0; call < 3; call++)
    await expect(client.call({ method: 'POST', path: '/' }, Version)).rejects.toMatchObject({
      code: 'service-unavailable',
    });
  await expect(client.call({ method: 'POST', path: '/' }, Version)).rejects.toMatchObject({
    detail: expect.stringContaining('left alone'),
  });
  expect(requests).toHaveLength(3);
  handle = (_request, response) => json(response, 200, { model_version: 1 });
  const deadline = Date.now() + 60_000;
  let version: unknown;
  while (!version && Date.now() < deadline)
    version = await client.call({ method: 'POST', path: '/' }, Version).catch(() => undefined);
  expect(version).toEqual({ modelVersion: 1 });
  expect(states).toEqual([0, 2, 1, 0]);
});

it("does not count the caller's own faults against a service", async () => {
  const client = clientOf({ breaker: { failureThreshold: 2, recoverySeconds: 60 } });
  handle = (_request, response) =>
    json(response, 404, buildProblem('model-not-found', 'no', 'r'), 'application/problem+json');
  for (let call = 0; call < 5; call++)
    await expect(client.call({ method: 'GET', path: '/' }, Version)).rejects.toMatchObject({ code: 'model-not-found' });
  expect(requests).toHaveLength(5);
});

it('waits no longer than it was told: timeout', async () => {
  handle = () => undefined;
  // The server never answers: without the limit this would not end.
  await expect(
    clientOf({ retries: 0 }).call({ method: 'GET', path: '/', timeoutMs: 100 }, Version),
  ).rejects.toMatchObject({ code: 'timeout' });
});

it('reads no more than it was told', async () => {
  handle = (_request, response) => response.end('x'.repeat(100_000));
  await expect(
    clientOf({ retries: 0, maxAnswerBytes: 10_000 }).call({ method: 'GET', path: '/' }, Version),
  ).rejects.toMatchObject({ code: 'service-unavailable' });
});

it('takes nothing for an answer that is not in the agreed form', async () => {
  for (const body of ['{"model_version": "one"}', 'not json', '']) {
    handle = (_request, response) => response.end(body);
    await expect(clientOf().call({ method: 'GET', path: '/' }, Version)).rejects.toMatchObject({
      code: 'service-unavailable',
    });
  }
});

it('says service-unavailable when nobody listens', async () => {
  server.close();
  await once(server, 'close');
  await expect(clientOf().call({ method: 'GET', path: '/' }, Version)).rejects.toMatchObject({
    code: 'service-unavailable',
  });
});

it('sends and receives bytes', async () => {
  handle = (request, response, body) =>
    response.writeHead(200, { 'content-type': request.headers['content-type'] ?? '' }).end(body.toUpperCase());
  const answer = await clientOf().send({
    method: 'PUT',
    path: '/',
    body: { bytes: Buffer.from('abc'), contentType: 'application/octet-stream' },
  });
  expect([answer.status, answer.headers['content-type'], answer.body.toString()]).toEqual([
    200,
    'application/octet-stream',
    'ABC',
  ]);
});
