import { bootstrapIntervals, type Interval } from '@gimbal/domain';
import type { FeatureTable } from '../dataset/dataset.js';
import { LearningError } from '../learning-error.js';
import { createRandom, deriveSeed } from '../random/random.js';
import { checkpoint, type TrainingHooks } from '../training-hooks.js';
import { HEADLINE_METRICS, prepareHeadline } from './bootstrap-metrics.js';
import type { JudgedRows } from './evaluate.js';
import { prepareLoss, TASK_LOSSES } from './mean-loss.js';
import { type SliceRows, sliceRows } from './slice-rows.js';
import { checkWeights, type RowWeights } from './weighted-rows.js';

/** Rows that have something in common, judged by themselves. */
export interface SliceEvaluation {
  readonly feature: string;
  /** A category, a band of values, or `missing`. */
  readonly label: string;
  readonly rows: number;
  /** The task's loss on these rows, with its bootstrap interval. */
  readonly loss: number;
  readonly interval: Interval;
  /** Loss here less that of all rows; above 0 is worse. */
  readonly difference: number;
  /** Whether even the lower end of the interval is above the loss of all rows. */
  readonly isWorse: boolean;
  /** Headline metrics of the task on these rows; null where they are not defined (an ROC-AUC with one class). */
  readonly metrics: Readonly<Record<string, number | null>>;
}

/** How a model does on parts of the data. */
export interface SliceReport {
  readonly lossName: (typeof TASK_LOSSES)[keyof typeof TASK_LOSSES];
  /** On all rows judged; null without labels, and then there are no slices. */
  readonly loss: number | null;
  /** Worst first. */
  readonly slices: readonly SliceEvaluation[];
  /** Slices with too few rows to be judged. */
  readonly leftOut: number;
}

/** What to slice. */
export interface SliceRequest extends JudgedRows {
  readonly table: FeatureTable;
  /** Row of the table for each judged row. */
  readonly rows: Int32Array;
  /** Names; all features by default. */
  readonly features?: readonly string[];
  /** Integer; seeds the intervals. */
  readonly seed: number;
  /** Fewest rows of a slice, integer >= 2; default 30. */
  readonly rowsMin?: number;
  /** Bands of a numeric column, integer in [2, 20]; default 4. */
  readonly bands?: number;
  /** Slices told, the worst ones; default 50. */
  readonly slicesMax?: number;
  readonly hooks?: TrainingHooks;
}

/** Intervals of slices rank and warn, they are not headline figures: fewer resamples do. */
const REPLICATES = 200;
const LEVEL = 0.95;

function takeRows(request: SliceRequest, { positions }: SliceRows): JudgedRows {
  const { target, outputs, weights = null } = request;
  const width = outputs.length / target.length;
  const part = new Float64Array(positions.length * width);
  positions.forEach((at, i) => {
    for (let k = 0; k < width; k++) part[i * width + k] = outputs[at * width + k]!;
  });
  return {
    ...request,
    target: Float64Array.from(positions, (at) => target[at]!),
    outputs: part,
    weights: weights === null ? null : Float64Array.from(positions, (at) => weights[at]!),
  };
}

function judgeSlice(request: SliceRequest, slice: SliceRows, overall: number): SliceEvaluation | null {
  const part = takeRows(request, slice);
  const { target, outputs, weights = null } = part;
  const measure = prepareLoss(part, target, outputs);
  const loss = measure(weights);
  if (loss === null || !Number.isFinite(loss)) return null;
  const random = createRandom(deriveSeed(request.seed, 'slice', slice.feature, slice.label));
  const weigh = (draws: Uint32Array): RowWeights =>
    weights === null ? draws : Float64Array.from(draws, (drawn, i) => drawn * weights[i]!);
  const [interval] = bootstrapIntervals(target.length, (draws) => [measure(weigh(draws))], {
    replicates: REPLICATES,
    level: LEVEL,
    rng: () => random.nextFloat(),
  });
  if (interval == null) return null;
  const values = prepareHeadline(part)(weights);
  return {
    feature: slice.feature,
    label: slice.label,
    rows: target.length,
    loss,
    interval,
    difference: loss - overall,
    isWorse: interval.lower > overall,
    metrics: Object.fromEntries(HEADLINE_METRICS[request.task].map((metric, i) => [metric, values[i]!])),
  };
}

function checkRequest({ table, rows, target, features, rowsMin = 30, bands = 4 }: SliceRequest): void {
  if (rows.length !== target.length) {
    throw new LearningError('invalid-argument', `${rows.length} rows for ${target.length} targets.`);
  }
  if (!Number.isInteger(rowsMin) || rowsMin < 2) {
    throw new LearningError('invalid-argument', `rowsMin must be an integer of at least 2, got ${rowsMin}.`);
  }
  if (!Number.isInteger(bands) || bands < 2 || bands > 20) {
    throw new LearningError('invalid-argument', `bands must be an integer in [2, 20], got ${bands}.`);
  }
  const unknown = features?.find((name) => table.features.every((feature) => feature.name !== name));
  if (unknown !== undefined) throw new LearningError('invalid-argument', `"${unknown}" is no feature.`);
}

/**
 * Judges a model on slices of the rows: each category, and bands of each numeric column by its quantiles. By the task's own loss, which a
 * slice of a single class has, too; it is not comparable where the mix of classes differs much, so read the metrics beside it.
 * Of many slices some look bad by chance: one in forty is called worse where none is.
 *
 * @throws LearningError `invalid-argument`, `invalid-score`, `training-cancelled`
 */
export function evaluateSlices(request: SliceRequest): SliceReport {
  checkRequest(request);
  const {
    table,
    rows,
    task,
    target,
    outputs,
    weights = null,
    features,
    rowsMin = 30,
    bands = 4,
    slicesMax = 50,
    hooks = {},
  } = request;
  checkWeights(target.length, weights);
  const lossName = TASK_LOSSES[task];
  const overall = prepareLoss(request, target, outputs)(weights);
  if (overall === null) return { lossName, loss: null, slices: [], leftOut: 0 };
  const chosen = table.features.flatMap(({ name }, j) =>
    features === undefined || features.includes(name) ? [j] : [],
  );
  const parts = chosen.flatMap((j) => sliceRows(table, j, rows, bands));
  const judged = parts
    .filter(({ positions }) => positions.length >= rowsMin && positions.length < rows.length)
    .map((slice, i, all) => {
      checkpoint(hooks, i / all.length);
      return judgeSlice(request, slice, overall);
    })
    .filter((slice) => slice !== null)
    .sort((a, b) => b.loss - a.loss);
  const leftOut = parts.filter(({ positions }) => positions.length < rowsMin).length;
  return { lossName, loss: overall, slices: judged.slice(0, slicesMax), leftOut };
}
