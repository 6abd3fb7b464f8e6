import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, randomUUID } from 'node:crypto';
import { link, mkdir, open, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { PublicKeySet } from '@gimbal/contracts';
import { calculateJwkThumbprint, exportJWK } from 'jose';
import type { z } from 'zod';

/** As a JSON Web Key (RFC 7517); `kid` is its thumbprint (RFC 7638). */
export type PublicKey = z.output<typeof PublicKeySet>['keys'][number];

/** An Ed25519 key that something is signed with. */
export interface SigningKey {
  readonly privateKey: KeyObject;
  readonly publicKey: PublicKey;
}

/** @param error of node:fs, which all have a code */
const hasCode = (error: unknown, code: string): boolean => (error as NodeJS.ErrnoException).code === code; // as it says

async function readOrMake(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error;
  }
  await make(path);
  return readFile(path, 'utf8');
}

/** Whole or not at all, and there after a power loss: what is signed by a key that is lost cannot be proven. Who comes second leaves the first one's. */
async function make(path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const draft = `${path}.${randomUUID()}`;
  try {
    const pem = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' });
    await writeFile(draft, pem, { flag: 'wx', mode: 0o600, flush: true });
    await link(draft, path);
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
  } finally {
    await rm(draft, { force: true });
  }
  const folder = await open(dirname(path), 'r');
  await folder.sync().finally(() => folder.close());
}

/**
 * Reads the Ed25519 key in a PEM file (PKCS #8), which is made when it is not there. Replicas that share the file sign alike.
 * @throws Error when the file cannot be read or written, or holds another kind of key
 */
export async function openSigningKey(path: string): Promise<SigningKey> {
  const privateKey = createPrivateKey(await readOrMake(path));
  return { privateKey, publicKey: await describePublicKey(createPublicKey(privateKey)) };
}

/** @throws Error for another kind of key */
export async function describePublicKey(key: KeyObject): Promise<PublicKey> {
  if (key.asymmetricKeyType !== 'ed25519') throw new Error('The key is not an Ed25519 key.');
  const jwk = await exportJWK(key);
  const kid = await calculateJwkThumbprint(jwk);
  return { kty: 'OKP', crv: 'Ed25519', x: jwk.x ?? '', kid, alg: 'Ed25519', use: 'sig' };
}
