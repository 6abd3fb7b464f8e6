import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, open, readdir, writeFile } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { findS3Server, S3_ACCESS_KEY, S3_SECRET_KEY, startTestS3, type TestS3 } from '@gimbal/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { describeArtifactStore } from './artifact-store.conformance.js';
import { S3ArtifactStore } from './s3-artifact.store.js';

const sha256 = (content: Uint8Array): string => createHash('sha256').update(content).digest('hex');
const program = findS3Server();
process.env['AWS_ACCESS_KEY_ID'] = S3_ACCESS_KEY;
process.env['AWS_SECRET_ACCESS_KEY'] = S3_SECRET_KEY;

const BYTES_MAX = 200_000_000;
let prefixes = 0;
const openAt = ({ endpoint, bucket }: Pick<TestS3, 'endpoint' | 'bucket'>, prefix: string, maxBytes = BYTES_MAX) =>
  S3ArtifactStore.open({ url: `s3://${bucket}/${prefix}`, endpoint, region: 'us-east-1', pathStyle: true, maxBytes });
const newPrefix = (): string => {
  prefixes += 1;
  return `some/where-${prefixes}`;
};

/** Files below a folder, without those of its own bookkeeping. */
async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

(program === null ? describe.skip : describe)('on a real S3 server', () => {
  let s3: TestS3;
  beforeAll(async () => {
    s3 = await startTestS3(program ?? '');
  });
  afterAll(() => s3?.dispose());

  describeArtifactStore('a bucket', async (maxBytes) => {
    const prefix = newPrefix();
    const damage = async (digest: string): Promise<void> => {
      const file = await open(join(s3.folder, prefix, 'sha256', digest.slice(0, 2), digest), 'r+');
      await file.write(Buffer.from([0xff, 0x00, 0xff, 0x00]), 0, 4, 1_000);
      await file.close();
    };
    return { store: openAt(s3, prefix, maxBytes), damage };
  });

  /** 40 MB: three parts. */
  const content = Buffer.concat([randomBytes(1_000_003), Buffer.alloc(39_000_000, 7)]);
  async function* inChunks(bytes: Buffer) {
    for (let start = 0; start < bytes.length; start += 65_536) yield bytes.subarray(start, start + 65_536);
  }

  async function* breakingAfter(bytes: number, what: () => Promise<void>) {
    yield* inChunks(content.subarray(0, bytes));
    await what();
    yield* inChunks(content.subarray(bytes));
  }

  it('takes content of many parts, and leaves nothing beside it', async () => {
    const prefix = newPrefix();
    const store = openAt(s3, prefix);
    expect(await store.put(inChunks(content))).toEqual({ digest: sha256(content), bytes: content.length });
    expect(sha256(await buffer(await store.open(sha256(content))))).toBe(sha256(content));
    expect((await filesBelow(join(s3.folder, prefix))).map((path) => path.slice(-64))).toEqual([sha256(content)]);
  });

  it('keeps nothing of content of many parts that breaks off, is another one, or is too large', async () => {
    const prefix = newPrefix();
    const store = openAt(s3, prefix);
    const leave = async (): Promise<never> => {
      throw new Error('the sender went away');
    };
    await expect(store.put(breakingAfter(36_000_000, leave))).rejects.toThrow('the sender went away');
    await expect(store.put(inChunks(content), { expectedDigest: sha256(randomBytes(8)) })).rejects.toMatchObject({
      code: 'artifact-corrupt',
    });
    await expect(store.put(inChunks(content), { maxBytes: 39_000_000 })).rejects.toMatchObject({
      code: 'payload-too-large',
    });
    expect(await filesBelow(join(s3.folder, prefix)).catch(() => [])).toEqual([]);
    expect(await store.find(sha256(content))).toBeUndefined();
  });

  it('clears what dead processes left under way, but not what is written now', async () => {
    const prefix = newPrefix();
    const store = openAt(s3, prefix);
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const waiting = async function* () {
      yield* inChunks(content);
      await held;
    };
    const put = store.put(waiting());
    await store.clearAbandoned(new Date(Date.now() - 60_000));
    release();
    expect(await put).toMatchObject({ digest: sha256(content) });
    const abandoned = store.put(breakingAfter(36_000_000, () => store.clearAbandoned(new Date(Date.now() + 60_000))));
    await expect(abandoned).rejects.toMatchObject({ code: 'storage-failed' });
  });

  it('clears nothing of others who keep something in the same place', async () => {
    const prefix = newPrefix();
    const folder = join(s3.folder, prefix, 'tmp');
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'report.csv'), 'of somebody else');
    await openAt(s3, prefix).clearAbandoned(new Date(Date.now() + 60_000));
    expect(await readdir(folder)).toEqual(['report.csv']);
  });

  it('says storage-failed when the bucket is not there, the credentials are wrong, or the server is away', async () => {
    const absent = openAt({ ...s3, bucket: 'no-such-bucket' }, '');
    for (const call of [() => absent.put(Buffer.from('x')), () => absent.probe(), () => absent.read(sha256(content))])
      await expect(call()).rejects.toMatchObject({ code: expect.stringMatching(/storage-failed|artifact-not-found/) });
    await expect(absent.put(Buffer.from('x'))).rejects.toMatchObject({ code: 'storage-failed' });
    const away = openAt({ endpoint: 'http://127.0.0.1:1', bucket: s3.bucket }, '');
    await expect(away.put(Buffer.from('x'))).rejects.toMatchObject({ code: 'storage-failed' });
    await expect(away.probe()).rejects.toMatchObject({ code: 'storage-failed' });
  });

  // Guards the promise of every reader: content that is not all there is an error, never a short file.
  it('says storage-failed when the server goes away in the middle of content, and reads it whole when it is back', async () => {
    const prefix = newPrefix();
    const through = await proxy(new URL(s3.endpoint));
    const store = openAt({ endpoint: through.endpoint, bucket: s3.bucket }, prefix);
    const { digest } = await openAt(s3, prefix).put(inChunks(content));
    const stream = await store.open(digest);
    await once(stream, 'readable');
    through.cut();
    await expect(buffer(stream)).rejects.toMatchObject({ code: 'storage-failed' });
    expect(sha256(await store.read(digest))).toBe(digest);
    through.close();
  });
});

/** A way to the server that can be cut. */
async function proxy({ hostname, port }: URL) {
  const { connect } = await import('node:net');
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(Number(port), hostname);
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => undefined).once('close', () => sockets.delete(socket));
    }
    near.pipe(far).pipe(near);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    endpoint: `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`,
    cut,
    close: (): void => {
      cut();
      server.close();
    },
  };
}
