import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, open, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from '@jest/globals';
import { describeArtifactStore } from './artifact-store.conformance.js';
import { FileArtifactStore } from './file-artifact.store.js';

const folders: string[] = [];
const newFolder = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'gimbal-artifacts-'));
  folders.push(folder);
  return folder;
};
afterAll(async () => {
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
});

const pathOf = (directory: string, digest: string): string => join(directory, 'sha256', digest.slice(0, 2), digest);

describeArtifactStore('files', async (maxBytes) => {
  const directory = await newFolder();
  const damage = async (digest: string): Promise<void> => {
    const file = await open(pathOf(directory, digest), 'r+');
    await file.write(Buffer.from([0xff, 0x00, 0xff, 0x00]), 0, 4, 1_000);
    await file.close();
  };
  return { store: await FileArtifactStore.open({ directory, maxBytes }), damage };
});

it('leaves no temporary file behind, also of refused content', async () => {
  const directory = await newFolder();
  const store = await FileArtifactStore.open({ directory, maxBytes: 10 });
  await store.put(randomBytes(10));
  await expect(store.put(randomBytes(11))).rejects.toMatchObject({ code: 'payload-too-large' });
  expect(await readdir(join(directory, 'tmp'))).toEqual([]);
});

it('clears at the start what a dead process left, but not what another writes now', async () => {
  const directory = await newFolder();
  await FileArtifactStore.open({ directory, maxBytes: 10 });
  const [stale, fresh] = [join(directory, 'tmp', 'stale'), join(directory, 'tmp', 'fresh')];
  await writeFile(stale, 'half');
  await writeFile(fresh, 'half');
  const twoHoursAgo = Date.now() / 1_000 - 7_200;
  await utimes(stale, twoHoursAgo, twoHoursAgo);
  await FileArtifactStore.open({ directory, maxBytes: 10 });
  expect(await readdir(join(directory, 'tmp'))).toEqual(['fresh']);
});

it('says storage-failed when the folder cannot be used', async () => {
  const directory = join(await newFolder(), 'a-file');
  await writeFile(directory, '');
  await expect(FileArtifactStore.open({ directory, maxBytes: 10 })).rejects.toMatchObject({ code: 'storage-failed' });
});

/** A file system of 4 MiB, where this user may mount one. */
const mountSmall = async (): Promise<string | undefined> => {
  const folder = await newFolder();
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', folder]);
  if (status === 0) return folder;
  process.stderr.write('The full-disk test is skipped: this user may not mount a small file system.\n');
  return undefined;
};

const small = await mountSmall();
(small ? it : it.skip)(
  'says storage-full on a full disk, keeps what it had, and goes on when there is room again',
  async () => {
    const directory = small ?? '';
    try {
      const store = await FileArtifactStore.open({ directory, maxBytes: 100_000_000 });
      const kept = await store.put(randomBytes(1_000_000));
      await expect(store.put(randomBytes(8_000_000))).rejects.toMatchObject({ code: 'storage-full' });
      expect(await readdir(join(directory, 'tmp'))).toEqual([]);
      expect(await store.read(kept.digest)).toHaveLength(1_000_000);
      const filler = await store.put(randomBytes(2_500_000));
      await expect(store.probe()).rejects.toMatchObject({ code: 'storage-full' });
      await store.remove(filler.digest);
      expect((await store.probe()).freeBytes).toBeGreaterThan(2_000_000);
      expect((await stat(pathOf(directory, (await store.put(randomBytes(1_000_000))).digest))).size).toBe(1_000_000);
    } finally {
      spawnSync('umount', [directory]);
    }
  },
);

// Guards the sweep of the store, which goes by this list: one foreign file ended it for ever.
it('lists nothing but what was put, whatever else lies in its folders', async () => {
  const directory = await newFolder();
  const store = await FileArtifactStore.open({ directory, maxBytes: 10 });
  const { digest } = await store.put(Buffer.from('x'));
  await writeFile(join(directory, 'sha256', '.DS_Store'), '');
  await writeFile(join(directory, 'sha256', digest.slice(0, 2), '.nfs0001'), '');
  const listed: string[] = [];
  for await (const found of store.list()) listed.push(found.digest);
  expect(listed).toEqual([digest]);
});
