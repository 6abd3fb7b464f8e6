import { GimbalError } from './gimbal-error.js';

/** 408 and 429: ask again later; 502 to 504: nobody answers there now. */
const TEMPORARY = new Set([408, 425, 429, 500, 502, 503, 504]);

/** Whether the same request may well succeed later: the gateway was not reached, was too slow, or says so itself. */
export function isTemporary(error: unknown): boolean {
  if (error instanceof GimbalError) return TEMPORARY.has(error.status) || error.code === 'idempotency-in-progress';
  // fetch says "fetch failed" with the socket's error as its cause; AbortSignal.timeout gives a TimeoutError. By name: they may be another realm's.
  const { name, message, cause } = (error ?? {}) as Partial<Error>;
  if (name === 'TimeoutError' || name === 'AbortError') return true;
  return name === 'TypeError' && (cause !== undefined || /fetch failed|terminated/.test(message ?? ''));
}
