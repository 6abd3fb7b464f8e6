import { compareVersions, type MetricComparison, type NamedMetrics } from '@gimbal/domain';

/** Another version went live, as people are told of it. */
export interface Deployment {
  readonly model: string;
  /** Null for the first one. */
  readonly from: number | null;
  readonly to: number;
  readonly kind: 'promote' | 'rollback';
  /** An admin skipped the gate. */
  readonly forced: boolean;
  readonly decidedBy: string;
  readonly reason: string;
  readonly algorithm: string;
  /** Measured of either version, in the order of the registry. */
  readonly metrics: readonly (MetricComparison & { readonly name: string })[];
  readonly links: readonly { readonly text: string; readonly url: string }[];
}

/** The metrics that one of the versions has, the version before first. */
export function compareMetrics(before: NamedMetrics, after: NamedMetrics): Deployment['metrics'] {
  return Object.entries(compareVersions(before, after))
    .map(([name, comparison]) => ({ name, ...comparison }))
    .filter(({ v1, v2 }) => v1 !== null || v2 !== null);
}

/** One line about what happened. */
export function headlineOf({ model, from, to, kind, forced }: Deployment): string {
  if (kind === 'rollback') return `${model}: rolled back from version ${from} to version ${to}`;
  const replaced = from === null ? 'is live' : `is live in place of version ${from}`;
  return `${model}: version ${to} ${replaced}${forced ? ' (the gate was skipped)' : ''}`;
}

/** One line about a metric: `f1_score 0.8000 → 0.8200 (+0.0200)`. */
export function describeMetric({ name, v1, v2, diff }: Deployment['metrics'][number]): string {
  const [before, after] = [v1, v2].map((value) => (value === null ? 'not measured' : value.toFixed(4)));
  if (diff === null) return v1 === null ? `${name} ${after}` : `${name} ${before} → ${after}`;
  return `${name} ${before} → ${after} (${diff >= 0 ? '+' : ''}${diff.toFixed(4)})`;
}
