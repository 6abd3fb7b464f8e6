import { mkdtemp, rm } from 'node:fs/promises';
import { connect, type IncomingHttpHeaders } from 'node:http2';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  decodePredictCall,
  encodePredictAnswer,
  HEALTH_METHODS,
  INFERENCE_METHODS,
  type PredictAnswer,
  type PredictCall,
  REFLECTION_METHODS,
} from '@gimbal/contracts';
import { FrameServer, LOGGER, parseFrameAddress } from '@gimbal/platform';
import { eventually } from '@gimbal/testing';
import { Client, compressionAlgorithms, credentials, Metadata, type ServiceError, status } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { GrpcDoor } from '../src/grpc/grpc.module.js';
import { type GatewayFixture, SECRETS, SERVICE_KEY, startGateway } from './gateway-fixture.js';

const SERVICE = '/inference.GRPCInferenceService';
const BODY_BYTES_MAX = 100_000;

let folder: string;
let gateway: GatewayFixture;
let serving: FrameServer;
let client: Client;
let port: number;
const calls: PredictCall[] = [];
let answer: (call: PredictCall) => PredictAnswer;

const echo = ({ body }: PredictCall): PredictAnswer => ({
  status: 200,
  contentType: 'application/grpc',
  retryAfterSeconds: 0,
  body,
});
const refusal =
  (status: number, text: string, retryAfterSeconds = 0) =>
  (): PredictAnswer => ({
    status,
    contentType: 'application/grpc',
    retryAfterSeconds,
    body: Buffer.from(text),
  });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gateway-grpc-'));
  const address = join(folder, 'frames');
  gateway = await startGateway({ SERVING_FRAMES: address, PREDICT_BODY_LIMIT: String(BODY_BYTES_MAX) });
  serving = new FrameServer({
    address: parseFrameAddress(address),
    logger: gateway.service.app.get(LOGGER),
    admit: (name, key) => name === 'gateway' && key === SERVICE_KEY,
    take: (item, say) => {
      const call = decodePredictCall(item);
      calls.push({ ...call, body: Buffer.from(call.body) });
      say(encodePredictAnswer(answer(call)));
    },
  });
  await serving.listen();
  await gateway.listen();
  port = gateway.service.app.get(GrpcDoor).port;
  client = new Client(`127.0.0.1:${port}`, credentials.createInsecure());
  answer = echo;
  await eventually(async () => expect(await ask(`${SERVICE}/ServerLive`, Buffer.alloc(0), {})).toBeInstanceOf(Buffer));
});
afterAll(async () => {
  client.close();
  await gateway.dispose();
  await serving.close(0);
  await rm(folder, { recursive: true });
});

const asBytes = (value: Uint8Array): Buffer => Buffer.from(value);
const metadataOf = (metadata: Record<string, string>): Metadata => {
  const made = new Metadata();
  for (const [name, value] of Object.entries(metadata)) made.set(name, value);
  return made;
};

/** The bytes of the answer, or the error that the client gives. */
function ask(
  path: string,
  message: Uint8Array,
  metadata: Record<string, string> = { 'x-api-key': SECRETS.predictor },
  options: { deadline?: Date } = {},
  by = client,
): Promise<Buffer | ServiceError> {
  return new Promise((resolve) => {
    by.makeUnaryRequest(path, asBytes, asBytes, message, metadataOf(metadata), options, (error, said) =>
      resolve(error ?? said ?? Buffer.alloc(0)),
    );
  });
}

it('hands a message on as the bytes that it is, with caller, traffic key, request id and the time that is left', async () => {
  const message = Buffer.from([1, 2, 0, 255]);
  const said = await ask(
    `${SERVICE}/ModelInfer`,
    message,
    { authorization: `Bearer ${SECRETS.predictor}`, 'x-traffic-key': 'patient-7', 'x-request-id': 'request-77' },
    { deadline: new Date(Date.now() + 5_000) },
  );
  expect(said).toEqual(message);
  const [call] = calls.slice(-1);
  expect(call).toMatchObject({ route: 'grpcModelInfer', trafficKey: 'patient-7', requestId: 'request-77' });
  expect(call?.keyId).not.toBe('');
  expect(call?.timeLeftMs).toBeGreaterThan(1_000);
  expect(call?.timeLeftMs).toBeLessThanOrEqual(5_000);
});

describe('who may call', () => {
  it.each([
    ['without a key', {}, 'ModelInfer', status.UNAUTHENTICATED],
    ['with a wrong key', { 'x-api-key': 'wrong-key-0123456789' }, 'ModelInfer', status.UNAUTHENTICATED],
    ['with a key that may only look', { 'x-api-key': SECRETS.viewer }, 'ModelInfer', status.PERMISSION_DENIED],
    [
      'to load without being operator',
      { 'x-api-key': SECRETS.predictor },
      'RepositoryModelLoad',
      status.PERMISSION_DENIED,
    ],
    ['for what Triton has and this has not', { 'x-api-key': SECRETS.admin }, 'TraceSetting', status.UNIMPLEMENTED],
  ])('refuses a call %s', async (_name, metadata: Record<string, string>, method, code) => {
    expect(await ask(`${SERVICE}/${method}`, Buffer.alloc(0), metadata)).toMatchObject({ code });
  });

  it('lets everybody ask whether the server lives', async () => {
    expect(await ask(`${SERVICE}/ServerLive`, Buffer.from([7]), {})).toEqual(Buffer.from([7]));
  });
});

