import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  ACTION_EVENTS,
  ACTION_LIFECYCLE,
  ACTION_STATES,
  type ActionState,
  isFinal,
  isPending,
  isUnderWay,
  nextState,
} from './action-state.js';
import { isExpired, judgeReview } from './approval-rules.js';
import { claimExecution, type ExecutionRow, recordOutcome } from './execution-claim.js';

const successors = (state: ActionState): ActionState[] => Object.values(ACTION_LIFECYCLE[state]);
function reachable(from: ActionState): Set<ActionState> {
  const seen = new Set<ActionState>([from]);
  for (const state of seen) for (const next of successors(state)) seen.add(next);
  return seen;
}

describe('the graph', () => {
  it('reaches every state from the first, and an end from every state', () => {
    expect([...reachable('proposed')].sort()).toEqual([...ACTION_STATES].sort());
    for (const state of ACTION_STATES) expect([...reachable(state)].some(isFinal)).toBe(true);
  });

  it('uses every event, and each state is exactly one of pending, under way, final', () => {
    const used = new Set(ACTION_STATES.flatMap((state) => Object.keys(ACTION_LIFECYCLE[state])));
    expect([...used].sort()).toEqual([...ACTION_EVENTS].sort());
    for (const state of ACTION_STATES)
      expect([isPending(state), isUnderWay(state), isFinal(state)].filter(Boolean)).toHaveLength(1);
  });

  it('has no way to an execution that does not pass an approval', () => {
    const withoutApproval = new Set<ActionState>(['proposed']);
    for (const state of withoutApproval)
      for (const event of ACTION_EVENTS) {
        const next = nextState(state, event);
        if (next !== null && event !== 'approve') withoutApproval.add(next);
      }
    expect([...withoutApproval].some(isUnderWay)).toBe(false);
  });
});

/**
 * One action in a small world: an approver who may be late or come twice, a clock, and workers that get the same job several times and
 * may die, or stall past their lease, between any two steps. The outside service keeps the first effect of a decision and answers a repeat with it.
 */
interface World {
  readonly row: ExecutionRow;
  readonly now: number;
  readonly approvals: number;
  readonly effects: readonly number[];
  readonly asked: number;
  readonly workers: readonly Worker[];
}
interface Worker {
  readonly step: 'idle' | 'claimed' | 'effected' | 'done';
  readonly token: number;
}
type Move = 'approve' | 'reject' | 'tick' | 'expire' | `step-${number}` | `die-${number}`;

const LEASE = 2;
const EXPIRES = 4;

const first = (workers: number): World => ({
  row: { state: 'proposed', expiresAt: EXPIRES, fencingToken: 0, attempt: 0, heartbeatAt: null },
  now: 0,
  approvals: 0,
  effects: [],
  asked: 0,
  workers: Array.from({ length: workers }, () => ({ step: 'idle', token: 0 })),
});

function move(world: World, kind: Move): World {
  if (kind === 'tick') return { ...world, now: world.now + 1 };
  if (kind === 'approve' || kind === 'reject') return review(world, kind);
  if (kind === 'expire')
    return isExpired(world.row, world.now) ? { ...world, row: { ...world.row, state: 'expired' } } : world;
  const [what, at] = kind.split('-');
  const worker = world.workers[Number(at)]!;
  return what === 'die' ? replace(world, Number(at), { step: 'idle', token: 0 }) : work(world, Number(at), worker);
}

function review(world: World, decision: 'approve' | 'reject'): World {
  const action = { ...world.row, requiresApproval: true, proposedBy: 'agent', proposedByKeyId: null };
  const verdict = judgeReview(action, { decision, reviewer: { id: 'k', name: 'n' }, now: world.now, isPaused: false });
  if (!verdict.allowed) return world;
  const next = nextState(world.row.state, decision)!;
  const expiresAt = decision === 'approve' ? world.now + EXPIRES : world.row.expiresAt;
  return {
    ...world,
    row: { ...world.row, state: next, expiresAt },
    approvals: world.approvals + Number(decision === 'approve'),
  };
}

