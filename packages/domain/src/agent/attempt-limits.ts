import { isFinal, isPending, isUnderWay } from './action-state.js';
import type { ActionDefinition } from './actions/action-definition.js';
import type { Condition } from './condition.js';
import type { DecisionContext, PastAction } from './decision-context.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

/** Ends after which the same thing is not proposed again at once. An expired or superseded proposal was never decided or done. */
const COOLS_DOWN: ReadonlySet<string> = new Set(['succeeded', 'failed', 'compensated', 'rejected', 'dry-run']);

/**
 * What keeps the agent from doing the same thing over and over: no second proposal beside an open one, no repair beside another repair,
 * a cool-down after each, and a number of attempts within a time, after which a person is needed.
 */
export function askLimits(definition: ActionDefinition, target: string, context: DecisionContext): Condition[] {
  const same = context.history.filter((past) => past.type === definition.type && past.target === target);
  return [
    askNotOpen(same),
    ...(definition.effect === 'repairs' ? [askNoOtherRepair(definition, target, context)] : []),
    askCooledDown(same, context),
    ...(definition.effect === 'repairs' ? [askAttemptsLeft(same, context)] : []),
  ];
}

const REPAIRS: ReadonlySet<string> = new Set(['retrain_model', 'rollback_model', 'adjust_threshold']);

function askNotOpen(same: readonly PastAction[]): Condition {
  const open = same.find(({ state }) => !isFinal(state));
  return {
    code: 'not-proposed-already',
    holds: open === undefined,
    measured: open?.id ?? null,
    limit: null,
    message: open ? `The same is open already: action ${open.id} (${open.state}).` : 'The same is not open already.',
  };
}

/** A rollback does not wait for a training or for a mere proposal: what is served now is wrong. Everything else does. */
function askNoOtherRepair(definition: ActionDefinition, target: string, { history }: DecisionContext): Condition {
  const isInTheWay = ({ type, state }: PastAction): boolean => {
    if (definition.type === 'rollback_model') return type !== 'retrain_model' && isUnderWay(state);
    return isPending(state) || isUnderWay(state);
  };
  const other = history.find(
    (past) => REPAIRS.has(past.type) && past.type !== definition.type && past.target === target && isInTheWay(past),
  );
  return {
    code: 'no-other-repair',
    holds: other === undefined,
    measured: other?.id ?? null,
    limit: null,
    message: other ? `Another repair is under way: ${other.type} (${other.state}).` : 'No other repair is under way.',
  };
}

function askCooledDown(same: readonly PastAction[], { now, policy }: DecisionContext): Condition {
  const ended = same.filter(({ state }) => COOLS_DOWN.has(state)).map(({ endedAt }) => endedAt);
  const minutes = ended.length === 0 ? null : (now - Math.max(...ended)) / MINUTE_MS;
  return {
    code: 'cooled-down',
    holds: minutes === null || minutes >= policy.coolDownMinutes,
    measured: minutes,
    limit: policy.coolDownMinutes,
    message:
      minutes === null
        ? 'It was not done before.'
        : `${minutes.toFixed(1)} min since the last time, ${policy.coolDownMinutes} must pass.`,
  };
}

function askAttemptsLeft(same: readonly PastAction[], { now, policy }: DecisionContext): Condition {
  const since = now - policy.attemptsWindowHours * HOUR_MS;
  const attempts = same.filter(({ executedAt }) => executedAt !== null && executedAt >= since).length;
  return {
    code: 'attempts-left',
    holds: attempts < policy.attemptsMax,
    measured: attempts,
    limit: policy.attemptsMax,
    message: `Done ${attempts} times within ${policy.attemptsWindowHours} h, at most ${policy.attemptsMax}.`,
  };
}
