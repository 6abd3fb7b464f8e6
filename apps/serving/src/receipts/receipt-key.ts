import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { ReceiptKeys } from '@gimbal/contracts';
import { calculateJwkThumbprint, exportJWK } from 'jose';
import type { z } from 'zod';

type PublicKey = z.output<typeof ReceiptKeys>['keys'][number];

/** The key that receipts are signed with. */
export interface ReceiptKey {
  readonly privateKey: KeyObject;
  readonly publicKey: PublicKey;
}

async function readOrMake(path: string): Promise<string> {
  const fresh = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  try {
    await writeFile(path, fresh, { flag: 'wx', mode: 0o600 });
    return fresh;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error; // what node:fs throws
  }
  return readFile(path, 'utf8');
}

/**
 * Reads the Ed25519 key in a PEM file (PKCS #8), which is made when it is not there. Replicas that share the file sign alike.
 * @throws Error when the file cannot be read or written, or holds another kind of key
 */
export async function openReceiptKey(path: string): Promise<ReceiptKey> {
  const privateKey = createPrivateKey(await readOrMake(path));
  if (privateKey.asymmetricKeyType !== 'ed25519') throw new Error('The key for receipts is not an Ed25519 key.');
  const jwk = await exportJWK(createPublicKey(privateKey));
  const kid = await calculateJwkThumbprint(jwk);
  const publicKey = { kty: 'OKP', crv: 'Ed25519', x: jwk.x ?? '', kid, alg: 'Ed25519', use: 'sig' } as const;
  return { privateKey, publicKey };
}
