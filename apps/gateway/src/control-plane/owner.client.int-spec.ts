import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { OwnerClient, type OwnerRequest } from './owner.client.js';

let server: Server;
let client: OwnerClient;
let asked = 0;

/** Where somebody listens, and where nobody does. */
async function addresses(): Promise<{ there: string; away: string }> {
  server = createServer((_request, response) => {
    asked += 1;
    response.end('{}');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const gone = createServer().listen(0, '127.0.0.1');
  await once(gone, 'listening');
  const urlOf = (one: Server): string => `http://127.0.0.1:${(one.address() as AddressInfo).port}`; // it listens on TCP
  const [there, away] = [urlOf(server), urlOf(gone)];
  gone.close();
  await once(gone, 'close');
  return { there, away };
}

beforeEach(async () => {
  asked = 0;
  const { there, away } = await addresses();
  const [registry, training, monitoring, agent] = [[there], [there], [there], [there]];
  const urls = { registry, training, monitoring, agent, serving: [away, there] };
  const logger = { error: () => undefined };
  client = new OwnerClient({ urls, serviceKey: 'k', timeoutMs: 30_000, inFlightMax: 100 }, logger);
});
afterEach(async () => {
  await client.onApplicationShutdown();
  server.closeAllConnections();
  server.close();
});

const request: OwnerRequest = {
  ...{ method: 'POST', path: '/', headers: {}, body: Buffer.from('{}'), requestId: 'r', signal: undefined },
  ...{ actor: { id: 'a', name: 'a', roles: [] }, pace: 'answer' },
};

it('asks another process where one is not there, also when many ask at once', async () => {
  const answers = await Promise.all(
    Array.from({ length: 50 }, async () => {
      const answer = await client.send('serving', request);
      await client.hold('serving', answer);
      return answer.status;
    }),
  );
  expect(new Set(answers)).toEqual(new Set([200]));
  expect(asked).toBe(50);
});
