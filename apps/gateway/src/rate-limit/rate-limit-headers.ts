import type { WindowDecision } from './sliding-window.js';

const seconds = (milliseconds: number): string => String(Math.ceil(milliseconds / 1_000));

/**
 * What a caller is told of its allowance: `RateLimit-Limit`, `-Remaining`, `-Reset` (seconds until all of it is back) and `-Policy`
 * (IETF draft-ietf-httpapi-ratelimit-headers, 03 to 07), and `Retry-After` when it was refused.
 */
export function rateLimitHeaders({
  admitted,
  limit,
  remaining,
  retryAfterMs,
  resetAfterMs,
}: WindowDecision): Record<string, string> {
  return {
    'ratelimit-limit': String(limit.requests),
    'ratelimit-remaining': String(remaining),
    'ratelimit-reset': seconds(resetAfterMs),
    'ratelimit-policy': `${limit.requests};w=${seconds(limit.windowMs)}`,
    ...(!admitted && { 'retry-after': seconds(retryAfterMs) }),
  };
}
