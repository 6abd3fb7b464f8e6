import { computeMoments } from '../statistics/moments.js';
import type { LabelledValues } from './labelled-answers.js';
import { type MeasuredMetric, type TaskMeasurement, WITHOUT_DECISIONS } from './task-measurement.js';

/** Sums over rows, each as often as it was drawn. `spread` is that of the truth around its own mean. */
interface ErrorSums {
  readonly rows: number;
  readonly errors: number;
  readonly absolute: number;
  readonly squared: number;
  readonly spread: number;
}

/** Values, judged by the mean squared error. `bias` is answered minus true: above 0 the model tells too much. */
export function measureRegression({ values, labels }: LabelledValues): TaskMeasurement {
  const kept = Array.from(labels, (_, i) => i).filter((i) => Number.isFinite(values[i]) && Number.isFinite(labels[i]));
  const truth = Float64Array.from(kept, (i) => labels[i]!);
  const errors = Float64Array.from(kept, (i) => values[i]! - labels[i]!);
  const all = sumErrors(errors, truth);
  return {
    ...WITHOUT_DECISIONS,
    rows: kept.length,
    invalid: labels.length - kept.length,
    metrics: kept.length === 0 ? [] : metricsOf(all),
    losses:
      kept.length === 0
        ? []
        : [
            { loss: 'squared_error', ...computeMoments(errors.map((error) => error ** 2)) },
            { loss: 'absolute_error', ...computeMoments(errors.map(Math.abs)) },
          ],
    skill: { metric: 'r2', value: determination(all) },
    prepareResamples: () => (draws) => {
      const sums = sumErrors(errors, truth, draws);
      return [...metricsOf(sums).map(({ value }) => value), determination(sums)];
    },
    shortage: null,
  };
}

function sumErrors(errors: Float64Array, truth: Float64Array, weights?: ArrayLike<number>): ErrorSums {
  const weightOf = (i: number): number => (weights ? weights[i]! : 1);
  let [rows, sum, absolute, squared, total] = [0, 0, 0, 0, 0];
  for (let i = 0; i < errors.length; i++) {
    const weight = weightOf(i);
    rows += weight;
    sum += weight * errors[i]!;
    absolute += weight * Math.abs(errors[i]!);
    squared += weight * errors[i]! ** 2;
    total += weight * truth[i]!;
  }
  let spread = 0;
  for (let i = 0; i < truth.length; i++) spread += weightOf(i) * (truth[i]! - total / rows) ** 2;
  return { rows, errors: sum, absolute, squared, spread };
}

/** The coefficient of determination: the skill against always answering these rows' own mean. Null when every truth is the same. */
const determination = ({ squared, spread }: ErrorSums): number | null => (spread > 0 ? 1 - squared / spread : null);

function metricsOf(sums: ErrorSums): MeasuredMetric[] {
  const { rows, errors, absolute, squared } = sums;
  return [
    { metric: 'mae', value: absolute / rows, direction: 'lower-is-better' },
    { metric: 'rmse', value: Math.sqrt(squared / rows), direction: 'lower-is-better' },
    { metric: 'r2', value: determination(sums), direction: 'higher-is-better' },
    { metric: 'bias', value: errors / rows, direction: 'nearer-zero-is-better' },
  ];
}
