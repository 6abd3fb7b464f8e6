import { bootstrapIntervals, type Interval } from '@gimbal/domain';
import { LearningError } from '../learning-error.js';
import { createRandom, deriveSeed } from '../random/random.js';
import { checkpoint, type TrainingHooks } from '../training-hooks.js';
import { type JudgedRows, thresholdOf } from './evaluate.js';
import { prepareAnomaly } from './evaluate-anomaly.js';
import { prepareBinary, scoreRows } from './evaluate-binary.js';
import { prepareMulticlass, scoreClasses } from './evaluate-multiclass.js';
import { checkValues, prepareRegression } from './evaluate-regression.js';
import { checkWeights, type RowWeights } from './weighted-rows.js';

/** Metrics that come with an interval, by task; each is linear in the rows once these are sorted. */
export const HEADLINE_METRICS = {
  'binary-classification': ['f1', 'precision', 'recall', 'accuracy', 'rocAuc', 'averagePrecision', 'logLoss', 'brier'],
  'multiclass-classification': ['macroF1', 'weightedF1', 'accuracy', 'logLoss', 'brier'],
  regression: ['rmse', 'mae', 'r2'],
  'anomaly-detection': ['rocAuc', 'averagePrecision'],
} as const;

/** How resamples are drawn. */
export interface BootstrapSettings {
  /** Integer; the same gives the same intervals. */
  readonly seed: number;
  /** In (0, 1); default 0.95. */
  readonly level?: number;
  /** Integer >= 100. By default 1000, fewer on many rows, where intervals are narrow: 5e7 rows drawn in all, but at least 200. */
  readonly replicates?: number;
  readonly hooks?: TrainingHooks;
}

/** A metric with its percentile interval (Efron, 1979); null where too few resamples define it. */
export interface MetricInterval {
  readonly metric: string;
  readonly value: number | null;
  readonly interval: Interval | null;
}

type Measure = (weights: RowWeights) => object;

/** Checks and sorts once; the function returned measures the headline metrics under any weights. */
export function prepareHeadline(rows: JudgedRows): (weights: RowWeights) => (number | null)[] {
  const measure = prepareTask(rows);
  return (weights) => {
    const measured = new Map(Object.entries(measure(weights)));
    return HEADLINE_METRICS[rows.task].map((metric) => {
      const value: unknown = measured.get(metric);
      return typeof value === 'number' && Number.isFinite(value) ? value : null;
    });
  };
}

function prepareTask(rows: JudgedRows): Measure {
  const { task, classes, target, outputs } = rows;
  switch (task) {
    case 'binary-classification':
      return prepareBinary(scoreRows(target, outputs, thresholdOf(rows)));
    case 'multiclass-classification':
      return prepareMulticlass(scoreClasses(target, outputs, classes.length));
    case 'regression':
      checkValues(target, outputs);
      return prepareRegression(target, outputs);
    case 'anomaly-detection':
      scoreRows(target, outputs, thresholdOf(rows));
      return prepareAnomaly(target, outputs);
  }
}

/** Rows of each class; in regression all rows are one stratum. */
function strataOf({ task, classes, target }: JudgedRows): Uint32Array[] {
  if (task === 'regression') return [Uint32Array.from({ length: target.length }, (_, i) => i)];
  const counts = new Uint32Array(classes.length);
  for (let i = 0; i < target.length; i++) counts[target[i]!]!++;
  const members = Array.from(counts, (count) => new Uint32Array(count));
  const filled = new Uint32Array(classes.length);
  for (let i = 0; i < target.length; i++) members[target[i]!]![filled[target[i]!]!++] = i;
  return members.filter((rows) => rows.length > 0);
}

function countReplicates(rows: number, replicates: number | undefined): number {
  if (replicates === undefined) return Math.max(200, Math.min(1000, Math.floor(5e7 / rows)));
  if (Number.isInteger(replicates) && replicates >= 100) return replicates;
  throw new LearningError('invalid-argument', `replicates must be an integer of at least 100, got ${replicates}.`);
}

/**
 * Confidence intervals of the headline metrics by a seeded bootstrap, stratified by class (each resample has as many rows of each
 * class as there are), so that they tell the spread of a metric at this mix of classes. Sample weights are kept by the rows drawn.
 *
 * @throws LearningError as `evaluate`; `invalid-argument`, `training-cancelled`
 */
export function bootstrapMetrics(rows: JudgedRows, settings: BootstrapSettings): MetricInterval[] {
  const { seed, level = 0.95, hooks = {} } = settings;
  if (!(level > 0 && level < 1)) throw new LearningError('invalid-argument', `level must be in (0, 1), got ${level}.`);
  const { weights = null } = rows;
  const count = rows.target.length;
  const measure = prepareHeadline(rows);
  checkWeights(count, weights);
  const replicates = countReplicates(count, settings.replicates);
  const product = new Float64Array(count);
  let drawn = 0;
  const measureDraws = (draws: Uint32Array): (number | null)[] => {
    checkpoint(hooks, Math.min(1, drawn++ / replicates));
    if (weights === null) return measure(draws);
    for (let i = 0; i < count; i++) product[i] = draws[i]! * weights[i]!;
    return measure(product);
  };
  const random = createRandom(deriveSeed(seed, 'bootstrap'));
  const intervals = bootstrapIntervals(count, measureDraws, {
    replicates,
    level,
    rng: () => random.nextFloat(),
    strata: strataOf(rows),
  });
  const values = measure(weights);
  return HEADLINE_METRICS[rows.task].map((metric, i) => ({
    metric,
    value: values[i]!,
    interval: intervals[i] ?? null,
  }));
}
