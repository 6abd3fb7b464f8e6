import type { CandidateValidation } from '@gimbal/learning';
import { snakeCase } from '../pipeline/primary-score.js';
import type { Point } from './experiment-writer.service.js';

/** Names that differ from the kernel's own in snake case. */
const NAMES: Readonly<Record<string, string>> = { f1: 'f1_score' };

/** The registry's name of a metric of the kernel. */
export const nameOfMetric = (metric: string): string => NAMES[metric] ?? snakeCase(metric);

/** One point per fold under the metric's name, and mean and deviation beside it. */
export function candidatePoints(validation: CandidateValidation): Point[] {
  const points: Point[] = [];
  const spreads: [string, { mean: number; deviation: number | null } | null][] = Object.entries(validation.summary);
  for (const [metric, spread] of spreads) {
    const key = nameOfMetric(metric);
    for (const { foldIndex, metrics } of validation.folds) {
      const value: unknown = Reflect.get(metrics, metric);
      if (typeof value === 'number') points.push({ key, value, step: foldIndex });
    }
    if (!spread) continue;
    points.push({ key: `${key}_mean`, value: spread.mean, step: 0 });
    if (spread.deviation !== null) points.push({ key: `${key}_deviation`, value: spread.deviation, step: 0 });
  }
  if ('threshold' in validation) points.push({ key: 'threshold', value: validation.threshold, step: 0 });
  return points;
}

/** Named numbers as points of one step; null is left out. */
export const listPoints = (values: Readonly<Record<string, number | null>>): Point[] =>
  Object.entries(values).flatMap(([key, value]) => (value === null ? [] : [{ key, value, step: 0 }]));
