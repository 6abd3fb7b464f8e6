/** How requests are spread over the versions of a model. */
export interface TrafficSplit {
  readonly live: number | null;
  readonly canary?: { readonly version: number; readonly percent: number } | undefined;
  readonly shadow?: readonly number[] | undefined;
  readonly ab?:
    | { readonly name: string; readonly arms: readonly { readonly version: number; readonly weight: number }[] }
    | undefined;
}

/** What the registry knows of the versions a plan may name. */
export interface TrafficFacts {
  readonly live: number | null;
  readonly versions: ReadonlySet<number>;
  /** Versions that may answer: the gate and the model's policy admitted them, or they were live once. A shadow answers nobody and needs no admission. */
  readonly mayAnswer: ReadonlySet<number>;
}

/** One thing that is wrong with a plan; `path` points into the plan. */
export interface TrafficFault {
  readonly path: string;
  readonly message: string;
}

/** Weights are decimal fractions typed by people: .1 + .2 + .7 must count as 1. */
const WEIGHT_SUM_TOLERANCE = 1e-9;

/**
 * Finds everything that is wrong with a traffic plan; an empty list means that it can be served.
 *
 * `live` moves only by promotion or rollback. Canary and A/B test exclude each other, because one request can't be in both. Weights
 * sum to 1; each version has one role.
 */
export function checkTrafficPlan(plan: TrafficSplit, facts: TrafficFacts): readonly TrafficFault[] {
  return [
    ...checkLive(plan, facts),
    ...checkCanary(plan, facts),
    ...checkArms(plan, facts),
    ...checkShadow(plan, facts),
  ];
}

function checkLive({ live, canary, ab, shadow }: TrafficSplit, facts: TrafficFacts): readonly TrafficFault[] {
  if (live !== facts.live) {
    return [{ path: 'live', message: `Live is ${facts.live ?? 'nothing'} and moves only by promotion or rollback.` }];
  }
  if (live === null && (canary || ab || shadow?.length)) {
    return [{ path: 'live', message: 'Nothing is live, so there are no requests to split.' }];
  }
  return [];
}

function checkCanary({ live, canary, ab }: TrafficSplit, facts: TrafficFacts): readonly TrafficFault[] {
  if (!canary) return [];
  const faults = [...checkAnswering('canary.version', canary.version, facts)];
  if (canary.version === live) faults.push({ path: 'canary.version', message: 'The canary is the live version.' });
  if (!(canary.percent >= 0 && canary.percent <= 100)) {
    faults.push({ path: 'canary.percent', message: 'The percent must be in 0 to 100.' });
  }
  if (ab) faults.push({ path: 'canary', message: 'A canary and an A/B test exclude each other.' });
  return faults;
}

function checkArms({ ab }: TrafficSplit, facts: TrafficFacts): readonly TrafficFault[] {
  if (!ab) return [];
  const faults = ab.arms.flatMap(({ version, weight }, index) => [
    ...checkAnswering(`ab.arms.${index}.version`, version, facts),
    ...(weight >= 0 && weight <= 1
      ? []
      : [{ path: `ab.arms.${index}.weight`, message: 'A weight must be in 0 to 1.' }]),
  ]);
  if (ab.arms.length < 2) faults.push({ path: 'ab.arms', message: 'An A/B test needs at least two arms.' });
  if (new Set(ab.arms.map(({ version }) => version)).size !== ab.arms.length) {
    faults.push({ path: 'ab.arms', message: 'Two arms name the same version.' });
  }
  const sum = ab.arms.reduce((total, { weight }) => total + weight, 0);
  if (!(Math.abs(sum - 1) <= WEIGHT_SUM_TOLERANCE)) {
    faults.push({ path: 'ab.arms', message: `The weights sum to ${Number(sum.toFixed(12))}, not to 1.` });
  }
  return faults;
}

function checkShadow({ live, canary, shadow = [], ab }: TrafficSplit, facts: TrafficFacts): readonly TrafficFault[] {
  const answering = new Set([live, canary?.version, ...(ab?.arms ?? []).map(({ version }) => version)]);
  return shadow.flatMap((version, index) => {
    const path = `shadow.${index}`;
    if (!facts.versions.has(version)) return [{ path, message: `Version ${version} does not exist.` }];
    if (answering.has(version)) return [{ path, message: `Version ${version} answers already.` }];
    if (shadow.indexOf(version) !== index) return [{ path, message: `Version ${version} is named twice.` }];
    return [];
  });
}

function checkAnswering(path: string, version: number, facts: TrafficFacts): readonly TrafficFault[] {
  if (!facts.versions.has(version)) return [{ path, message: `Version ${version} does not exist.` }];
  if (facts.mayAnswer.has(version)) return [];
  return [
    {
      path,
      message: `Version ${version} may not answer requests: the gate or the model's promotion policy does not admit it. It may run as a shadow.`,
    },
  ];
}
