import { randomUUID } from 'node:crypto';

const WELL_FORMED = /^[A-Za-z0-9][A-Za-z0-9._~-]{7,99}$/;

/** The caller's `X-Request-Id` when it has 8 to 100 harmless characters, else a new UUID: what is logged is never the caller's text at large. */
export function acceptRequestId(header: string | string[] | undefined): string {
  return typeof header === 'string' && WELL_FORMED.test(header) ? header : randomUUID();
}
