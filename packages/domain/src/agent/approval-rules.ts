import type { ActionState } from './action-state.js';

/** What an approval looks at. Times are milliseconds since the epoch. */
export interface DecidableAction {
  readonly state: ActionState;
  readonly requiresApproval: boolean;
  readonly expiresAt: number | null;
  /** `agent`, or who asked the agent for it. */
  readonly proposedBy: string;
  /** Id (or name) of the key that asked for the assessment behind it; null when the schedule did. */
  readonly proposedByKeyId: string | null;
}

/** The key that decides. */
export interface Reviewer {
  readonly id: string;
  readonly name: string;
}

export type ReviewRefusal =
  | 'approval-decided'
  | 'approval-expired'
  | 'approval-stale'
  | 'self-approval'
  | 'agent-paused'
  | 'invalid-transition';

export type ReviewVerdict =
  | { readonly allowed: true }
  | { readonly allowed: false; readonly code: ReviewRefusal; readonly detail: string };

/**
 * Whether this key may decide this proposal now. Each proposal is decided once; nobody approves what their own key asked for; not
 * deciding in time is a no. A paused agent can be told no, but not yes. Whether the evidence still holds is asked by `recheckProposal`.
 */
export function judgeReview(
  action: DecidableAction,
  review: {
    readonly decision: 'approve' | 'reject';
    readonly reviewer: Reviewer;
    readonly now: number;
    readonly isPaused: boolean;
  },
): ReviewVerdict {
  const { decision, reviewer, now, isPaused } = review;
  const state = judgeState(action, now);
  if (state) return state;
  if (decision === 'reject') return { allowed: true };
  if (isOwnProposal(action, reviewer))
    return no('self-approval', 'The key that asked for this cannot approve it: another approver has to.');
  if (isPaused) return no('agent-paused', 'The agent is paused: resume it first, or reject the proposal.');
  return { allowed: true };
}

/** A proposal that nobody decided, or an approval that nobody used, by its time. */
export function isExpired(action: Pick<DecidableAction, 'state' | 'expiresAt'>, now: number): boolean {
  const canExpire = action.state === 'proposed' || action.state === 'approved';
  return canExpire && action.expiresAt !== null && now >= action.expiresAt;
}

function judgeState(action: DecidableAction, now: number): ReviewVerdict | null {
  if (action.state === 'expired' || (action.state === 'proposed' && isExpired(action, now)))
    return no(
      'approval-expired',
      'Nobody decided in time; if the trouble is still there, the agent will propose again.',
    );
  if (action.state === 'superseded')
    return no(
      'approval-stale',
      'The evidence behind it no longer holds; if the trouble is still there, the agent will propose again.',
    );
  if (action.state === 'dry-run')
    return no('invalid-transition', 'It was only shown (dry run): there is nothing to decide.');
  if (!action.requiresApproval) return no('invalid-transition', 'It runs by itself: there is nothing to decide.');
  if (action.state !== 'proposed') return no('approval-decided', `It was decided already: it is ${action.state}.`);
  return null;
}

/** By id or by name: whichever of the two monitoring kept of who asked for the assessment. */
function isOwnProposal({ proposedBy, proposedByKeyId }: DecidableAction, { id, name }: Reviewer): boolean {
  return [id, name].some((word) => word === proposedBy || word === proposedByKeyId);
}

const no = (code: ReviewRefusal, detail: string): ReviewVerdict => ({ allowed: false, code, detail });
