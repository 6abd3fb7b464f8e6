import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodePredictCall, encodePredictAnswer, type PredictCall } from '@gimbal/contracts';
import { DomainError } from '@gimbal/domain';
import { type ConfigOf, FrameServer, mountPredictRoutes, parseConfig, parseFrameAddress } from '@gimbal/platform';
import { eventually } from '@gimbal/testing';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import Fastify, { type FastifyInstance } from 'fastify';
import { dataPlaneConfig } from './data-plane.config.js';
import { DataPlane } from './data-plane.service.js';

const logger = { info: () => undefined, warn: () => undefined };
const calls: PredictCall[] = [];
let folder: string;
let server: FrameServer;
let dataPlane: DataPlane;
let door: FastifyInstance;
let config: ConfigOf<{ dataPlane: typeof dataPlaneConfig }>['dataPlane'];

const answerOf = (call: PredictCall) => {
  if (call.params['model'] === 'busy')
    return {
      status: 503,
      contentType: 'application/problem+json; charset=utf-8',
      retryAfterSeconds: 2,
      body: Buffer.from('{}'),
    } as const;
  return {
    status: 200,
    contentType: 'application/json; charset=utf-8',
    retryAfterSeconds: 0,
    body: call.body,
  } as const;
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'data-plane-'));
  config = parseConfig(
    { dataPlane: dataPlaneConfig },
    { SERVING_FRAMES: join(folder, 's'), PREDICT_BODY_LIMIT: '2000', PREDICT_QUEUE_BUDGET: '100' },
  ).dataPlane;
  server = new FrameServer({
    address: parseFrameAddress(config.serving[0]!),
    logger,
    admit: (name, key) => name === 'gateway' && key === 'a-service-key-of-length',
    take: (item, answer) => {
      const call = decodePredictCall(item);
      calls.push({ ...call, body: Buffer.from(call.body) });
      answer(encodePredictAnswer(answerOf(call)));
    },
  });
  await server.listen();
  dataPlane = new DataPlane({ config, serviceKey: 'a-service-key-of-length', logger });
  dataPlane.onModuleInit();
  door = Fastify({ genReqId: () => 'request-1' });
  mountPredictRoutes(door, {
    predict: (call) => dataPlane.predict(call),
    bodyLimitBytes: config.bodyLimitBytes,
    admit: ({ headers }) => {
      if (headers['x-api-key'] !== 'good') throw new DomainError('invalid-api-key', 'The key is not known.');
      return { key: { id: 'key-1' } };
    },
  });
  await eventually(() => expect(dataPlane.ready).toBe(true));
});

afterAll(async () => {
  await door.close();
  dataPlane.onModuleDestroy();
  await server.close(0);
  await rm(folder, { recursive: true });
});

const post = (url: string, payload: string, headers: Record<string, string> = {}) =>
  door.inject({
    method: 'POST',
    url,
    payload,
    headers: { 'content-type': 'application/json', 'x-api-key': 'good', ...headers },
  });

it('hands the body on as bytes, with route, parameters, query, caller and request id, and passes the answer back', async () => {
  const body = '{"rows": [ {"ä": 1.0} ],  broken';
  const reply = await post('/api/v1/models/heart-disease/predict?coding=kaggle', body, {
    'x-traffic-key': 'patient-7',
  });
  expect({ status: reply.statusCode, body: reply.body }).toEqual({ status: 200, body });
  expect(reply.headers['content-type']).toBe('application/json; charset=utf-8');
  expect(calls.at(-1)).toMatchObject({
    route: 'predictModel',
    params: { model: 'heart-disease' },
    query: [['coding', 'kaggle']],
    trafficKey: 'patient-7',
    keyId: 'key-1',
    requestId: 'request-1',
  });
  expect((await post('/predict', '{}')).statusCode).toBe(200);
});

it('says when to come again', async () => {
  const reply = await post('/api/v1/models/busy/predict', '{}');
  expect([reply.statusCode, reply.headers['retry-after']]).toEqual([503, '2']);
  expect(reply.headers['content-type']).toBe('application/problem+json; charset=utf-8');
});

it('refuses a stranger, another content type and a large body before serving hears of them', async () => {
  const before = calls.length;
  const replies = [
    await post('/predict', '{}', { 'x-api-key': 'bad' }),
    await post('/predict', 'a=1', { 'content-type': 'application/x-www-form-urlencoded' }),
    await post('/predict', JSON.stringify({ note: 'x'.repeat(3_000) })),
    await post('/predict', '{}', { 'x-traffic-key': 'x'.repeat(201) }),
  ];
  expect(replies.map((reply) => [reply.statusCode, reply.json().code])).toEqual([
    [401, 'invalid-api-key'],
    [415, 'unsupported-media-type'],
    [413, 'payload-too-large'],
    [400, 'validation-failed'],
  ]);
  expect(replies[0]?.json()).toMatchObject({ instance: 'request-1', title: expect.any(String) });
  expect(calls.length).toBe(before);
});

it('answers 503 service-unavailable, and when to come again, when serving stays away', async () => {
  await server.close(0);
  await eventually(() => expect(dataPlane.ready).toBe(false));
  const reply = await post('/predict', '{}');
  expect([reply.statusCode, reply.json().code]).toEqual([503, 'service-unavailable']);
  expect(reply.headers['retry-after']).toBe('1');
});
