import type { AnswerRoute, TrafficPlan } from '@gimbal/contracts';

/** Why a version answered. @param named that the caller named; undefined when it named none */
export function routeOf(
  plan: TrafficPlan,
  {
    answered,
    named,
    isInstead,
  }: { readonly answered: number; readonly named: number | undefined; readonly isInstead: boolean },
): AnswerRoute {
  if (named !== undefined) return 'named';
  if (isInstead) return 'failover';
  if (answered === plan.live) return 'live';
  return answered === plan.canary?.version ? 'canary' : 'arm';
}
