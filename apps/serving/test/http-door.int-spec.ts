import './native-arrays.js';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { OpenInferAnswer, OpenModel } from '@gimbal/contracts';
import { eventually } from '@gimbal/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { makeModel } from './make-model.js';
import { RegistryStub } from './registry-stub.js';
import { ServingHarness } from './serving-harness.js';

const model = makeModel(1);
const registry = new RegistryStub();
const KEY = 'the-key-of-a-sidecar';
const KEYS = `sidecar:${createHash('sha256').update(KEY).digest('hex')}`;
const PATIENT = [63, 233, 7];
const REQUEST = JSON.stringify({
  id: 'seven',
  inputs: [{ name: 'features', datatype: 'FP32', shape: [1, 3], data: PATIENT }],
});

let registryUrl: string;
let serving: ServingHarness;
let url: string;
const sockets: Socket[] = [];

async function start(more: Readonly<Record<string, string>> = {}): Promise<void> {
  serving = await ServingHarness.make();
  await serving.start({ REGISTRY_URL: registryUrl, SERVING_HTTP: '127.0.0.1:0', SERVING_HTTP_KEYS: KEYS, ...more });
  const said = serving.lines
    .map((line) => JSON.parse(line))
    .find(({ msg }) => msg === 'predictions are taken over HTTP');
  url = said.url;
  await eventually(async () => expect((await post('/v2/models/heart-disease/infer')).status).toBe(200));
}

const post = (path: string, body: string | Uint8Array<ArrayBuffer> = REQUEST, headers: Record<string, string> = {}) =>
  fetch(`${url}${path}`, { method: 'POST', body, headers: { 'x-api-key': KEY, ...headers } });

beforeAll(async () => {
  registry.keepArtifact(model);
  registry.put('heart-disease', { live: 1 }, [registry.version('heart-disease', 1, model.digest)]);
  registryUrl = await registry.start();
});
afterAll(() => registry.stop());

/** A connection of its own, and what came over it so far. */
async function open(): Promise<{ socket: Socket; said: () => string; closed: Promise<unknown> }> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  sockets.push(socket);
  let text = '';
  socket.on('data', (chunk: Buffer) => {
    text += chunk.toString('latin1');
  });
  socket.on('error', () => undefined);
  const closed = new Promise((resolve) => socket.once('close', resolve));
  await once(socket, 'connect');
  return { socket, said: () => text, closed };
}

