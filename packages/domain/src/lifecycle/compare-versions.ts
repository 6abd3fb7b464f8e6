/** One metric of two versions; null where a version has no such value. */
export interface MetricComparison {
  readonly v1: number | null;
  readonly v2: number | null;
  /** v2 - v1. */
  readonly diff: number | null;
  /** (v2 - v1) / v1 * 100, or 0 when v1 is 0. */
  readonly pctChange: number | null;
}

export type NamedMetrics = Readonly<Record<string, number | null>>;

/** Compares two versions metric by metric, in the order in which the names first appear. A value that is not finite counts as absent. */
export function compareVersions(first: NamedMetrics, second: NamedMetrics): Readonly<Record<string, MetricComparison>> {
  const names = [...new Set([...Object.keys(first), ...Object.keys(second)])];
  return Object.fromEntries(names.map((name) => [name, compareMetric(measured(first[name]), measured(second[name]))]));
}

function compareMetric(v1: number | null, v2: number | null): MetricComparison {
  if (v1 === null || v2 === null) return { v1, v2, diff: null, pctChange: null };
  const diff = v2 - v1;
  return { v1, v2, diff, pctChange: v1 === 0 ? 0 : (diff / v1) * 100 };
}

const measured = (value: number | null | undefined): number | null => (Number.isFinite(value) ? (value ?? null) : null);
