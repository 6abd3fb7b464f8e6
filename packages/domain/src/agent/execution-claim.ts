import { type ActionEvent, type ActionState, isUnderWay, nextState } from './action-state.js';
import { isExpired } from './approval-rules.js';

/** The part of an action's row that execution moves. Times are milliseconds since the epoch. */
export interface ExecutionRow {
  readonly state: ActionState;
  readonly expiresAt: number | null;
  /** Grows with each claim. */
  readonly fencingToken: number;
  /** Claims so far. */
  readonly attempt: number;
  /** Last sign of life of the worker that holds the claim; null when nobody does. */
  readonly heartbeatAt: number | null;
}

export type Claim =
  | { readonly kind: 'claimed'; readonly row: ExecutionRow }
  /** Nobody may execute it now: not approved, at its end, held by a living worker, or too late. */
  | { readonly kind: 'not-claimable'; readonly why: 'not-approved' | 'ended' | 'held' | 'expired' };

/**
 * One worker takes an action to carry it out, or to go on where a killed one stopped. The token of the claim fences off every earlier
 * holder: their later writes change nothing. A claim lapses `leaseMs` after its last heartbeat.
 */
export function claimExecution(row: ExecutionRow, now: number, leaseMs: number): Claim {
  if (isExpired(row, now)) return { kind: 'not-claimable', why: 'expired' };
  const next = nextState(row.state, 'claim');
  if (next === null) return { kind: 'not-claimable', why: row.state === 'proposed' ? 'not-approved' : 'ended' };
  if (isUnderWay(row.state) && row.heartbeatAt !== null && now < row.heartbeatAt + leaseMs)
    return { kind: 'not-claimable', why: 'held' };
  const { fencingToken, attempt } = row;
  return {
    kind: 'claimed',
    row: { ...row, state: next, fencingToken: fencingToken + 1, attempt: attempt + 1, heartbeatAt: now },
  };
}

/** The row after its holder wrote `event`; null when the holder was fenced off or the event can't happen: nothing may be written then. */
export function recordOutcome(
  row: ExecutionRow,
  token: number,
  event: Extract<ActionEvent, 'finish' | 'fail' | 'verify' | 'compensate'>,
): ExecutionRow | null {
  const next = nextState(row.state, event);
  if (token !== row.fencingToken || next === null) return null;
  return { ...row, state: next };
}
