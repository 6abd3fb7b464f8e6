import type { IncomingHttpHeaders } from 'node:http';

/** Longer ones are not keys; hashing them would be work for nothing. */
const KEY_LENGTH_MAX = 512;

/**
 * The secret that a request carries: `X-API-Key`, else `Authorization: Bearer`, else the password of `Authorization: Basic` (which is how
 * unmodified MLflow and Triton clients send one). Undefined when there is none, null when there is something that can't be a key.
 */
export function readPresentedKey(headers: IncomingHttpHeaders): string | null | undefined {
  const own = headers['x-api-key'];
  if (own !== undefined) return typeof own === 'string' ? bounded(own) : null;
  const { authorization } = headers;
  if (authorization === undefined) return undefined;
  const [scheme, credentials] = authorization.split(' ', 2);
  if (!credentials) return null;
  if (scheme?.toLowerCase() === 'bearer') return bounded(credentials);
  if (scheme?.toLowerCase() !== 'basic') return null;
  const pair = Buffer.from(credentials, 'base64').toString('utf8');
  const colon = pair.indexOf(':');
  return colon < 0 ? null : bounded(pair.slice(colon + 1));
}

const bounded = (key: string): string | null => (key.length > 0 && key.length <= KEY_LENGTH_MAX ? key : null);
