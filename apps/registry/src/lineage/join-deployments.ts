import type { TrafficPlan } from '@gimbal/contracts';

/** A plan, and until when it was in force; null while it is. */
export interface PlanPeriod {
  readonly plan: TrafficPlan;
  readonly revision: number;
  readonly from: Date;
  readonly until: Date | null;
  readonly reason: string;
  readonly by: string;
}

/** A time through which a version took part in answering in one way. */
export interface Deployment {
  readonly role: 'live' | 'canary' | 'shadow' | 'arm';
  /** Of the requests that were to reach it, in percent; all of them for a shadow, which answers nobody. */
  readonly percent: number;
  readonly revision: number;
  readonly from: Date;
  readonly until: Date | null;
  readonly reason: string;
  readonly by: string;
}

/**
 * When a version took part in answering, and how: plans that follow each other without changing that are one deployment.
 * @param periods of plans that name the version, oldest first
 */
export function joinDeployments(version: number, periods: readonly PlanPeriod[]): readonly Deployment[] {
  const done: Deployment[] = [];
  let open: Deployment[] = [];
  for (const { plan, ...period } of periods) {
    const present = partsOf(version, plan).map((part) => ({ ...period, ...part }));
    const goesOn = (one: Deployment, other: Deployment): boolean =>
      one.role === other.role && one.percent === other.percent && one.until?.getTime() === other.from.getTime();
    done.push(...open.filter((one) => !present.some((other) => goesOn(one, other))));
    open = present.map((other) => {
      const before = open.find((one) => goesOn(one, other));
      return before ? { ...before, until: other.until } : other;
    });
  }
  return [...done, ...open];
}

function partsOf(version: number, { live, canary, shadow, ab }: TrafficPlan): Pick<Deployment, 'role' | 'percent'>[] {
  const arm = ab?.arms.find((one) => one.version === version);
  return [
    ...(live === version ? [{ role: 'live' as const, percent: ab ? 0 : 100 - (canary?.percent ?? 0) }] : []),
    ...(canary?.version === version ? [{ role: 'canary' as const, percent: canary.percent }] : []),
    ...(arm ? [{ role: 'arm' as const, percent: arm.weight * 100 }] : []),
    ...(shadow?.includes(version) ? [{ role: 'shadow' as const, percent: 100 }] : []),
  ];
}