describe('what serving refuses', () => {
  it.each([
    [400, status.INVALID_ARGUMENT],
    [404, status.NOT_FOUND],
    [409, status.FAILED_PRECONDITION],
    [413, status.RESOURCE_EXHAUSTED],
    [429, status.RESOURCE_EXHAUSTED],
    [503, status.UNAVAILABLE],
    [504, status.DEADLINE_EXCEEDED],
    [500, status.INTERNAL],
  ])('is told with the same words: %i', async (http, code) => {
    answer = refusal(http, 'age[3] is required: 100 % ää');
    const said = await ask(`${SERVICE}/ModelInfer`, Buffer.alloc(1));
    expect(said).toMatchObject({ code, details: 'age[3] is required: 100 % ää' });
    answer = echo;
  });
});

describe('a stream of inferences', () => {
  const { request, response } = INFERENCE_METHODS.ModelStreamInfer;
  const openStream = () =>
    client.makeBidiStreamRequest(
      `${SERVICE}/ModelStreamInfer`,
      asBytes,
      (bytes) => response.decode(bytes),
      metadataOf({ 'x-api-key': SECRETS.predictor }),
    );

  it('answers each message in its order, refusals too, and goes on', async () => {
    let asked = 0;
    answer = (call) => {
      asked += 1;
      if (asked === 3) return refusal(400, 'inputs must be features')();
      const { id } = request.decode(call.body);
      return { ...echo(call), body: INFERENCE_METHODS.ModelInfer.response.encode({ model_name: 'm', id }) };
    };
    const stream = openStream();
    const said: string[] = [];
    const ended = new Promise((resolve, reject) => stream.on('end', resolve).on('error', reject));
    stream.on('data', ({ error_message, infer_response }) => said.push(error_message || infer_response?.id));
    for (let index = 0; index < 100; index++) stream.write(request.encode({ model_name: 'm', id: String(index) }));
    stream.end();
    await ended;
    answer = echo;
    const expected = Array.from({ length: 100 }, (_, index) =>
      index === 2 ? 'inputs must be features' : String(index),
    );
    expect(said).toEqual(expected);
  });
});

describe('a client that compresses its messages', () => {
  let squeezing: Client;
  beforeAll(() => {
    squeezing = new Client(`127.0.0.1:${port}`, credentials.createInsecure(), {
      'grpc.default_compression_algorithm': compressionAlgorithms.gzip,
    });
  });
  afterAll(() => squeezing.close());

  it('has its questions handed on as they are, and serving is told how to read them', async () => {
    await ask(`${SERVICE}/ModelInfer`, Buffer.alloc(1_000), undefined, {}, squeezing);
    expect(calls.at(-1)?.headers).toEqual({ 'content-encoding': 'gzip' });
    expect(calls.at(-1)?.body.byteLength).toBeLessThan(100);
  });

  it('learns of the health of a service, and of its methods', async () => {
    const { request, response } = HEALTH_METHODS.Check;
    const service = request.encode({ service: 'inference.GRPCInferenceService' });
    const said = await ask('/grpc.health.v1.Health/Check', service, {}, {}, squeezing);
    expect(response.decode(said as Buffer)).toEqual({ status: 'SERVING' }); // no error was said
    const { request: Ask, response: Told } = REFLECTION_METHODS.ServerReflectionInfo;
    const path = '/grpc.reflection.v1.ServerReflection/ServerReflectionInfo';
    const stream = squeezing.makeBidiStreamRequest(path, asBytes, (bytes) => Told.decode(bytes));
    const told = new Promise((resolve, reject) => stream.on('data', resolve).on('error', reject));
    stream.end(Ask.encode({ list_services: '' }));
    expect(await told).toMatchObject({ list_services_response: { service: expect.any(Array) } });
  });
});

