/** Deliveries of one webhook that are on their way at once, while it takes them. */
const IN_FLIGHT_MAX = 4;
/** How soon a delivery looks again for which there was no room. */
const NO_ROOM_MS = 1_000;
const REST_MS = { first: 1_000, most: 60_000 } as const;

/** What came of a place: `unused` when nothing was sent. */
export type TurnOutcome = 'taken' | 'failed' | 'unused';

interface Receiver {
  inFlight: number;
  /** Tries in a row that failed in passing. */
  failures: number;
  restsUntil: number;
}

/**
 * Keeps a receiver that is slow or away from holding up the others: a webhook has few places in this process, and after a failure it rests,
 * longer each time, and then takes one delivery to see. Times are milliseconds since the epoch.
 */
export class ReceiverPace {
  private readonly receivers = new Map<string, Receiver>();

  /** Takes a place for a delivery. @returns 0, or how long to wait before asking again */
  take(webhook: string, now: number): number {
    const receiver = this.receivers.get(webhook) ?? { inFlight: 0, failures: 0, restsUntil: 0 };
    if (now < receiver.restsUntil) return receiver.restsUntil - now;
    if (receiver.inFlight >= (receiver.failures > 0 ? 1 : IN_FLIGHT_MAX)) return NO_ROOM_MS;
    receiver.inFlight += 1;
    this.receivers.set(webhook, receiver);
    return 0;
  }

  /** Gives the place back. */
  leave(webhook: string, outcome: TurnOutcome, now: number): void {
    const receiver = this.receivers.get(webhook);
    if (!receiver) return;
    receiver.inFlight -= 1;
    if (outcome === 'taken') receiver.failures = 0;
    if (outcome === 'failed') {
      receiver.failures += 1;
      receiver.restsUntil = now + Math.min(REST_MS.first * 2 ** (receiver.failures - 1), REST_MS.most);
    }
    if (receiver.inFlight === 0 && receiver.failures === 0) this.receivers.delete(webhook);
  }
}
