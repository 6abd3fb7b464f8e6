import { once } from 'node:events';
import { connect } from 'node:http2';
import type { Socket } from 'node:net';
import { eventually } from '@gimbal/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { frameMessage } from '../src/grpc/cut-messages.js';
import type { AnswerMessage } from '../src/grpc/grpc-method.js';
import { GrpcServer } from '../src/grpc/grpc-server.js';
import {
  CANCEL,
  END_HEADERS,
  END_STREAM,
  encodeFields,
  frame,
  NO_WINDOW,
  openRawHttp2,
  readFrames,
  writeAll,
} from './raw-http2.js';

const silent = () => undefined;
const logger = { debug: silent, error: silent, info: silent, warn: silent, isLevelEnabled: () => false };

let server: GrpcServer;
let port: number;
let answer: AnswerMessage;
let taken: number;
let underWay: number;
let underWayMost: number;
const cleanups: (() => unknown)[] = [];

const counted: AnswerMessage = async (message) => {
  taken += 1;
  underWay += 1;
  underWayMost = Math.max(underWay, underWayMost);
  try {
    return await answer(message);
  } finally {
    underWay -= 1;
  }
};
const echo: AnswerMessage = async ({ bytes }) => bytes;
const never: AnswerMessage = () => new Promise(silent);

beforeEach(async () => {
  taken = underWay = underWayMost = 0;
  answer = echo;
  server = new GrpcServer({
    ...{ host: '127.0.0.1', port: 0, connectionsMax: 10, messageBytesMax: 2_000_000, messageMs: 200, logger },
    methods: new Map([
      ['/s/one', { kind: 'one', open: () => counted }],
      ['/s/each', { kind: 'each', open: () => counted }],
    ]),
  });
  port = await server.listen();
});
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) cleanup();
  await server.close(100);
});

async function open(settings?: Uint8Array): Promise<Socket> {
  const socket = await openRawHttp2(port, settings);
  cleanups.push(() => socket.destroy());
  return socket;
}

const HEAD = { ':method': 'POST', ':scheme': 'http', ':authority': 'here', 'content-type': 'application/grpc' };
const begin = (path: string, stream: number, flags = END_HEADERS): Buffer =>
  frame('headers', flags, stream, encodeFields({ ':path': path, ...HEAD }));

/** Somebody else, on a connection of its own. */
async function expectAnswer(): Promise<void> {
  const session = connect(`http://127.0.0.1:${port}`);
  cleanups.push(() => session.destroy());
  const stream = session.request({ ':method': 'POST', ':path': '/s/one', 'content-type': 'application/grpc' });
  const pieces: Buffer[] = [];
  stream.on('data', (piece: Buffer) => pieces.push(piece));
  stream.end(frameMessage(Buffer.from('still here')));
  await once(stream, 'end');
  expect(Buffer.concat(pieces).subarray(5).toString()).toBe('still here');
}

describe('a flood ends with its connection, and nobody else notices', () => {
  const ping = frame('ping', 0, 0, Buffer.alloc(8));
  const settings = frame('settings', 0, 0);
  const moreFields = frame('continuation', 0, 1, encodeFields({ 'x-more': 'x'.repeat(100) }));

  it.each<[string, 'reads' | 'does not read', Buffer, (index: number) => Buffer]>([
    ['calls over the limit', 'reads', Buffer.alloc(0), (index) => begin('/s/one', 2 * index + 1)],
    ['pings', 'does not read', Buffer.alloc(0), () => ping],
    ['settings', 'does not read', Buffer.alloc(0), () => settings],
    ['header fields', 'reads', begin('/s/one', 1, 0), () => moreFields],
    ['empty data', 'reads', begin('/s/one', 1), () => frame('data', 0, 1)],
  ])('%s, of a client that %s answers', async (_what, manner, first, part) => {
    answer = never;
    const socket = await open();
    if (manner === 'reads') socket.resume();
    socket.write(first);
    await writeAll(socket, 1_000_000, part);
    expect(socket.writable).toBe(false);
    answer = echo;
    await expectAnswer();
  });

  // CVE-2023-44487: a call that is cancelled is none of those that may be under way at once.
  it('calls that are cancelled at once, which reach nobody any more', async () => {
    answer = never;
    const socket = (await open()).resume();
    await writeAll(socket, 100_000, (index) => {
      const stream = 2 * index + 1;
      const message = frame('data', 0, stream, frameMessage(Buffer.of(1)));
      return Buffer.concat([begin('/s/one', stream), message, frame('reset', 0, stream, CANCEL)]);
    });
    expect(socket.writable).toBe(false);
    expect(taken).toBeGreaterThan(100);
    expect(taken).toBeLessThan(10_000);
    answer = echo;
    await expectAnswer();
  });

  it('pings of a client that reads their answers take no more than their bytes', async () => {
    const socket = (await open()).resume();
    const writing = writeAll(socket, 100_000, () => ping);
    await expectAnswer();
    await writing;
  });
});

describe('one caller holds no more than its share', () => {
  it('of messages that are answered at once, however many come in one piece', async () => {
    answer = ({ bytes }) => new Promise((resolve) => setImmediate(() => resolve(bytes)));
    const socket = await open();
    const received: Buffer[] = [];
    socket.on('data', (piece: Buffer) => received.push(piece));
    const messages = Array.from({ length: 3_000 }, (_, index) => frameMessage(Buffer.of(index & 0x3f)));
    const [some, others] = [messages.slice(0, 2_000), messages.slice(2_000)];
    socket.write(begin('/s/each', 1));
    socket.write(Buffer.concat([frame('data', 0, 1, Buffer.concat(some)), frame('data', 1, 1, Buffer.concat(others))]));
    const hasEnded = () => [...readFrames(Buffer.concat(received), 'headers')].some(({ flags }) => flags & END_STREAM);
    await eventually(() => expect(hasEnded()).toBe(true));
    expect([taken, underWayMost]).toEqual([3_000, 32]);
    const said = Buffer.concat(Array.from(readFrames(Buffer.concat(received), 'data'), ({ payload }) => payload));
    expect(said).toEqual(Buffer.concat(messages));
  });

  it.each([
    ['/s/one', END_STREAM],
    ['/s/one', 0],
    ['/s/each', END_STREAM],
    ['/s/each', 0],
  ])('of answers that it does not read: %s, its own end said: %i', async (path, flags) => {
    answer = async () => Buffer.alloc(1_000_000);
    const socket = await open(NO_WINDOW);
    const received: Buffer[] = [];
    socket.on('data', (piece: Buffer) => received.push(piece));
    socket.write(begin(path, 1));
    socket.write(frame('data', flags, 1, frameMessage(new Uint8Array())));
    const resets = () => Array.from(readFrames(Buffer.concat(received), 'reset'), ({ payload }) => payload);
    await eventually(() => expect(resets()).toEqual([CANCEL]));
    expect(taken).toBe(1);
  });
});
