import { createServer, type IncomingMessage, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readPlainHead } from './read-plain-head.js';

let server: Server;
let heard: Pick<IncomingMessage, 'method' | 'url' | 'headers' | 'rawHeaders'> | undefined;
let bodyBytes = 0;

beforeAll(async () => {
  server = createServer((request, response) => {
    heard = request;
    bodyBytes = 0;
    request.on('data', (chunk: Buffer) => {
      bodyBytes += chunk.length;
    });
    request.on('end', () => response.setHeader('connection', 'close').end());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => {
  server.close();
});

/** What Node's own server makes of a head and the body that it promises. */
async function askNode(head: string, body: Buffer): Promise<typeof heard> {
  heard = undefined;
  const { port } = server.address() as AddressInfo; // it listens on TCP
  await new Promise<void>((resolve) => {
    const socket = connect(port, '127.0.0.1', () =>
      socket.write(Buffer.concat([Buffer.from(`${head}\r\n\r\n`, 'latin1'), body])),
    );
    socket.on('data', () => undefined).on('close', () => resolve());
    socket.on('error', () => resolve());
  });
  return heard;
}

const PLAIN = [
  'POST /v2/models/ward-7/infer HTTP/1.1',
  'Host: 127.0.0.1:8000',
  'User-Agent: any/1.0 (x; y)',
  'Content-Type: application/json',
  'X-API-Key: secret',
  'Content-Length: 5',
].join('\r\n');

it('reads a plain head', () => {
  expect(readPlainHead(PLAIN)).toMatchObject({
    path: '/v2/models/ward-7/infer',
    bodyBytes: 5,
    headers: { host: '127.0.0.1:8000', 'user-agent': 'any/1.0 (x; y)', 'x-api-key': 'secret' },
  });
});

it.each([
  ['another method', PLAIN.replace('POST', 'GET')],
  ['a query', PLAIN.replace('/infer', '/infer?a=1')],
  ['an escaped path', PLAIN.replace('ward-7', 'ward%2f7')],
  ['HTTP/1.0', PLAIN.replace('HTTP/1.1', 'HTTP/1.0')],
  ['no host', PLAIN.replace(/Host: [^\r]*\r\n/, '')],
  ['a header twice', `${PLAIN}\r\nContent-Length: 5`],
  ['no length', PLAIN.replace(/\r\nContent-Length: 5/, '')],
  ['a signed length', PLAIN.replace('Length: 5', 'Length: +5')],
  ['chunks', `${PLAIN}\r\nTransfer-Encoding: chunked`],
  ['a wish to be told to go on', `${PLAIN}\r\nExpect: 100-continue`],
  ['a line that is folded', `${PLAIN}\r\nX-Note: a\r\n b`],
  ['a blank before the colon', `${PLAIN}\r\nX-Note : a`],
  ['a bare line feed', `${PLAIN}\r\nX-Note: a\nX-Other: b`],
  ['a header that is no ASCII', `${PLAIN}\r\nX-Note: \u00e4`],
  ['the end of the connection', `${PLAIN}\r\nConnection: close`],
  ['a page of another origin', `${PLAIN}\r\nOrigin: https://example.org`],
])('leaves %s to Node', (_what, head) => {
  expect(readPlainHead(head)).toBeNull();
});

it('reads nothing that Node reads otherwise, whatever is sent', async () => {
  const piece = fc.constantFrom(
    ...['\r\n', '\n', '\r', ' ', '\t', ':', ',', '\0', '\u00ff', '0', '5', '-', '+', 'x', ';', '"', '%', '\\'],
    ...[
      'Content-Length: 5',
      'content-length:3',
      'Transfer-Encoding: chunked',
      'Host: a',
      'X-Note: 1',
      'Connection: close',
    ],
    ...[
      'Connection: Keep-Alive',
      'Upgrade: h2c',
      'HTTP/1.1',
      'HTTP/1.0',
      'GET',
      '/a//b/../c',
      '?q=1',
      '#part',
      'http://a/b',
    ],
  );
  const edit = fc.record({ at: fc.double({ min: 0, max: 1, noNaN: true }), cut: fc.nat(12), put: piece });
  let alike = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(edit, { maxLength: 4 }), async (edits) => {
      let head = PLAIN;
      for (const { at, cut, put } of edits) {
        const from = Math.floor(at * head.length);
        head = head.slice(0, from) + put + head.slice(from + cut);
      }
      const ours = head.includes('\r\n\r\n') ? null : readPlainHead(head);
      if (ours === null) return;
      const node = await askNode(head, Buffer.alloc(ours.bodyBytes, 'x'));
      alike += 1;
      expect({ method: node?.method, url: node?.url }).toEqual({ method: 'POST', url: ours.path });
      expect({ ...node?.headers }).toEqual({ ...ours.headers });
      expect(node?.rawHeaders).toHaveLength(Object.keys(ours.headers).length * 2);
      expect(bodyBytes).toBe(ours.bodyBytes);
    }),
    { numRuns: 1_500 },
  );
  expect(alike).toBeGreaterThan(20);
});
