import type { FeatureProfile } from '../profile/feature-profile.js';

/** Counts of reference and window over the same categories, in the order of the reference. */
export interface AlignedCounts {
  readonly labels: readonly string[];
  readonly reference: readonly number[];
  readonly current: readonly number[];
}

/** Categories of a profile with their counts; each distinct value of a numeric one. */
function countsOf(profile: FeatureProfile): Map<string, number> {
  if (profile.type === 'numeric') {
    const { values, cumulative } = profile.distribution;
    return new Map(values.map((value, i) => [String(value), cumulative[i]! - (cumulative[i - 1] ?? 0)]));
  }
  const counts = new Map(profile.categories.map(({ value, count }) => [value, count]));
  if (profile.other > 0) counts.set('(other)', (counts.get('(other)') ?? 0) + profile.other);
  return counts;
}

/** Lays the categories of both sides next to each other; a category that one side lacks counts 0 there. */
export function alignCategories(reference: FeatureProfile, current: FeatureProfile): AlignedCounts {
  const [before, now] = [countsOf(reference), countsOf(current)];
  const labels = [...new Set([...before.keys(), ...now.keys()])];
  return {
    labels,
    reference: labels.map((label) => before.get(label) ?? 0),
    current: labels.map((label) => now.get(label) ?? 0),
  };
}

/**
 * Joins the rarest categories until every one is expected at least 5 times on both sides (Cochran 1954); without this the
 * chi-square approximation does not hold.
 */
export function poolRareCategories(counts: AlignedCounts): AlignedCounts {
  const n = counts.reference.reduce((sum, count) => sum + count, 0);
  const m = counts.current.reduce((sum, count) => sum + count, 0);
  const totalMin = (5 * (n + m)) / Math.min(n, m);
  const totals = counts.labels.map((_, i) => counts.reference[i]! + counts.current[i]!);
  const byRarity = totals.map((_, i) => i).sort((a, b) => totals[a]! - totals[b]!);
  const pooled: number[] = [];
  let pooledTotal = 0;
  for (const i of byRarity) {
    if (totals[i]! >= totalMin && (pooled.length === 0 || pooledTotal >= totalMin)) break;
    pooled.push(i);
    pooledTotal += totals[i]!;
  }
  if (pooled.length < 2) return counts;
  const kept = counts.labels.map((_, i) => i).filter((i) => !pooled.includes(i));
  const sum = (side: readonly number[]): number => pooled.reduce((total, i) => total + side[i]!, 0);
  return {
    labels: [...kept.map((i) => counts.labels[i]!), '(rare)'],
    reference: [...kept.map((i) => counts.reference[i]!), sum(counts.reference)],
    current: [...kept.map((i) => counts.current[i]!), sum(counts.current)],
  };
}
