import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { type IncomingMessage, request } from 'node:http';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { eventually, GimbalProcesses } from '@gimbal/testing';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';

jest.setTimeout(600_000);

/** 2147483648 measures what the product promises; a tenth of it shows a buffered file as well. */
const BYTES = Number(process.env['GIMBAL_LARGE_FILE_BYTES'] ?? 201_326_592);
/** What one process may take more while a file passes through it, however large. */
const EXTRA_BYTES_MAX = 67_108_864;
const PROXY = '/api/2.0/mlflow-artifacts';
const IDLE_MS = 2_000;

let gimbal: GimbalProcesses;
let root: string;
beforeAll(async () => {
  gimbal = await GimbalProcesses.start({ STREAM_IDLE_TIMEOUT: String(IDLE_MS) });
  const rows = gimbal.database.client();
  const { id, number } = await rows.experiment.create({ data: { name: randomUUID(), createdBy: 'grace' } });
  const run = await rows.run.create({ data: { experimentId: id, name: 'large', createdBy: 'grace' } });
  root = `${number}/${run.id.replaceAll('-', '')}/artifacts`;
});
afterAll(() => gimbal?.dispose());

const bearer = () => ({ authorization: `Bearer ${gimbal.keyOf('operator')}` });

/** Chunks of a file of `bytes`, the same each time, and its digest once they are all taken. */
function largeFile(bytes: number) {
  const chunk = Buffer.alloc(1_048_576, 'gimbal');
  const hash = createHash('sha256');
  async function* chunks() {
    for (let sent = 0; sent < bytes; sent += chunk.length) {
      const part = chunk.subarray(0, bytes - sent);
      hash.update(part);
      yield part;
    }
  }
  return { content: Readable.from(chunks(), { objectMode: false }), digest: () => hash.digest('hex') };
}

function send(method: string, path: string, { body, headers = {} }: { body?: Readable; headers?: object } = {}) {
  return new Promise<IncomingMessage>((resolve, reject) => {
    const asked = request(new URL(path, gimbal.url), { method, headers: { ...headers } });
    asked.on('response', resolve).on('error', reject);
    if (body) body.pipe(asked);
    else asked.end();
  });
}

async function digestOf(content: AsyncIterable<Buffer>): Promise<{ bytes: number; digest: string }> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of content) {
    hash.update(chunk);
    bytes += chunk.length;
  }
  return { bytes, digest: hash.digest('hex') };
}

async function residentBytes(pid: number | undefined): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) * 1_024;
}

/** How much more memory the gateway and the registry take at most while `work` runs. */
async function extraMemory(work: () => Promise<void>): Promise<{ gateway: number; registry: number }> {
  const measure = async () => ({
    gateway: await residentBytes(gimbal.gateway.pid),
    registry: await residentBytes(gimbal.registry.pid),
  });
  const before = await measure();
  const most = { ...before };
  const look = async (): Promise<void> => {
    const now = await measure();
    most.gateway = Math.max(most.gateway, now.gateway);
    most.registry = Math.max(most.registry, now.registry);
  };
  const timer = setInterval(() => void look(), 20);
  await work().finally(() => clearInterval(timer));
  return { gateway: most.gateway - before.gateway, registry: most.registry - before.registry };
}

async function upload(path: string, bytes: number): Promise<string> {
  const { content, digest } = largeFile(bytes);
  const headers = { ...bearer(), 'content-length': String(bytes) };
  const answer = await send('PUT', `${PROXY}/artifacts/${root}/${path}`, { body: content, headers });
  expect(answer.statusCode).toBe(200);
  answer.resume();
  return digest();
}
const download = async (path: string) =>
  await digestOf(await send('GET', `${PROXY}/artifacts/${root}/${path}`, { headers: bearer() }));

/** What is half-written in the store. */
const halves = async (): Promise<readonly string[]> => await readdir(join(gimbal.artifacts, 'tmp'));