describe('health and reflection', () => {
  const check = (service: string) =>
    ask('/grpc.health.v1.Health/Check', HEALTH_METHODS.Check.request.encode({ service }), {});

  it('tells of the server, of a service, and of none', async () => {
    const { response } = HEALTH_METHODS.Check;
    for (const service of ['', 'inference.GRPCInferenceService'])
      expect(response.decode((await check(service)) as Buffer)).toEqual({ status: 'SERVING' }); // no error was said
    expect(await check('another')).toMatchObject({ code: status.NOT_FOUND });
  });

  it('goes on telling who watches', async () => {
    const { request, response } = HEALTH_METHODS.Watch;
    const stream = client.makeServerStreamRequest(
      '/grpc.health.v1.Health/Watch',
      asBytes,
      (bytes) => response.decode(bytes),
      request.encode({}),
    );
    const first = await new Promise((resolve) => stream.once('data', resolve));
    stream.on('error', () => undefined).cancel();
    expect(first).toEqual({ status: 'SERVING' });
  });

  it.each(['v1', 'v1alpha'])('lists services and describes them (%s)', async (version) => {
    const { request, response } = REFLECTION_METHODS.ServerReflectionInfo;
    const path = `/grpc.reflection.${version}.ServerReflection/ServerReflectionInfo`;
    const stream = client.makeBidiStreamRequest(path, asBytes, (bytes) => response.decode(bytes));
    const said: ReturnType<typeof response.decode>[] = [];
    const ended = new Promise((resolve) => stream.on('data', (one) => said.push(one)).on('end', resolve));
    stream.write(request.encode({ list_services: '' }));
    stream.write(request.encode({ file_containing_symbol: 'inference.GRPCInferenceService' }));
    stream.write(request.encode({ file_containing_symbol: 'nothing.Here' }));
    stream.end();
    await ended;
    expect(said[0]?.list_services_response?.service.map(({ name }) => name)).toContain(
      'inference.GRPCInferenceService',
    );
    expect(said[1]?.file_descriptor_response?.file_descriptor_proto).toHaveLength(1);
    expect(said[2]?.error_response).toMatchObject({ error_code: status.NOT_FOUND });
  });
});

describe('hostile peers', () => {
  it('refuses a message that is too long as soon as it says so', async () => {
    const said = await ask(`${SERVICE}/ModelInfer`, Buffer.alloc(BODY_BYTES_MAX + 1));
    expect(said).toMatchObject({ code: status.RESOURCE_EXHAUSTED });
  });

  /** A call by hand. @returns trailers, or the head where there are none */
  const byHand = (headers: Record<string, string>, body: Uint8Array): Promise<IncomingHttpHeaders> =>
    new Promise((resolve, reject) => {
      const session = connect(`http://127.0.0.1:${port}`).on('error', reject);
      const path = `${SERVICE}/ModelInfer`;
      const stream = session.request({
        ':method': 'POST',
        ':path': path,
        'content-type': 'application/grpc',
        'x-api-key': SECRETS.predictor,
        ...headers,
      });
      let last: IncomingHttpHeaders = {};
      stream.on('response', (head) => {
        last = head;
      });
      stream.on('trailers', (trailers) => {
        last = trailers;
      });
      stream
        .on('error', () => undefined)
        .resume()
        .on('close', () => {
          session.close();
          resolve(last);
        });
      stream.end(body);
    });

  it.each([
    ['no message', Buffer.alloc(0), {}, '3'],
    ['a message that is cut off', Buffer.from([0, 0, 0, 0, 9, 1]), {}, '3'],
    ['a length of 2^32 - 1', Buffer.from([0, 255, 255, 255, 255]), {}, '8'],
    ['a flag that there is not', Buffer.from([9, 0, 0, 0, 0]), {}, '13'],
    ['a message that is compressed nobody knows how', Buffer.from([1, 0, 0, 0, 0]), {}, '13'],
    ['two messages', Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 0, 0]), {}, '13'],
    ['an encoding that is not known', Buffer.from([0, 0, 0, 0, 0]), { 'grpc-encoding': 'zstd' }, '12'],
    ['a deadline that is none', Buffer.from([0, 0, 0, 0, 0]), { 'grpc-timeout': 'soon' }, '3'],
    [
      'a method whose name needs more room than the answer has',
      Buffer.alloc(0),
      { ':path': `/${'%'.repeat(9_000)}` },
      '12',
    ],
    ['a traffic key without end', Buffer.from([0, 0, 0, 0, 0]), { 'x-traffic-key': 'x'.repeat(201) }, '3'],
  ])('refuses %s', async (_name, body, headers: Record<string, string>, code) => {
    expect((await byHand(headers, body))['grpc-status']).toBe(code);
  });

  it('says 415 to what is not gRPC, and lives on after bytes that are not HTTP/2', async () => {
    expect((await byHand({ 'content-type': 'application/json' }, Buffer.from('{}')))[':status']).toBe(415);
    await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow();
    expect(await ask(`${SERVICE}/ModelInfer`, Buffer.from([1]))).toEqual(Buffer.from([1]));
  });
});

it('says UNAVAILABLE when serving is gone', async () => {
  await serving.close(0);
  await eventually(async () =>
    expect(await ask(`${SERVICE}/ModelInfer`, Buffer.alloc(1))).toMatchObject({ code: status.UNAVAILABLE }),
  );
  const { response, request } = HEALTH_METHODS.Check;
  const said = await ask('/grpc.health.v1.Health/Check', request.encode({}), {});
  expect(response.decode(said as Buffer)).toEqual({ status: 'NOT_SERVING' }); // no error was said
});
