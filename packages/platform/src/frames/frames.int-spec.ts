import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { eventually } from '@gimbal/testing';
import { afterEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { FrameAddress } from './frame-address.js';
import { FrameClient, type FrameClientOptions } from './frame-client.js';
import { encodeFrame, FRAME_KIND, FrameDecoder } from './frame-codec.js';
import { FrameServer, type FrameServerOptions } from './frame-server.js';

const logger = { info: () => undefined, warn: () => undefined };
const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const until = async (holds: () => boolean, what: string): Promise<void> => {
  const deadline = performance.now() + 60_000;
  while (!holds()) {
    if (performance.now() > deadline) throw new Error(`never: ${what}`);
    await wait(2);
  }
};

const startServer = async (
  take: FrameServerOptions['take'],
  address: FrameAddress = { host: '127.0.0.1', port: 0 },
) => {
  const admit = (name: string, key: string) => name === 'gateway' && key === 'the-key-of-the-gateway';
  const server = new FrameServer({ address, logger, admit, take });
  const bound = await server.listen();
  cleanups.push(() => server.close(100));
  return { server, address: bound };
};

const startClient = async (address: FrameAddress, options: Partial<FrameClientOptions> = {}) => {
  const client = new FrameClient({
    address,
    name: 'gateway',
    key: 'the-key-of-the-gateway',
    logger,
    answerTimeoutMs: 60_000,
    ...options,
  });
  client.start();
  cleanups.push(() => client.stop());
  await until(() => client.ready, 'connected');
  return client;
};

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString();
const folder = async () => {
  const path = await mkdtemp(join(tmpdir(), 'frames-'));
  cleanups.push(() => rm(path, { recursive: true }));
  return path;
};

describe('over a real connection', () => {
  it('each item gets its own answer, whatever the sizes and the order in which they are answered', async () => {
    const { address } = await startServer((item, answer) => {
      const reply = Buffer.from(item).reverse();
      const turns = item[0] ?? 0;
      if (turns % 3 === 0) answer(reply);
      else if (turns % 3 === 1) setImmediate(() => answer(reply));
      else setTimeout(() => answer(reply), turns % 7);
    });
    const client = await startClient(address, { framesInFlightMax: 2, frameItemsMax: 7, frameBytesMax: 4_096 });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 3_000 }), { maxLength: 60 }), async (items) => {
        const replies = await Promise.all(items.map((item) => client.send(item)));
        expect(replies.map((reply) => Buffer.from(reply).toString('hex'))).toEqual(
          items.map((item) => Buffer.from(item).reverse().toString('hex')),
        );
      }),
      { numRuns: 40 },
    );
  });

  it('works over a Unix socket, whose dead predecessor is removed and whose living one is not', async () => {
    const path = join(await folder(), 'frames.sock');
    const dead = createServer().listen(path);
    await once(dead, 'listening');
    await new Promise((resolve) => dead.close(resolve));
    await startServer((item, answer) => answer(item), { path });
    const client = await startClient({ path });
    expect(text(await client.send(Buffer.from('hello')))).toBe('hello');
    await expect(startServer((item, answer) => answer(item), { path })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });

  it('never removes a file that is no socket', async () => {
    const path = join(await folder(), 'notes.txt');
    await writeFile(path, 'mine');
    await expect(startServer((item, answer) => answer(item), { path })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });

  it('carries an item of 20 MB and an answer of the same size beside small ones', async () => {
    const { address } = await startServer((item, answer) => answer(item));
    const client = await startClient(address);
    const big = Buffer.alloc(20_000_000, 7);
    const [first, second] = await Promise.all([client.send(big), client.send(Buffer.from('small'))]);
    expect(Buffer.compare(first, big)).toBe(0);
    expect(text(second)).toBe('small');
  });
});

describe('coalescing', () => {
  it('items of one turn leave as one frame; while the allowed frames are under way the next ones gather', async () => {
    const frames: number[] = [];
    let socket: Socket | undefined;
    const server = createServer((accepted) => {
      socket = accepted;
      const decoder = new FrameDecoder(1_000_000);
      accepted.on('data', (chunk) => {
        for (const { kind, id, entries } of decoder.decode(chunk)) {
          if (kind === FRAME_KIND.hello) accepted.write(encodeFrame({ kind: FRAME_KIND.welcome, id: 0, entries: [] }));
          else frames.push(entries.length, id);
        }
      });
    }).listen(0, '127.0.0.1');
    cleanups.push(
      () => server.close(),
      () => socket?.destroy(),
    );
    await once(server, 'listening');
    const bound = server.address();
    const port = typeof bound === 'object' && bound ? bound.port : 0;
    const client = await startClient({ host: '127.0.0.1', port }, { framesInFlightMax: 1 });
    const sent = [1, 2, 3].map((value) => client.send(Buffer.of(value)));
    await until(() => frames.length === 2, 'the first frame');
    sent.push(...[4, 5].map((value) => client.send(Buffer.of(value))));
    await wait(20);
    expect(frames).toEqual([3, 1]);
    const reply = (id: number, positions: number[]) =>
      socket?.write(
        encodeFrame({
          kind: FRAME_KIND.reply,
          id,
          entries: positions.map((position) => ({ position, bytes: Buffer.of(position) })),
        }),
      );
    reply(1, []); // taken in: the next frame may leave although nothing is answered yet
    await until(() => frames.length === 4, 'the second frame');
    expect(frames).toEqual([3, 1, 2, 2]);
    reply(2, [1, 0]);
    reply(1, [2]);
    reply(1, [0, 1]);
    expect((await Promise.all(sent)).map((bytes) => bytes[0])).toEqual([0, 1, 2, 0, 1]);
  });

  it('one slow item holds up neither its own frame nor the next', async () => {
    let release: () => void = () => undefined;
    const { address } = await startServer((item, answer) => {
      if (text(item) === 'slow') release = () => answer(item);
      else answer(item);
    });
    const client = await startClient(address, { framesInFlightMax: 1 });
    const slow = client.send(Buffer.from('slow'));
    expect(text(await client.send(Buffer.from('beside')))).toBe('beside');
    const alone = client.send(Buffer.from('slow'));
    expect(text(await client.send(Buffer.from('after')))).toBe('after');
    release();
    await alone;
    void slow.catch(() => undefined);
  });
});

