import type { TrafficSplit } from './check-traffic-plan.js';
import type { LifecycleStage } from './stages.js';

/** What a version can be tried as: beside the live one (`canary`, `ab`: it answers some; `shadow`: it answers nobody), or set aside for it. */
export const SOAK_ROLES = ['canary', 'shadow', 'ab', 'staging'] as const;
export type SoakRole = (typeof SOAK_ROLES)[number];

/** Something that was so from a time on, until the next of its kind. Times are milliseconds since the epoch. */
interface Since<T> {
  readonly at: number;
  readonly value: T;
}

/** What is known of a version's trial, each list oldest first. */
export interface SoakHistory {
  readonly version: number;
  readonly plans: readonly Since<TrafficSplit>[];
  readonly stages: readonly Since<LifecycleStage>[];
}

interface Spell {
  readonly from: number;
  readonly to: number;
}

/** How long a version had one of the roles until `now`, in milliseconds. Two roles at once count once. */
export function measureSoak({ version, plans, stages }: SoakHistory, roles: readonly SoakRole[], now: number): number {
  const inTraffic = spellsOf(plans, now, (plan) => rolesIn(plan, version).some((role) => roles.includes(role)));
  const inStage = spellsOf(stages, now, (stage) => stage === 'staging' && roles.includes('staging'));
  return lengthOf([...inTraffic, ...inStage]);
}

function rolesIn({ canary, shadow = [], ab }: TrafficSplit, version: number): readonly SoakRole[] {
  return [
    ...(canary?.version === version && canary.percent > 0 ? (['canary'] as const) : []),
    ...(shadow.includes(version) ? (['shadow'] as const) : []),
    ...(ab?.arms.some((arm) => arm.version === version && arm.weight > 0) ? (['ab'] as const) : []),
  ];
}

function spellsOf<T>(history: readonly Since<T>[], now: number, holds: (value: T) => boolean): readonly Spell[] {
  return history.flatMap(({ at, value }, index) => {
    const to = Math.min(history[index + 1]?.at ?? now, now);
    return holds(value) && to > at ? [{ from: at, to }] : [];
  });
}

/** Of the union of spells. */
function lengthOf(spells: readonly Spell[]): number {
  let length = 0;
  let end = Number.NEGATIVE_INFINITY;
  for (const { from, to } of [...spells].sort((one, other) => one.from - other.from)) {
    length += Math.max(0, to - Math.max(from, end));
    end = Math.max(end, to);
  }
  return length;
}