const plain = (body = REQUEST, more = ''): string =>
  `POST /v2/models/heart-disease/infer HTTP/1.1\r\nHost: a\r\nX-API-Key: ${KEY}\r\n${more}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
});

describe('with keys', () => {
  beforeAll(() => start({ PREDICT_BODY_LIMIT: '100000' }));
  afterAll(() => serving.remove());

  it('answers Open Inference, KServe V1, MLflow and named fields as the gateway does', async () => {
    const inferred = OpenInferAnswer.parse(await (await post('/v2/models/heart-disease/infer')).json());
    expect(inferred).toMatchObject({ id: 'seven' });
    expect(inferred.outputs.find(({ name }) => name === 'probability')?.data).toEqual([
      expect.closeTo(model.predict(PATIENT), 6),
    ]);
    const described = await fetch(`${url}/v2/models/heart-disease`, { headers: { authorization: `Bearer ${KEY}` } });
    expect(OpenModel.parse(await described.json()).name).toBe('heart-disease');
    const instances = JSON.stringify({ instances: [PATIENT] });
    expect((await post('/v1/models/heart-disease:predict', instances)).status).toBe(200);
    const rows = JSON.stringify({ rows: [{ age: 63, chol: 233, thal: 7 }] });
    const named = await post('/api/v1/models/heart-disease/predict', rows, { 'content-type': 'application/json' });
    expect(named.status).toBe(200);
  });

  it('takes compressed bodies and chunks by the long way round, and says the same', async () => {
    const squeezed = await post('/v2/models/heart-disease/infer', new Uint8Array(gzipSync(REQUEST)), {
      'content-encoding': 'gzip',
    });
    expect(squeezed.status).toBe(200);
    const { socket, said } = await open();
    const size = Buffer.byteLength(REQUEST).toString(16);
    socket.write(
      `POST /v2/models/heart-disease/infer HTTP/1.1\r\nHost: a\r\nX-API-Key: ${KEY}\r\nTransfer-Encoding: chunked\r\n\r\n${size}\r\n${REQUEST}\r\n0\r\n\r\n`,
    );
    await eventually(() => expect(said()).toMatch(/^HTTP\/1\.1 200 [\s\S]*"outputs"/));
  });

  it('lets nobody in without one of its keys, but tells everybody that it is alive', async () => {
    const without = await post('/v2/models/heart-disease/infer', REQUEST, { 'x-api-key': '' });
    const wrong = await post('/v2/models/heart-disease/infer', REQUEST, { 'x-api-key': 'another' });
    expect([without.status, wrong.status]).toEqual([401, 401]);
    expect(await wrong.json()).toEqual({ error: expect.stringContaining('key') });
    expect((await fetch(`${url}/v2/models`)).status).toBe(401);
    expect((await fetch(`${url}/v2/health/live`)).status).toBe(200);
  });

  it('changes nothing of the server, whoever asks', async () => {
    const changed = await post('/v2/logging', JSON.stringify({ log_verbose_level: 1 }));
    expect(changed.status).toBe(403);
  });

  it('answers requests that are sent ahead in their order', async () => {
    const { socket, said } = await open();
    const ids = Array.from({ length: 20 }, (_, index) => `r${index}`);
    socket.write(ids.map((id) => plain(REQUEST.replace('seven', id))).join(''));
    await eventually(() => expect(Array.from(said().matchAll(/"id":"(r\d+)"/g), ([, id]) => id)).toEqual(ids));
  });

  it('refuses a body that is too large before it is there, and a head that is', async () => {
    const { socket, said, closed } = await open();
    socket.write(plain().replace(/Content-Length: \d+/, 'Content-Length: 900000000'));
    await eventually(() => expect(said()).toMatch(/^HTTP\/1\.1 413 /));
    socket.destroy();
    await closed;
    const other = await open();
    other.socket.write(`GET /v2 HTTP/1.1\r\nHost: a\r\nX-Note: ${'x'.repeat(40_000)}\r\n\r\n`);
    await other.closed;
    expect(other.said()).toMatch(/^HTTP\/1\.1 431 /);
  });
});

describe('within its bounds', () => {
  beforeAll(() => start({ SERVING_HTTP_CONNECTIONS: '50', SERVING_HTTP_IDLE: '1500', HTTP_REQUEST_TIMEOUT: '1000' }));
  afterAll(() => serving.remove());

  it('holds no more connections than it may, answers on those it holds, and ends those that say nothing', async () => {
    const all = await Promise.all(Array.from({ length: 200 }, () => open()));
    const isOpen = ({ socket }: (typeof all)[number]): boolean => !socket.destroyed && !socket.readableEnded;
    await eventually(() => expect(all.filter(isOpen).length).toBeLessThanOrEqual(50));
    const kept = all.filter(isOpen);
    kept[0]?.socket.write(plain());
    await eventually(() => expect(kept[0]?.said()).toMatch(/^HTTP\/1\.1 200 /));
    await Promise.all(all.map(({ closed }) => closed));
    expect((await post('/v2/models/heart-disease/infer')).status).toBe(200);
  });

  it('cuts off whoever sends a body too slowly', async () => {
    const { socket, closed } = await open();
    socket.write(plain().slice(0, -1));
    await closed;
  });
});

it('answers everybody on this machine when it has no keys, but no page in a browser', async () => {
  await start({ SERVING_HTTP_KEYS: '' });
  expect((await post('/v2/models/heart-disease/infer', REQUEST, { 'x-api-key': '' })).status).toBe(200);
  const page = await post('/v2/models/heart-disease/infer', REQUEST, { origin: 'https://example.org' });
  expect(page.status).toBe(401);
  await serving.remove();
});

it('does not start where other machines could come in without a key', async () => {
  const open = await ServingHarness.make();
  await expect(open.start({ REGISTRY_URL: registryUrl, SERVING_HTTP: '0.0.0.0:0' })).rejects.toThrow(
    'set SERVING_HTTP_KEYS',
  );
  await open.remove();
});

it('answers what it has taken before it closes', async () => {
  await start();
  const busy = await Promise.all(Array.from({ length: 20 }, () => open()));
  for (const { socket } of busy) socket.write(plain());
  const idle = await open();
  await eventually(() => expect(busy[0]?.said()).not.toBe(''));
  await serving.remove();
  await Promise.all([...busy, idle].map(({ closed }) => closed));
  const answers = busy.map(({ said }) => said()).filter(Boolean); // what was not read yet when it closed has no answer
  expect(answers.length).toBeGreaterThan(0);
  for (const answer of answers) expect(answer).toMatch(/^HTTP\/1\.1 200 [\s\S]*"outputs"[\s\S]*}$/);
});
