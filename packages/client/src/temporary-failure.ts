import { GimbalError } from './gimbal-error.js';

/** Ask again later (408, 425, 429), failed this time (500), nobody answers there now (502 to 504). */
const TEMPORARY = new Set([408, 425, 429, 500, 502, 503, 504]);

/** Whether the same request may well succeed later: the gateway was not reached, was too slow, or says so itself. */
export function isTemporary(error: unknown): boolean {
  if (error instanceof GimbalError) return TEMPORARY.has(error.status) || error.code === 'idempotency-in-progress';
  return isUnanswered(error);
}

/**
 * Whether `fetch` says that nobody answered, or that the time was over: "fetch failed" with the socket's error as its cause, or the
 * TimeoutError of AbortSignal.timeout. By name: they may be another realm's.
 */
export function isUnanswered(error: unknown): boolean {
  const { name, message, cause } = Object(error) as Partial<Error>; // whatever was thrown may have these
  if (name === 'TimeoutError' || name === 'AbortError') return true;
  return name === 'TypeError' && (cause !== undefined || /fetch failed|terminated/.test(message ?? ''));
}
