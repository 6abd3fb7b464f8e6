import { createHash } from 'node:crypto';
import { canonicalJson } from '@gimbal/domain';

/** SHA-256 of the canonical JSON of a value, hex: equal for equal values, however a database ordered their members. */
export function hashJson(value: unknown): string {
  const text = canonicalJson(value);
  if (text === null) throw new TypeError('Only JSON can be hashed.');
  return createHash('sha256').update(text, 'utf8').digest('hex');
}
