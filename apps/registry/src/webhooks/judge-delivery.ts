import { isPassing, type OutboundOutcome } from '@gimbal/platform';

/** What is done after a try: the end of the delivery, or another try. */
export type DeliveryVerdict =
  | { readonly state: 'delivered' | 'refused' | 'expired'; readonly error: string | null }
  | { readonly state: 'pending'; readonly error: string; readonly delayMs: number };

export interface DeliveryTry {
  /** Tries so far, this one included. */
  readonly attempts: number;
  /** Since the change that it tells of. */
  readonly ageMs: number;
  readonly maxAgeMs: number;
  /** In [0, 1): spreads the tries of many deliveries. */
  readonly random: number;
}

const DELAY_MS = { first: 1_000, most: 600_000 } as const;
/** A receiver may ask for more patience than we have by ourselves, but not for any. */
const RETRY_AFTER_MOST_MS = 3_600_000;

/** Judges what came of a try: 2xx is delivered, a passing failure is tried again until the delivery is too old, all else is final. */
export function judgeDelivery(
  outcome: OutboundOutcome,
  { attempts, ageMs, maxAgeMs, random }: DeliveryTry,
): DeliveryVerdict {
  if (outcome.kind === 'answered' && outcome.status >= 200 && outcome.status < 300)
    return { state: 'delivered', error: null };
  const error = outcome.kind === 'answered' ? `The receiver answered ${outcome.status}.` : outcome.reason;
  if (!isPassing(outcome)) return { state: 'refused', error };
  const delayMs = delayOf(outcome, attempts, random);
  return ageMs + delayMs > maxAgeMs ? { state: 'expired', error } : { state: 'pending', error, delayMs };
}

/** Doubles with every try, less or more by a fifth, and is never shorter than the receiver asks. */
function delayOf(outcome: OutboundOutcome, attempts: number, random: number): number {
  const doubled = Math.min(DELAY_MS.first * 2 ** (attempts - 1), DELAY_MS.most);
  const own = Math.round(doubled * (0.8 + 0.4 * random));
  const asked = outcome.kind === 'answered' ? (outcome.retryAfterMs ?? 0) : 0;
  return Math.max(own, Math.min(asked, RETRY_AFTER_MOST_MS));
}
