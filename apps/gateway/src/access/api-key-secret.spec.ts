import { expect, it } from '@jest/globals';
import { createSecret, hashSecret, keyIdOf } from './api-key-secret.js';

it('makes secrets with 256 random bits, recognisable by their prefix, and ids that are UUIDs', () => {
  const made = Array.from({ length: 100 }, createSecret);
  expect(new Set(made.map(({ secret }) => secret)).size).toBe(100);
  for (const { secret, prefix, hash } of made) {
    expect(secret.startsWith(`${prefix}_`)).toBe(true);
    expect(Buffer.from(secret.slice(prefix.length + 1), 'base64url').length).toBe(32);
    expect(hash).toBe(hashSecret(secret));
    expect(keyIdOf(hash)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
  }
});
