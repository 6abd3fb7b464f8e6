import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buildService } from '@gimbal/platform';
import { eventually } from '@gimbal/testing';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { monitoringService } from '../src/index.js';
import { AGE, MonitoringWorld, rowOf, type SeededVersion } from './monitoring-world.js';

const received: { id: string }[] = [];
const sink = createServer(async (request, response) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  received.push(...JSON.parse(Buffer.concat(chunks).toString()));
  response.writeHead(200).end();
});
let world: MonitoringWorld;
let version: SeededVersion;

beforeAll(async () => {
  sink.listen(0, '127.0.0.1');
  await once(sink, 'listening');
  const { port } = sink.address() as AddressInfo; // it listens on TCP
  world = await MonitoringWorld.start({ PAYLOAD_LOG_URL: `http://127.0.0.1:${port}/` });
  version = await world.addVersion({ inputs: [AGE] });
});
afterAll(async () => {
  await world?.stop();
  sink.closeAllConnections();
  sink.close();
});

it('sends what is stored, and only that, and counts it', async () => {
  const [good, unknown] = [rowOf(version), rowOf({ ...version, id: randomUUID() })];
  await world.log([good, unknown]);
  const last = rowOf(version);
  await world.log([last]);
  await eventually(() => expect(received.map(({ id }) => id)).toContain(last.id));
  await eventually(() => expect(received.map(({ id }) => id)).toContain(good.id));
  expect(received.map(({ id }) => id)).not.toContain(unknown.id);
  const { text } = await world.call('GET', '/metrics');
  expect(text).toContain('gimbal_payload_log_events_total{outcome="sent"} 4');
});

it('does not start with an address that holds a password, and does not show it', async () => {
  const env = { ...world.environment, PAYLOAD_LOG_URL: 'https://user:hunter2@sink.example/' };
  const error: unknown = await buildService(monitoringService, { env }).catch((failure: unknown) => failure);
  expect(String(error)).toContain('PAYLOAD_LOG_TOKEN');
  expect(String(error)).not.toContain('hunter2');
});
