import { once } from 'node:events';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { eventually } from '@gimbal/testing';
import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import Fastify, { type FastifyInstance } from 'fastify';
import { installFastPath } from './fast-path.js';

let fastify: FastifyInstance;
let port: number;
let taken: string[] = [];
let hold: Promise<void> | undefined;
let answerBytes = 0;

async function start(bodyMs: number): Promise<FastifyInstance> {
  const app = Fastify({ forceCloseConnections: 'idle' });
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
  app.all('/*', async (request) => `slow ${request.method} ${request.url} ${String(request.body ?? '')}`);
  installFastPath(app, {
    bodyMs,
    headers: { 'x-path': 'fast' },
    route: ({ path }) =>
      path.startsWith('/fast')
        ? {
            begin: () => ({
              answer: async (body) => {
                taken.push(`${path} ${body.toString('utf8')}`);
                await hold;
                const text =
                  answerBytes > 0 ? Buffer.alloc(answerBytes, 'a') : Buffer.from(`fast ${body.toString('utf8')}`);
                return { status: 200, headers: 'content-type: text/plain\r\n', body: text };
              },
            }),
          }
        : null,
  });
  await app.listen({ port: 0, host: '127.0.0.1' });
  return app;
}

const portOf = ({ server }: FastifyInstance): number => (server.address() as AddressInfo).port; // it listens on TCP

beforeAll(async () => {
  fastify = await start(200);
  port = portOf(fastify);
});
afterAll(() => fastify.close());
beforeEach(() => {
  taken = [];
  hold = undefined;
  answerBytes = 0;
});

interface Client {
  readonly socket: Socket;
  said(): string;
}
async function open(to = port): Promise<Client> {
  const socket = connect(to, '127.0.0.1');
  let text = '';
  socket.on('data', (chunk: Buffer) => {
    text += chunk.toString('latin1');
  });
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return { socket, said: () => text };
}

const post = (path: string, body: string, more = ''): string =>
  `POST ${path} HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\n${more}Content-Length: ${body.length}\r\n\r\n${body}`;

it('answers plain requests on one connection, one after the other, with the headers of every answer', async () => {
  const { socket, said } = await open();
  for (const body of ['one', 'two', 'owt']) {
    socket.write(post('/fast', body));
    await eventually(() => expect(said().endsWith(`fast ${body}`)).toBe(true));
  }
  expect(said().match(/HTTP\/1\.1 200 OK\r\nx-path: fast\r\n/g)).toHaveLength(3);
  expect(said()).toMatch(
    /Date: \w{3}, \d\d \w{3} \d{4} .* GMT\r\nConnection: keep-alive\r\nKeep-Alive: timeout=\d+\r\n/,
  );
  socket.destroy();
});

it('puts a body together that comes in pieces, and cuts off one that never ends', async () => {
  const { socket, said } = await open();
  const [head = '', body = ''] = post('/fast', 'in three pieces').split(/(?<=\r\n\r\n)/);
  socket.write(head);
  socket.write(body.slice(0, 3));
  await new Promise((resolve) => setImmediate(resolve));
  socket.write(body.slice(3));
  await eventually(() => expect(said()).toContain('fast in three pieces'));
  socket.write(post('/fast', 'never all of it').slice(0, -1));
  await once(socket, 'close');
  expect(taken).toEqual(['/fast in three pieces']);
});

it('answers what was sent ahead in its order, and is not drowned by a client that does not read', async () => {
  const { socket, said } = await open();
  socket.write(['1', '2', '3'].map((body) => post('/fast', body)).join(''));
  await eventually(() => expect(said().match(/fast \d/g)).toEqual(['fast 1', 'fast 2', 'fast 3']));
  taken = [];
  answerBytes = 1_000_000;
  socket.pause();
  const wished = 1_000;
  socket.write(post('/fast', 'x').repeat(wished));
  await eventually(() => expect(taken.length).toBeGreaterThan(0));
  const { socket: other, said: heard } = await open();
  answerBytes = 0;
  for (let round = 0; round < 20; round++) {
    other.write(post('/fast', `${round}`));
    await eventually(() => expect(heard().endsWith(`fast ${round}`)).toBe(true));
  }
  expect(taken.filter((one) => one === '/fast x').length).toBeLessThan(wished);
  socket.destroy();
  other.destroy();
});

it.each([
  ['another route', [post('/other', 'body')], 'slow POST /other body'],
  ['another method', ['GET /fast HTTP/1.1\r\nHost: a\r\n\r\n'], 'slow GET /fast '],
  [
    'chunks',
    ['POST /fast HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n0\r\n\r\n'],
    'slow POST /fast body',
  ],
  // Whether they arrive in pieces is the network's business; they are answered either way.
  ['a head in pieces', post('/fast', 'body').split(/(?<=Host)/), 'fast body'],
])('gives %s to Node with every byte of it, on a new connection and on a used one', async (_what, pieces, answer) => {
  for (const before of [[], ['one', 'two']]) {
    const { socket, said } = await open();
    for (const body of before) {
      socket.write(post('/fast', body));
      await eventually(() => expect(said().endsWith(`fast ${body}`)).toBe(true));
    }
    for (const piece of pieces) {
      socket.write(piece);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await eventually(() => expect(said()).toContain(answer));
    socket.write('GET /again HTTP/1.1\r\nHost: a\r\n\r\n');
    await eventually(() => expect(said()).toContain('slow GET /again'));
    socket.destroy();
  }
});

it('gives what cannot be HTTP to Node, which says so', async () => {
  const { socket, said } = await open();
  socket.write('hello there\r\n\r\n');
  await once(socket, 'close');
  expect(said()).toMatch(/^HTTP\/1\.1 400 Bad Request/);
});

it('ends idle connections when the server closes, after the answers under way', async () => {
  const app = await start(10_000);
  const [idle, busy, unused] = await Promise.all([open(portOf(app)), open(portOf(app)), open(portOf(app))]);
  idle.socket.write(post('/fast', 'idle'));
  await eventually(() => expect(idle.said()).toContain('fast idle'));
  let release = (): void => undefined;
  hold = new Promise((resolve) => {
    release = resolve;
  });
  busy.socket.write(post('/fast', 'busy'));
  await eventually(() => expect(taken).toContain('/fast busy'));
  const ends = [idle, busy, unused].map(({ socket }) => once(socket, 'close'));
  const closed = app.close();
  await Promise.all([ends[0], ends[2]]);
  expect(busy.said()).toBe('');
  release();
  await Promise.all([ends[1], closed]);
  expect(busy.said()).toMatch(/Connection: close\r\n\r\nfast busy$/);
});
