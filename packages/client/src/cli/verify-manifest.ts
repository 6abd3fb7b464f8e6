import { createPublicKey, verify } from 'node:crypto';
import { Manifest } from '@gimbal/contracts';
import { z } from 'zod';
import type { GimbalClient } from '../gimbal-client.js';

const Header = z.object({ alg: z.literal('Ed25519'), kid: z.string() });

const decode = (part: string): unknown => JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));

/** Checks a manifest on this machine: its signature, and that it speaks of what the registry shows. @throws Error that says what is wrong */
export async function verifyManifest(
  client: GimbalClient,
  params: { readonly model: string; readonly version: number },
) {
  const [{ signed }, { keys }, shown] = await Promise.all([
    client.call('getManifest', { params }),
    client.call('manifestKeys', {}),
    client.call('getVersion', { params }),
  ]);
  const [header = '', payload = '', signature = ''] = signed.split('.');
  const { kid } = Header.parse(decode(header));
  const key = keys.find((one) => one.kid === kid);
  if (!key) throw new Error(`the manifest is signed by a key that the registry does not know: ${kid}`);
  const publicKey = createPublicKey({ key: { kty: key.kty, crv: key.crv, x: key.x }, format: 'jwk' });
  if (!verify(null, Buffer.from(`${header}.${payload}`), publicKey, Buffer.from(signature, 'base64url')))
    throw new Error('the signature of the manifest does not hold');
  const manifest = Manifest.parse(decode(payload));
  if (manifest.versionId !== shown.id || manifest.artifactSha256 !== shown.artifactDigest)
    throw new Error('the manifest is that of another version or of another file');
  if (manifest.threshold !== shown.threshold)
    throw new Error('the threshold that the registry shows is not the one that was signed');
  return { verified: true, keyId: kid, ...manifest };
}
