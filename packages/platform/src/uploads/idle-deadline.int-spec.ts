import { once } from 'node:events';
import { createServer, request, type Server } from 'node:http';
import { finished } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, it } from '@jest/globals';
import { allowLongStreams, expectSteadyStream } from './idle-deadline.js';

const TOTAL_MS = 100;
let server: Server;
afterEach(() => {
  server.close();
});

/** A server that takes `TOTAL_MS` for a request as a whole, unless it streams, and reads every request to its end. */
async function serve(idleMs: number | undefined): Promise<string> {
  const options = { requestTimeout: TOTAL_MS, headersTimeout: TOTAL_MS, connectionsCheckingInterval: 10 };
  server = createServer(options, async (asked, reply) => {
    const end = idleMs === undefined ? undefined : expectSteadyStream(asked, idleMs);
    const isWhole = await finished(asked.resume()).then(
      () => true,
      () => false, // cut
    );
    end?.();
    if (isWhole) reply.end('all');
  });
  allowLongStreams(server);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
}

/** Sends `chunks`, with pauses. @returns the status, or that the connection was cut */
async function send(url: string, { chunks, pauseMs }: { chunks: number; pauseMs: number }): Promise<number | 'cut'> {
  const sent = request(url, { method: 'PUT' });
  const answer = new Promise<number | 'cut'>((resolve) => {
    sent.on('response', (reply) => resolve(reply.resume().statusCode ?? 0)).on('error', () => resolve('cut'));
  });
  for (let number = 0; number < chunks && !sent.destroyed; number++) {
    sent.write('x');
    await sleep(pauseMs);
  }
  sent.end();
  return await answer;
}

it('a request that streams may take longer than others, as long as it moves', async () => {
  expect(await send(await serve(5_000), { chunks: 20, pauseMs: 20 })).toBe(200);
});

it('a request that streams is cut when it stands still', async () => {
  expect(await send(await serve(50), { chunks: 2, pauseMs: 1_000 })).toBe('cut');
});

it('other requests have their time as a whole', async () => {
  expect(await send(await serve(undefined), { chunks: 40, pauseMs: 20 })).toBe('cut');
});