describe('bad days', () => {
  it('without a server every item is refused at once, and the client finds it when it comes', async () => {
    const path = join(await folder(), 's');
    const client = new FrameClient({ address: { path }, name: 'gateway', key: 'the-key-of-the-gateway', logger });
    client.start();
    cleanups.push(() => client.stop());
    // At once: to wait would end as `timeout`.
    await expect(client.send(Buffer.of(1))).rejects.toMatchObject({ code: 'service-unavailable' });
    await startServer((item, answer) => answer(item), { path });
    await until(() => client.ready, 'connected');
    expect((await client.send(Buffer.of(1)))[0]).toBe(1);
  });

  it('a broken connection fails what is under way once, and nothing is sent again', async () => {
    const path = join(await folder(), 's');
    const taken: number[] = [];
    const first = new FrameServer({
      address: { path },
      logger,
      admit: () => true,
      take: (item) => taken.push(item[0] ?? -1),
    });
    await first.listen();
    const client = await startClient({ path });
    const sent = [1, 2, 3].map((value) =>
      client.send(Buffer.of(value)).then(
        () => 'answered',
        (error) => error.code,
      ),
    );
    await until(() => taken.length === 3, 'taken');
    await first.close(0);
    expect(await Promise.all(sent)).toEqual(Array(3).fill('service-unavailable'));
    await startServer(
      (item, answer) => {
        taken.push(item[0] ?? -1);
        answer(item);
      },
      { path },
    );
    await until(() => client.ready, 'connected again');
    await client.send(Buffer.of(9));
    expect(taken).toEqual([1, 2, 3, 9]);
  });

  it('a server that leaves answers what it took; new items are refused at once', async () => {
    const answers: (() => void)[] = [];
    const { server, address } = await startServer((item, answer) => answers.push(() => answer(item)));
    const client = await startClient(address);
    const sent = client.send(Buffer.from('before'));
    await until(() => answers.length === 1, 'taken');
    const closed = server.close(60_000);
    await until(() => !client.ready, 'told');
    await expect(client.send(Buffer.from('after'))).rejects.toMatchObject({ code: 'service-unavailable' });
    answers[0]?.();
    expect(text(await sent)).toBe('before');
    await closed;
  });

  it('an answer that does not come in time is a timeout, and the connection goes on for others', async () => {
    const { address } = await startServer((item, answer) => {
      if (text(item) !== 'lost') answer(item);
    });
    const client = await startClient(address, { answerTimeoutMs: 100 });
    const lost = client.send(Buffer.from('lost'));
    await expect(lost).rejects.toMatchObject({ code: 'timeout' });
    expect(client.ready).toBe(true);
    // On a busy machine the next one may be late as well, and be asked again.
    await eventually(async () => expect(text(await client.send(Buffer.from('next')))).toBe('next'));
  });

  it('more than may wait is refused as overloaded; what is too large as payload-too-large', async () => {
    const { address } = await startServer(() => undefined);
    const client = await startClient(address, { itemsMax: 3, itemBytesMax: 1_000 });
    const held = [1, 2, 3].map((value) => client.send(Buffer.of(value)).catch(() => undefined));
    await expect(client.send(Buffer.of(4))).rejects.toMatchObject({ code: 'overloaded' });
    await expect(client.send(Buffer.alloc(1_001))).rejects.toMatchObject({ code: 'payload-too-large' });
    client.stop();
    await Promise.all(held);
  });

  it.each([
    [
      'a wrong key',
      encodeFrame({
        kind: FRAME_KIND.hello,
        id: 0,
        entries: ['gateway', 'wrong'].map((word, position) => ({ position, bytes: Buffer.from(word) })),
      }),
    ],
    [
      'another service',
      encodeFrame({
        kind: FRAME_KIND.hello,
        id: 0,
        entries: ['agent', 'the-key-of-the-gateway'].map((word, position) => ({ position, bytes: Buffer.from(word) })),
      }),
    ],
    [
      'a request without a hello',
      encodeFrame({ kind: FRAME_KIND.request, id: 1, entries: [{ position: 0, bytes: Buffer.of(1) }] }),
    ],
    ['HTTP', Buffer.from('GET / HTTP/1.1\r\nhost: x\r\n\r\n')],
    ['a hello of 10 MB', Buffer.alloc(10_000_000, 255)],
  ])('%s is dropped before anything is taken', async (_what, bytes) => {
    let taken = 0;
    const { address } = await startServer(() => {
      taken += 1;
    });
    if ('path' in address) throw new Error('a port was asked for');
    const socket = connect(address.port, address.host);
    cleanups.push(() => socket.destroy());
    socket.on('error', () => undefined);
    socket.write(bytes);
    await new Promise((resolve) => socket.once('close', resolve)); // a reset on the way is as good
    expect(taken).toBe(0);
  });
});
