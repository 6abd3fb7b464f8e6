import { DomainError } from '@gimbal/domain';

/** @throws DomainError `malformed-json` */
export function parseJsonBody(body: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8'));
  } catch {
    throw new DomainError('malformed-json', 'The body cannot be read as JSON.');
  }
}