describe('a large file', () => {
  it(`passes up and down through gateway and registry with at most 64 MB more memory in each (${BYTES} bytes)`, async () => {
    await upload('warm.bin', 20_000_000);
    await download('warm.bin');
    let digest = '';
    const up = await extraMemory(async () => {
      digest = await upload('large.bin', BYTES);
    });
    const down = await extraMemory(async () => {
      expect(await download('large.bin')).toEqual({ bytes: BYTES, digest });
    });
    process.stderr.write(`Extra memory of a file of ${BYTES} bytes: ${JSON.stringify({ up, down })}\n`);
    for (const bytes of [up.gateway, up.registry, down.gateway, down.registry])
      expect(bytes).toBeLessThan(EXTRA_BYTES_MAX);
  });

  it('goes in parts without credentials to the addresses that were given for them', async () => {
    const headers = { ...bearer(), 'content-type': 'application/json' };
    const tell = async (call: string, told: object) => {
      const body = JSON.stringify({ path: '/home/ada/parts.bin', ...told });
      const answer = await fetch(`${gimbal.url}${PROXY}/mpu/${call}/${root}`, { method: 'POST', headers, body });
      expect(answer.status).toBe(200);
      return (await answer.json()) as { upload_id: string; credentials: { url: string }[] }; // of create; the others answer {}
    };
    const parts = [randomBytes(5_000_000), randomBytes(5_000_000), randomBytes(1)];
    const { upload_id, credentials } = await tell('create', { num_parts: parts.length });
    const sent = parts.map(async (part, index) => {
      const answer = await fetch(credentials[index]?.url ?? '', { method: 'PUT', body: part });
      return { part_number: index + 1, etag: answer.headers.get('etag'), url: credentials[index]?.url ?? '' };
    });
    await tell('complete', { upload_id, parts: await Promise.all(sent) });
    expect(await download('parts.bin')).toMatchObject({ bytes: 10_000_001 });
    const forged = await fetch(String(credentials[0]?.url).replace(/.$/, '_'), { method: 'PUT', body: 'x' });
    expect([forged.status, await forged.json()]).toEqual([
      401,
      expect.objectContaining({ error_code: 'UNAUTHENTICATED' }),
    ]);
  });

  it('is refused to those who may only read, before it is sent', async () => {
    const headers = { authorization: `Bearer ${gimbal.keyOf('viewer')}`, 'content-length': '10' };
    const answer = await send('PUT', `${PROXY}/artifacts/${root}/x`, {
      body: Readable.from([randomBytes(10)]),
      headers,
    });
    expect(answer.statusCode).toBe(403);
    answer.resume();
  });

  it.each([
    '..%2f..%2fetc%2fpasswd',
    '%252e%252e%252fx',
    'a%00b',
    'a%5cb',
    '%2fetc',
    'a%2f%2fb',
    '%E2%80%AEx',
    'x'.repeat(10_240),
    '../../../x',
  ])('has no path that leads anywhere else: %.40s', async (path) => {
    for (const method of ['PUT', 'GET', 'DELETE']) {
      const asked = new Promise<IncomingMessage>((resolve, reject) => {
        const { hostname, port } = new URL(gimbal.url);
        const whole = `${PROXY}/artifacts/${root}/${path}`;
        request({ hostname, port, method, path: whole, headers: bearer() }, resolve).on('error', reject).end();
      });
      const answer = await asked;
      const body = Buffer.concat(await answer.toArray()).toString('utf8');
      expect([answer.statusCode, JSON.parse(body)]).toEqual([
        400,
        { error_code: 'INVALID_PARAMETER_VALUE', message: 'Invalid path' },
      ]);
    }
  });
});

describe('a file on its way', () => {
  const begin = () => {
    const path = `${PROXY}/artifacts/${root}/broken.bin`;
    const sent = request(new URL(path, gimbal.url), {
      method: 'PUT',
      headers: { ...bearer(), 'content-length': '10000000' },
    });
    const ended = new Promise<string>((resolve) => {
      sent.on('error', () => resolve('cut')).on('response', (answer) => resolve(String(answer.statusCode)));
    });
    sent.write(randomBytes(1_000_000));
    return { sent, ended };
  };
  const isAbsent = async () => {
    const answer = await send('GET', `${PROXY}/artifacts/${root}/broken.bin`, { headers: bearer() });
    answer.resume();
    expect(answer.statusCode).toBe(404);
  };

  it('leaves nothing when its sender goes away', async () => {
    const { sent } = begin();
    await eventually(async () => expect(await halves()).toHaveLength(1));
    sent.destroy();
    await eventually(async () => expect(await halves()).toHaveLength(0));
    await isAbsent();
  });

  it('is cut, and leaves nothing, when it stands still', async () => {
    const { ended } = begin();
    await eventually(async () => expect(await halves()).toHaveLength(1));
    expect(await ended).toBe('cut');
    await eventually(async () => expect(await halves()).toHaveLength(0));
    await isAbsent();
  });

  it('is not there when the registry was killed in the middle, and is taken when it is sent again', async () => {
    const { ended } = begin();
    await eventually(async () => expect(await halves()).toHaveLength(1));
    const restart = await gimbal.takeRegistryAway();
    expect(['503', 'cut']).toContain(await ended);
    await restart();
    await isAbsent();
    const digest = await upload('broken.bin', 1_000_000);
    expect(await download('broken.bin')).toEqual({ bytes: 1_000_000, digest });
  });
});
