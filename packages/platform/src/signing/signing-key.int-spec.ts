import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { openSigningKey } from './signing-key.js';

let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'signing-key-'));
});
afterAll(() => rm(home, { recursive: true }));

it('replicas that start at the same time make one key, which only its owner may read, and leave nothing beside it', async () => {
  for (let round = 0; round < 20; round++) {
    const folder = join(home, `round-${round}`);
    const path = join(folder, 'key.pem');
    const keys = await Promise.all(Array.from({ length: 8 }, () => openSigningKey(path)));
    expect(new Set(keys.map(({ publicKey }) => publicKey.kid)).size).toBe(1);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readdir(folder)).toEqual(['key.pem']);
  }
});

it('takes no file for a key that holds none', async () => {
  const path = join(home, 'empty.pem');
  await writeFile(path, '');
  await expect(openSigningKey(path)).rejects.toThrow();
});
