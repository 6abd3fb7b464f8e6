import { DomainError } from '@gimbal/domain';

/** @throws DomainError `malformed-json` */
export function parseJsonBody(body: Uint8Array): unknown {
  return parseJsonText(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8'));
}

/** @throws DomainError `malformed-json` */
export function parseJsonText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new DomainError('malformed-json', 'The body cannot be read as JSON.');
  }
}
