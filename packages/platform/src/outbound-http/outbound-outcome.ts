/** What came of a call. A redirect is an answer like any other: it is not followed. */
export type OutboundOutcome =
  | {
      readonly kind: 'answered';
      readonly status: number;
      /** The beginning of the answer, as text. */
      readonly text: string;
      /** What the other side asks to wait; null when it does not say. */
      readonly retryAfterMs: number | null;
    }
  /** No answer came in time, or none that could be read. */
  | { readonly kind: 'unanswered'; readonly reason: string }
  /** The guard did not let the call out. */
  | { readonly kind: 'refused'; readonly reason: string };

/** "Not now" and "too much", besides every 5xx (RFC 9110, RFC 6585, RFC 8470). */
const TRY_AGAIN = new Set([408, 425, 429]);

/** True for a failure where trying again may help. */
export function isPassing(outcome: OutboundOutcome): boolean {
  if (outcome.kind === 'answered') return outcome.status >= 500 || TRY_AGAIN.has(outcome.status);
  return outcome.kind === 'unanswered';
}
