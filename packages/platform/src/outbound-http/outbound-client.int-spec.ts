import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { OutboundClient } from './outbound-client.js';
import { OutboundGuard } from './outbound-guard.js';

const opened: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close();
});

async function serve(answer: RequestListener): Promise<{ readonly port: number; readonly heard: string[] }> {
  const heard: string[] = [];
  const server: Server = createServer((request, response) => {
    heard.push(`${request.method} ${request.url}`);
    answer(request, response);
  });
  opened.push({ close: () => server.closeAllConnections() }, server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { port: (server.address() as AddressInfo).port, heard }; // it listens on TCP
}

function clientOf(
  resolve: () => string,
  { allowed = [], timeoutMs = 5_000 }: { allowed?: string[]; timeoutMs?: number } = {},
) {
  const guard = new OutboundGuard({
    protocols: new Set(['http:']),
    allowedHosts: new Set(allowed),
    resolve: async () => [{ address: resolve(), family: 4 }],
  });
  const client = new OutboundClient({ guard, timeoutMs });
  opened.push(client);
  return { client, guard };
}

const post = (url: string) => ({ method: 'POST', url, body: '{}' }) as const;

describe('a call outside', () => {
  it('never reaches a name that led outside when it was checked and leads inside when it is called', async () => {
    const { port, heard } = await serve((_, response) => void response.end('secret'));
    const answers = ['203.0.114.9', '127.0.0.1', '127.0.0.1'];
    const { client, guard } = clientOf(() => answers.shift() ?? '127.0.0.1');
    const url = `http://rebinding.example:${port}/`;
    await guard.check(url);
    expect(await client.send(post(url))).toEqual({
      kind: 'refused',
      reason: 'rebinding.example leads to 127.0.0.1, which is not an address of the public internet.',
    });
    expect(heard).toEqual([]);
  });

  it('goes to the address that was looked at, by the name that was given', async () => {
    const { port } = await serve((request, response) => void response.end(request.headers.host));
    const { client } = clientOf(() => '127.0.0.1', { allowed: ['hooks.internal'] });
    expect(await client.send(post(`http://hooks.internal:${port}/`))).toMatchObject({
      kind: 'answered',
      status: 200,
      text: `hooks.internal:${port}`,
    });
  });

  it('does not follow a redirect', async () => {
    const inside = await serve((_, response) => void response.end('secret'));
    const location = `http://127.0.0.1:${inside.port}/`;
    const { port } = await serve((_, response) => void response.writeHead(307, { location }).end());
    const { client } = clientOf(() => '127.0.0.1', { allowed: ['hooks.internal'] });
    expect(await client.send(post(`http://hooks.internal:${port}/`))).toMatchObject({ kind: 'answered', status: 307 });
    expect(inside.heard).toEqual([]);
  });

  it('reads the beginning of an answer without an end', async () => {
    const { port } = await serve((_, response) => {
      const flood = () => {
        while (!response.destroyed && response.write('x'.repeat(65_536)));
      };
      response.on('drain', flood);
      flood();
    });
    const { client } = clientOf(() => '127.0.0.1', { allowed: ['hooks.internal'] });
    const outcome = await client.send(post(`http://hooks.internal:${port}/`));
    expect(outcome).toMatchObject({ kind: 'answered', status: 200 });
    expect(outcome.kind === 'answered' && outcome.text.length).toBe(16_384);
  });

  it('ends in its time, however slowly the answer drips', async () => {
    const { port } = await serve((_, response) => {
      response.writeHead(200);
      const drip = setInterval(() => response.write('x'), 20);
      response.on('close', () => clearInterval(drip));
    });
    const { client } = clientOf(() => '127.0.0.1', { allowed: ['hooks.internal'], timeoutMs: 300 });
    expect(await client.send(post(`http://hooks.internal:${port}/`))).toEqual({
      kind: 'unanswered',
      reason: 'No answer came within 300 ms.',
    });
  });

  it('says how long the other side asks to wait', async () => {
    const { port } = await serve((_, response) => void response.writeHead(429, { 'retry-after': '7' }).end());
    const { client } = clientOf(() => '127.0.0.1', { allowed: ['hooks.internal'] });
    expect(await client.send(post(`http://hooks.internal:${port}/`))).toMatchObject({
      status: 429,
      retryAfterMs: 7_000,
    });
  });

  it('tells a server that is away by the code of the failure, never by what was sent', async () => {
    const { client } = clientOf(() => '127.0.0.1', { allowed: ['hooks.internal'] });
    const url = 'http://hooks.internal:1/services/secret-token';
    expect(await client.send(post(url))).toEqual({ kind: 'unanswered', reason: 'The call failed with ECONNREFUSED.' });
  });
});
