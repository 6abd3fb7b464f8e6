import { hash, randomBytes, randomInt } from 'node:crypto';

/**
 * What is kept of a secret: its SHA-256, hex. Secrets made here have 256 random bits, so there is nothing to guess and neither salt
 * nor a slow hash would add anything; a key of `ML_API_KEYS` is as strong as its maker chose it.
 *
 * Keys are looked up by this digest. What timing tells about a lookup is about a digest, which a caller can't steer towards a known one.
 */
export function hashSecret(secret: string): string {
  return hash('sha256', secret, 'hex');
}

const LETTERS = 'abcdefghjkmnpqrstuvwxyz23456789';

/** A new secret `gmb_<prefix>_<43 characters>`; the prefix is kept for people to recognise the key by. */
export function createSecret(): { readonly secret: string; readonly prefix: string; readonly hash: string } {
  const name = Array.from({ length: 8 }, () => LETTERS[randomInt(LETTERS.length)]).join('');
  const secret = `gmb_${name}_${randomBytes(32).toString('base64url')}`;
  return { secret, prefix: `gmb_${name}`, hash: hashSecret(secret) };
}

/** A key of the environment has no row that gives it an id: it is named by its digest (a UUID of version 8, RFC 9562), the same on every gateway. */
export function keyIdOf(digest: string): string {
  const hex = `${digest.slice(0, 12)}8${digest.slice(13, 16)}8${digest.slice(17, 32)}`;
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-');
}
