import { createHash } from 'node:crypto';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { bootstrapKeys, calledBy, loadSecrets, trustedCallers } from './secrets.js';

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'gimbal-secrets-'));
});
afterEach(() => rm(home, { recursive: true }));

it('makes secrets once, for the owner alone, and finds them again', async () => {
  const first = await loadSecrets(home);
  expect(await loadSecrets(home)).toEqual(first);
  expect((await stat(join(home, 'secrets.json'))).mode & 0o777).toBe(0o600);
  const all = [first.databasePasswords, first.serviceKeys, first.apiKeys].flatMap((group) => Object.values(group));
  expect(new Set(all).size).toBe(all.length);
});

it('hands on hashes only: of the first keys to the gateway, of trusted callers to each service', async () => {
  const secrets = await loadSecrets(home);
  const hash = (text: string) => createHash('sha256').update(text).digest('hex');
  expect(bootstrapKeys(secrets.apiKeys).split(',')).toContain(`admin:${hash(secrets.apiKeys.admin)}:admin`);
  expect(trustedCallers('agent', secrets.serviceKeys)).toBe(`gateway:${hash(secrets.serviceKeys.gateway)}`);
  expect(trustedCallers('gateway', secrets.serviceKeys)).toBe('');
});

it('tells a service the addresses of those that let it in, and no others', () => {
  expect(calledBy('monitoring')).toEqual(['serving', 'registry']);
  expect(calledBy('training')).toEqual(['serving', 'registry']);
  expect(calledBy('agent')).toEqual(['serving', 'registry', 'monitoring']);
  expect(calledBy('gateway')).toEqual(['serving', 'training', 'registry', 'monitoring', 'agent']);
});
