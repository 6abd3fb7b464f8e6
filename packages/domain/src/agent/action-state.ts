/** Where an action can be. */
export const ACTION_STATES = [
  'proposed',
  'approved',
  'executing',
  'verifying',
  'succeeded',
  'failed',
  'compensated',
  'rejected',
  'expired',
  'superseded',
  'dry-run',
] as const;
export type ActionState = (typeof ACTION_STATES)[number];

/** What can happen to an action. */
export const ACTION_EVENTS = [
  'approve',
  'reject',
  'expire',
  'supersede',
  'simulate',
  'claim',
  'finish',
  'fail',
  'verify',
  'compensate',
] as const;
export type ActionEvent = (typeof ACTION_EVENTS)[number];

/**
 * The life of an action as data: state -> event -> next state. A pair that is not here can't happen. `claim` from `executing` and
 * `verifying` is another worker going on where a killed one stopped. Low risk is approved by its policy at once, through the same
 * door as by a person. An approval that isn't used in time expires like a proposal.
 */
export const ACTION_LIFECYCLE: Readonly<Record<ActionState, Readonly<Partial<Record<ActionEvent, ActionState>>>>> = {
  proposed: {
    approve: 'approved',
    reject: 'rejected',
    expire: 'expired',
    supersede: 'superseded',
    simulate: 'dry-run',
  },
  approved: { claim: 'executing', expire: 'expired', supersede: 'superseded' },
  executing: { claim: 'executing', finish: 'verifying', fail: 'failed' },
  verifying: { claim: 'verifying', verify: 'succeeded', compensate: 'compensated', fail: 'failed' },
  succeeded: {},
  failed: {},
  compensated: {},
  rejected: {},
  expired: {},
  superseded: {},
  'dry-run': {},
};

/** Waiting for a decision or for its execution to begin: nothing has been done outside yet. */
export const isPending = (state: ActionState): boolean => state === 'proposed' || state === 'approved';
/** Under way: effects outside may exist. */
export const isUnderWay = (state: ActionState): boolean => state === 'executing' || state === 'verifying';
/** At an end: nothing will happen to it any more. */
export const isFinal = (state: ActionState): boolean => Object.keys(ACTION_LIFECYCLE[state]).length === 0;

/** The state after `event`, or null when it can't happen in `state`. */
export function nextState(state: ActionState, event: ActionEvent): ActionState | null {
  return ACTION_LIFECYCLE[state][event] ?? null;
}
