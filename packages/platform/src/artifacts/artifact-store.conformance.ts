import { createHash, randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { beforeEach, describe, expect, it } from '@jest/globals';
import type { ArtifactStore } from './artifact-store.js';

const sha256 = (content: Uint8Array): string => createHash('sha256').update(content).digest('hex');

/** What every artifact store promises. `open` gives an empty store that takes at most `maxBytes`; `damage` flips a bit of what is stored. */
export function describeArtifactStore(
  name: string,
  open: (maxBytes: number) => Promise<{ store: ArtifactStore; damage: (digest: string) => Promise<void> }>,
): void {
  describe(`artifacts in ${name}`, () => {
    let store: ArtifactStore;
    let damage: (digest: string) => Promise<void>;
    const content = randomBytes(300_000);
    const digest = sha256(content);

    beforeEach(async () => {
      ({ store, damage } = await open(1_000_000));
    });

    it('gives back what was put, under its SHA-256, from bytes and from streams', async () => {
      expect(await store.put(content)).toEqual({ digest, bytes: 300_000 });
      expect(await store.put(Readable.from([content.subarray(0, 1), content.subarray(1)]))).toEqual({
        digest,
        bytes: 300_000,
      });
      expect(await store.read(digest)).toEqual(content);
      expect(await buffer(await store.open(digest))).toEqual(content);
      expect(await store.find(digest)).toEqual({ digest, bytes: 300_000 });
    });

    it('gives any part of what was put, and no part that is not there', async () => {
      await store.put(content);
      expect(Buffer.from(await store.readRange(digest, 250_000, 300_000))).toEqual(content.subarray(250_000));
      expect(await store.readRange(digest, 7, 7)).toHaveLength(0);
      await expect(store.readRange(digest, 299_999, 300_001)).rejects.toMatchObject({ code: 'storage-failed' });
      await expect(store.readRange(sha256(randomBytes(8)), 0, 1)).rejects.toMatchObject({ code: 'artifact-not-found' });
    });

    it('gives any part of what was put as a stream', async () => {
      await store.put(content);
      expect(await buffer(await store.open(digest, { start: 250_000, end: 300_000 }))).toEqual(
        content.subarray(250_000),
      );
      expect(await buffer(await store.open(digest, { start: 7, end: 8 }))).toEqual(content.subarray(7, 8));
      await expect(store.open(sha256(randomBytes(8)), { start: 0, end: 1 })).rejects.toMatchObject({
        code: 'artifact-not-found',
      });
    });

    it('stores nothing at all as well', async () => {
      const { digest: empty } = await store.put(new Uint8Array());
      expect(empty).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
      expect(await store.read(empty)).toHaveLength(0);
    });

    it('does not know what was never put, nor a name that is no digest', async () => {
      for (const name of [digest, '../../etc/passwd', '', digest.toUpperCase()]) {
        await expect(store.read(name)).rejects.toMatchObject({ code: 'artifact-not-found' });
        await expect(store.open(name)).rejects.toMatchObject({ code: 'artifact-not-found' });
        expect(await store.find(name)).toBeUndefined();
        expect(await store.remove(name)).toBe(false);
      }
    });

    it("refuses more than its limit, or the caller's, and keeps nothing of it", async () => {
      const large = randomBytes(1_000_001);
      await expect(
        store.put(Readable.from([large.subarray(0, 600_000), large.subarray(600_000)])),
      ).rejects.toMatchObject({ code: 'payload-too-large' });
      await expect(store.put(content, { maxBytes: 299_999 })).rejects.toMatchObject({ code: 'payload-too-large' });
      expect(await store.find(sha256(large))).toBeUndefined();
      expect(await store.put(content, { maxBytes: 300_000 })).toMatchObject({ digest });
    });

    it('refuses content with another digest than was announced', async () => {
      await expect(store.put(content, { expectedDigest: sha256(randomBytes(8)) })).rejects.toMatchObject({
        code: 'artifact-corrupt',
      });
      expect(await store.find(digest)).toBeUndefined();
    });

    it('keeps nothing of a stream that breaks off', async () => {
      const broken = async function* () {
        yield content.subarray(0, 1_000);
        throw new Error('the sender went away');
      };
      await expect(store.put(broken())).rejects.toThrow('the sender went away');
      expect(await store.find(sha256(content.subarray(0, 1_000)))).toBeUndefined();
    });

    it('never serves content that has gone bad, and is repaired by putting it again', async () => {
      await store.put(content);
      await damage(digest);
      await expect(store.read(digest)).rejects.toMatchObject({ code: 'artifact-corrupt' });
      await expect(buffer(await store.open(digest))).rejects.toMatchObject({ code: 'artifact-corrupt' });
      await store.put(content);
      expect(await store.read(digest)).toEqual(content);
    });

    it('takes the same content from many at once', async () => {
      const stored = await Promise.all(Array.from({ length: 10 }, () => store.put(content)));
      expect(new Set(stored.map((one) => one.digest))).toEqual(new Set([digest]));
      expect(await store.read(digest)).toEqual(content);
    });

    it('removes once', async () => {
      await store.put(content);
      expect(await store.remove(digest)).toBe(true);
      expect(await store.remove(digest)).toBe(false);
      await expect(store.read(digest)).rejects.toMatchObject({ code: 'artifact-not-found' });
    });

    it('lists what is there, with when it was last put', async () => {
      const digests: string[] = [];
      for (const bytes of [1, 2, 3]) digests.push((await store.put(Buffer.alloc(1_000, bytes))).digest);
      await store.remove(digests[1] ?? '');
      const listed = new Map<string, number>();
      for await (const { digest: name, storedAt } of store.list()) listed.set(name, Date.now() - storedAt.getTime());
      expect(new Set(listed.keys())).toEqual(new Set([digests[0], digests[2]]));
      expect(Math.max(...[...listed.values()].map(Math.abs))).toBeLessThan(60_000);
    });

    it('says how much room is left, where that is known', async () => {
      expect((await store.probe()).freeBytes ?? 1).toBeGreaterThan(0);
    });
  });
}