function work(world: World, at: number, worker: Worker): World {
  if (worker.step === 'idle' || worker.step === 'done') {
    const claim = claimExecution(world.row, world.now, LEASE);
    if (claim.kind !== 'claimed') return world;
    return replace({ ...world, row: claim.row }, at, { step: 'claimed', token: claim.row.fencingToken });
  }
  if (worker.step === 'claimed') {
    if (world.row.state === 'executing' || world.row.fencingToken !== worker.token) {
      // The effect itself is not fenced: a stalled worker may ask for it long after it lost its claim.
      const effects = world.effects.length === 0 ? [worker.token] : world.effects;
      return replace({ ...world, effects, asked: world.asked + 1 }, at, { ...worker, step: 'effected' });
    }
    return replace(world, at, { ...worker, step: 'effected' });
  }
  const event = world.row.state === 'verifying' ? 'verify' : 'finish';
  const row = recordOutcome(world.row, worker.token, event);
  if (row === null) return replace(world, at, { step: 'done', token: worker.token });
  return replace({ ...world, row }, at, { ...worker, step: row.state === 'succeeded' ? 'done' : 'effected' });
}

const replace = (world: World, at: number, worker: Worker): World => ({
  ...world,
  workers: world.workers.map((old, i) => (i === at ? worker : old)),
});

function assertSound(before: World, after: World): void {
  const { row, approvals, effects } = after;
  if (effects.length > 1) throw new Error('two effects');
  if (effects.length > 0 && approvals !== 1) throw new Error('an effect that nobody approved');
  if (approvals > 1) throw new Error('approved twice');
  if ((isUnderWay(row.state) || row.state === 'succeeded') && approvals !== 1)
    throw new Error('executed without approval');
  if ((row.state === 'rejected' || row.state === 'expired') && effects.length > 0)
    throw new Error('an effect after a no');
  if (isFinal(before.row.state) && row.state !== before.row.state) throw new Error('left its end');
  if (row.fencingToken < before.row.fencingToken) throw new Error('a token went back');
  if (row.state === 'succeeded' && effects.length !== 1) throw new Error('succeeded without an effect');
}

/** Lets time pass and one sane worker run: whatever happened before, the action comes to its end. */
function settle(world: World): World {
  let now = world;
  for (let round = 0; round < 4 * (LEASE + EXPIRES) && !isFinal(now.row.state); round++) {
    now = move(move(now, 'expire'), 'tick');
    if (now.row.state !== 'proposed') for (let step = 0; step < 4; step++) now = move(now, 'step-0');
  }
  return now;
}

describe('every interleaving', () => {
  it('has at most one effect, none unapproved, none after a no, and always an end (exhaustive: 2 workers, deaths, clock)', () => {
    const moves: Move[] = ['approve', 'reject', 'tick', 'expire', 'step-0', 'step-1', 'die-0'];
    const seen = new Set<string>();
    const visit = (world: World, depth: number): void => {
      const key = JSON.stringify([world.row, world.now, world.approvals, world.effects, world.workers, depth]);
      if (seen.has(key)) return;
      seen.add(key);
      const ended = settle(world);
      if (!isFinal(ended.row.state)) throw new Error(`stuck in ${ended.row.state} after ${key}`);
      if (depth === 0) return;
      for (const kind of moves) {
        const next = move(world, kind);
        assertSound(world, next);
        visit(next, depth - 1);
      }
    };
    visit(first(2), 13);
    expect(seen.size).toBeGreaterThan(10_000);
  });

  it('stays so in long random histories with four workers', () => {
    const kinds: Move[] = ['approve', 'reject', 'tick', 'expire'];
    const workers: Move[] = [0, 1, 2, 3].flatMap((n): Move[] => [`step-${n}`, `step-${n}`, `die-${n}`]);
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...kinds, ...workers), { maxLength: 120 }), (history) => {
        let world = first(4);
        for (const kind of history) {
          const next = move(world, kind);
          assertSound(world, next);
          world = next;
        }
        expect(isFinal(settle(world).row.state)).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  it('lets a fenced-off worker write nothing', () => {
    const row: ExecutionRow = { state: 'executing', expiresAt: null, fencingToken: 5, attempt: 5, heartbeatAt: 0 };
    expect(recordOutcome(row, 4, 'finish')).toBeNull();
    expect(recordOutcome(row, 5, 'finish')).toMatchObject({ state: 'verifying' });
    expect(recordOutcome({ ...row, state: 'succeeded' }, 5, 'fail')).toBeNull();
  });
});
