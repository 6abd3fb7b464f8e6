import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { encodePredictAnswer } from '@gimbal/contracts';
import { FrameServer, LOGGER, parseFrameAddress } from '@gimbal/platform';
import { eventually } from '@gimbal/testing';
import { afterAll, afterEach, beforeAll, expect, it, jest } from '@jest/globals';
import { type GatewayFixture, SECRETS, SERVICE_KEY, startGateway } from './gateway-fixture.js';

// What callers may do with their connections, on real sockets: the others are answered all the same.
jest.setTimeout(120_000);

const IDLE = 10_000;
const MEBIBYTE = 1_048_576;
let folder: string;
let gateway: GatewayFixture;
let serving: FrameServer;
let port: number;
let taken = 0;
const sockets: Socket[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gateway-connections-'));
  const address = join(folder, 'frames');
  gateway = await startGateway({ SERVING_FRAMES: address, LOG_LEVEL: 'warn', RATE_LIMIT_REQUESTS: '10000000' });
  serving = new FrameServer({
    address: parseFrameAddress(address),
    logger: gateway.service.app.get(LOGGER),
    admit: (_name, key) => key === SERVICE_KEY,
    take: (_item, answer) => {
      taken += 1;
      const body = Buffer.from(`{"number":${taken}}`);
      answer(encodePredictAnswer({ status: 200, contentType: 'application/json', retryAfterSeconds: 0, body }));
    },
  });
  await serving.listen();
  port = Number(new URL(await gateway.listen()).port);
  await eventually(async () => expect((await gateway.ask(null, 'GET', '/health/ready')).status).toBe(200));
});
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
});
afterAll(async () => {
  await gateway.dispose();
  await serving.close(0);
  await rm(folder, { recursive: true });
});

const open = async (): Promise<Socket> => {
  const socket = connect(port, '127.0.0.1');
  sockets.push(socket);
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
};

const requestOf = (body: string): string =>
  [
    'POST /predict HTTP/1.1',
    'Host: gimbal',
    `X-API-Key: ${SECRETS.predictor}`,
    'Content-Type: application/json',
    `Content-Length: ${body.length}`,
    '',
    body,
  ].join('\r\n');

/** Reads until so many answers have come. */
async function answersOf(socket: Socket, count: number): Promise<string[]> {
  let text = '';
  const bodies = () => Array.from(text.matchAll(/\{"number":\d+\}/g), ([body]) => body);
  socket.on('data', (chunk) => {
    text += String(chunk);
  });
  await eventually(() => expect(bodies().length).toBe(count), { timeoutMs: 60_000 });
  return bodies();
}

const isAnswered = async (): Promise<void> => {
  const socket = await open();
  socket.write(requestOf('{"age":1}'));
  await answersOf(socket, 1);
};

/** Opens so many connections from a process of its own, as each end of each takes a file, and keeps them. */
async function holdConnections(count: number): Promise<() => Promise<void>> {
  const program = `
    const { connect } = require('node:net');
    let open = 0;
    const next = () => connect(${port}, '127.0.0.1', () => (++open === ${count} ? console.log('open') : next()));
    for (let side = 0; side < 100; side++) next();
    process.stdin.on('end', () => process.exit()).resume();`;
  const child = spawn(process.execPath, ['-e', program], { stdio: ['pipe', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  return async () => {
    const gone = once(child, 'exit');
    child.kill();
    await gone;
  };
}

it(`${IDLE} connections that say nothing cost little, and others are answered`, async () => {
  await isAnswered();
  const before = process.memoryUsage().rss;
  const letGo = await holdConnections(IDLE);
  await isAnswered();
  expect((process.memoryUsage().rss - before) / IDLE).toBeLessThan(20 * 1_024);
  await letGo();
});

it('a thousand senders that never finish their bodies hold no more than what they sent, and others are answered', async () => {
  const before = process.memoryUsage().rss;
  const [head = ''] = requestOf('x'.repeat(1_000_000)).split('x'.repeat(100));
  for (let begun = 0; begun < 1_000; begun += 250) {
    await Promise.all(Array.from({ length: 250 }, async () => (await open()).write(`${head}{"age":`)));
  }
  await isAnswered();
  expect(process.memoryUsage().rss - before).toBeLessThan(128 * MEBIBYTE);
});

it('a byte at a time is a request, too', async () => {
  const socket = await open();
  socket.setNoDelay(true);
  for (const character of requestOf('{"age":1}')) {
    socket.write(character);
    await new Promise(setImmediate);
  }
  expect(await answersOf(socket, 1)).toHaveLength(1);
});

it('requests that are sent ahead are answered one after the other, in their order', async () => {
  const socket = await open();
  const before = taken;
  socket.write(requestOf('{"age":1}').repeat(1_000));
  const expected = Array.from({ length: 1_000 }, (_, index) => `{"number":${before + index + 1}}`);
  expect(await answersOf(socket, 1_000)).toEqual(expected);
});

it('who sends ahead and never reads is not read from either', async () => {
  const socket = await open();
  socket.pause();
  const before = taken;
  const many = requestOf('{"age":1}').repeat(1_000);
  let sent = 0;
  const pump = () => {
    while (sent < 200_000 && socket.write(many)) sent += 1_000;
  };
  socket.on('drain', pump);
  pump();
  await isAnswered();
  // Its answers fill the buffers of both ends; then next to nothing more is taken.
  await eventually(
    async () => {
      const seen = taken;
      await sleep(200);
      expect(taken - seen).toBeLessThan(20);
    },
    { timeoutMs: 60_000, intervalMs: 1 },
  );
  expect(taken - before).toBeLessThan(100_000);
});
