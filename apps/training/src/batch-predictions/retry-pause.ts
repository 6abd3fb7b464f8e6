import { isDomainError } from '@gimbal/domain';

/** Whatever a refusal says, after so long it is worth asking again. */
const PAUSE_MS_MAX = 30_000;
/** Those who were refused together shall not come back together. */
const SPREAD = 0.5;

/**
 * How long to wait after a failure before asking the same again, ms: as long as the refusal says or half as long again, else the backoff, a
 * quarter more or less.
 * @param chance of [0, 1)
 */
export function retryPauseMs(error: unknown, backoffMs: number, chance: number): number {
  const own = backoffMs * (1 - SPREAD / 2 + SPREAD * chance);
  const told = isDomainError(error) ? 1_000 * error.retryAfterSeconds * (1 + SPREAD * chance) : 0;
  return Math.min(Math.max(own, told), PAUSE_MS_MAX);
}
