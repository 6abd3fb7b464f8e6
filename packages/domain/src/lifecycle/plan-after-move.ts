import type { TrafficSplit } from './check-traffic-plan.js';

/**
 * The traffic plan after `live` has moved to `to`. Canary and A/B test end, because both were asked against the version that was live
 * before; shadows go on, except the one that is live now.
 */
export function planAfterMove({ shadow = [] }: TrafficSplit, to: number): TrafficSplit {
  const remaining = shadow.filter((version) => version !== to);
  return remaining.length > 0 ? { live: to, shadow: remaining } : { live: to };
}

/** The versions that a plan names, each once, ascending. */
export function versionsInPlan({ live, canary, shadow = [], ab }: TrafficSplit): readonly number[] {
  const named = [live, canary?.version, ...shadow, ...(ab?.arms ?? []).map(({ version }) => version)];
  const versions = named.filter((version): version is number => typeof version === 'number');
  return [...new Set(versions)].sort((one, other) => one - other);
}
