import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { PredictionClient } from './prediction-client.js';
import { readTensor, type Tensor, toBytes, toJson } from './tensors.js';

/** A server that answers as the test says. */
let server: Server;
let url: string;
let answer: (request: IncomingMessage, reply: ServerResponse) => void;
const seen: IncomingMessage[] = [];
const sockets = new Set<unknown>();
beforeEach(async () => {
  seen.length = 0;
  sockets.clear();
  server = createServer((request, reply) => {
    seen.push(request);
    sockets.add(request.socket);
    request.resume().on('end', () => answer(request, reply));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // it listens on a port
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const client = (options: { deadlineMs?: number; attempts?: number } = {}) =>
  new PredictionClient({ url, apiKey: 'key', ...options });
const say = (reply: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void => {
  reply.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
};

describe('a question', () => {
  it('that nobody took is asked again, on the same connection', async () => {
    answer = (_, reply) =>
      seen.length < 3 ? say(reply, 503, { code: 'overloaded', detail: 'later' }) : say(reply, 200, { results: [] });
    expect(await client().predict('m', [{}])).toEqual([]);
    expect([seen.length, sockets.size]).toEqual([3, 1]);
  });

  it('that a server broke off is asked again', async () => {
    answer = (request, reply) => (seen.length < 2 ? request.socket.destroy() : say(reply, 200, { results: [] }));
    expect(await client().predict('m', [{}])).toEqual([]);
  });

  it('is asked no more often than was said, and the last refusal is what is thrown', async () => {
    answer = (_, reply) => say(reply, 503, { code: 'overloaded', detail: 'later', instance: 'request-1' });
    const asked = client({ attempts: 2 }).predict('m', [{}]);
    await expect(asked).rejects.toMatchObject({ status: 503, code: 'overloaded', requestId: 'request-1' });
    expect(seen).toHaveLength(2);
  });

  it.each([400, 404, 409, 500, 504])('that was answered %d is asked once', async (status) => {
    answer = (_, reply) => say(reply, status, { code: 'c', detail: 'd' });
    await expect(client().predict('m', [{}])).rejects.toMatchObject({ status });
    expect(seen).toHaveLength(1);
  });

  it('is not asked again when the pause that the server wants is longer than the deadline', async () => {
    answer = (_, reply) => say(reply, 503, { code: 'overloaded' }, { 'retry-after': '60' });
    await expect(client().predict('m', [{}])).rejects.toMatchObject({ retryAfterMs: 60_000 });
    expect(seen).toHaveLength(1);
  });

  it('tells how long is left, and ends with its deadline', async () => {
    answer = () => undefined;
    await expect(client().predict('m', [{}], { deadlineMs: 200 })).rejects.toMatchObject({ name: 'TimeoutError' });
    expect(seen).toHaveLength(1);
    const told = Number(seen[0]?.headers['x-request-timeout-ms']);
    expect(told).toBeGreaterThan(0);
    expect(told).toBeLessThanOrEqual(200);
  });

  it('says whose it is', async () => {
    answer = (_, reply) => say(reply, 200, { results: [] });
    await client().predict('a b', [{}], { trafficKey: 'user-7', coding: 'kaggle', receipt: true });
    expect(seen[0]?.url).toBe('/api/v1/models/a%20b/predict?coding=kaggle&receipt=true');
    expect(seen[0]?.headers).toMatchObject({ 'x-api-key': 'key', 'x-traffic-key': 'user-7' });
  });
});

describe('tensors', () => {
  const TENSORS: Tensor[] = [
    { name: 't', datatype: 'FP32', shape: [2], data: Float32Array.of(0.5, Number.NaN) },
    { name: 't', datatype: 'FP64', shape: [1, 2], data: Float64Array.of(0.1, -1e300) },
    { name: 't', datatype: 'INT64', shape: [2], data: BigInt64Array.of(-1n, 7n) },
    { name: 't', datatype: 'UINT8', shape: [2], data: Uint8Array.of(0, 255) },
    { name: 't', datatype: 'BOOL', shape: [2], data: [true, false] },
    { name: 't', datatype: 'BYTES', shape: [3], data: ['', 'grün', '漢字'] },
  ];

  it.each(TENSORS)('of $datatype come back as they went, as JSON and as bytes', (tensor) => {
    const json = JSON.parse(JSON.stringify(toJson(tensor)));
    expect(readTensor(json, undefined)).toEqual(tensor);
    const { data: _, ...head } = json;
    const whole = new Uint8Array([0, ...toBytes(tensor)]); // not aligned, as they come behind the JSON
    expect(readTensor(head, whole.subarray(1))).toEqual(tensor);
  });

  it('are refused when data and shape disagree, or JSON could not hold them', () => {
    expect(() => toJson({ name: 'a', datatype: 'FP32', shape: [3, 2], data: new Float32Array(5) })).toThrow(
      'The tensor a has 5 elements, and its shape [3, 2] says 6.',
    );
    const large: Tensor = { name: 'a', datatype: 'INT64', shape: [1], data: BigInt64Array.of(2n ** 60n) };
    expect(() => toJson(large)).toThrow(/too large for JSON/);
    expect(readTensor({ name: 'a', datatype: 'INT64', shape: [1] }, toBytes(large))).toEqual(large);
  });

  it('nested as some servers send them become flat', () => {
    expect(
      readTensor(
        {
          name: 'a',
          datatype: 'FP32',
          shape: [2, 2],
          data: [
            [1, 2],
            [3, 4],
          ],
        },
        undefined,
      ).data,
    ).toEqual(Float32Array.of(1, 2, 3, 4));
  });
});
