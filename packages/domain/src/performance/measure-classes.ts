import { computeMoments } from '../statistics/moments.js';
import { averageClasses, type ClassCounts, countClasses, tabulateClasses } from './class-table.js';
import { ABSTAINED, type LabelledClasses } from './labelled-answers.js';
import { isProbability } from './scored-rows.js';
import { type MeasuredMetric, type TaskMeasurement, WITHOUT_DECISIONS } from './task-measurement.js';

/** Valid rows of many classes. `called` is what was answered, or, where the model abstained, its most probable class. */
interface JudgedClasses {
  readonly labels: Int32Array;
  readonly called: Int32Array;
  readonly abstained: Uint8Array;
  readonly brier: Float64Array;
  readonly log: Float64Array;
  readonly classCount: number;
}

/**
 * Probabilities of many classes, judged by the Brier score summed over classes (Brier 1950), in [0, 2]. Accuracy, recall and F1 go by the most
 * probable class of every row, abstained from or not; `answered_accuracy` by what was answered.
 */
export function measureClasses(window: LabelledClasses): TaskMeasurement {
  const judged = judgeClasses(window);
  const rows = judged.labels.length;
  const counts = countClasses(judged);
  const metrics = rows === 0 ? [] : metricsOf(judged, window.task);
  const brier = computeMoments(judged.brier);
  return {
    ...WITHOUT_DECISIONS,
    rows,
    invalid: window.labels.length - rows,
    metrics,
    losses:
      rows === 0
        ? []
        : [
            { loss: 'brier', ...brier },
            { loss: 'log_loss', ...computeMoments(judged.log) },
          ],
    skill: { metric: 'brier_skill', value: rows === 0 ? null : skillOf(brier.mean, counts, rows) },
    prepareResamples: () => (draws) => {
      const drawn = countClasses(judged, draws);
      const values = metricsOf(judged, window.task, draws).map(({ value }) => value);
      return [...values, skillOf(weightedMean(judged.brier, draws), drawn, rows)];
    },
    shortage: null,
    classes: rows === 0 ? null : tabulateClasses(judged, window.classes),
  };
}

/** Keeps the rows whose probabilities and label are such, and computes what each loses. */
function judgeClasses({ classes, probabilities, labels, answered }: LabelledClasses): JudgedClasses {
  const classCount = classes.length;
  const kept: number[] = [];
  for (let i = 0; i < labels.length; i++)
    if (
      isRow(probabilities, i, classCount) &&
      Number.isInteger(labels[i]) &&
      labels[i]! >= 0 &&
      labels[i]! < classCount
    )
      kept.push(i);
  const judged = {
    labels: Int32Array.from(kept, (i) => labels[i]!),
    called: Int32Array.from(kept, (i) => {
      const said = answered?.[i] ?? ABSTAINED;
      return said === ABSTAINED ? mostProbable(probabilities, i, classCount) : said;
    }),
    abstained: Uint8Array.from(kept, (i) => (answered?.[i] === ABSTAINED ? 1 : 0)),
    classCount,
  };
  const brier = new Float64Array(kept.length);
  const log = new Float64Array(kept.length);
  kept.forEach((i, at) => {
    for (let k = 0; k < classCount; k++)
      brier[at]! += (probabilities[i * classCount + k]! - (labels[i] === k ? 1 : 0)) ** 2;
    log[at] = -Math.log(Math.max(probabilities[i * classCount + labels[i]!]!, 1e-15)); // as in the binary loss
  });
  return { ...judged, brier, log };
}

function isRow(probabilities: ArrayLike<number>, row: number, classCount: number): boolean {
  for (let k = 0; k < classCount; k++) if (!isProbability(probabilities[row * classCount + k]!)) return false;
  return true;
}

function mostProbable(probabilities: ArrayLike<number>, row: number, classCount: number): number {
  let best = 0;
  for (let k = 1; k < classCount; k++)
    if (probabilities[row * classCount + k]! > probabilities[row * classCount + best]!) best = k;
  return best;
}

function weightedMean(losses: Float64Array, weights?: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < losses.length; i++) sum += losses[i]! * (weights ? weights[i]! : 1);
  return sum / losses.length;
}

function metricsOf(
  judged: JudgedClasses,
  task: LabelledClasses['task'],
  weights?: ArrayLike<number>,
): MeasuredMetric[] {
  const counts = countClasses(judged, weights);
  const hits = counts.hits.reduce((sum, count) => sum + count, 0);
  const { macroF1, balancedAccuracy } = averageClasses(counts);
  return [
    { metric: 'accuracy', value: hits / judged.labels.length, direction: 'higher-is-better' },
    { metric: 'macro_f1', value: macroF1, direction: 'higher-is-better' },
    { metric: 'balanced_accuracy', value: balancedAccuracy, direction: 'higher-is-better' },
    ...(task === 'text-classification'
      ? [
          {
            metric: 'answered_accuracy',
            value: answeredAccuracy(judged, weights),
            direction: 'higher-is-better',
          } as const,
        ]
      : []),
    { metric: 'log_loss', value: weightedMean(judged.log, weights), direction: 'lower-is-better' },
    { metric: 'brier', value: weightedMean(judged.brier, weights), direction: 'lower-is-better' },
  ];
}

/** Null when nothing was answered. */
function answeredAccuracy({ labels, called, abstained }: JudgedClasses, weights?: ArrayLike<number>): number | null {
  let [answered, right] = [0, 0];
  for (let i = 0; i < labels.length; i++) {
    if (abstained[i] === 1) continue;
    const weight = weights ? weights[i]! : 1;
    answered += weight;
    if (labels[i] === called[i]) right += weight;
  }
  return answered > 0 ? right / answered : null;
}

/** Against always answering the shares of the classes in these rows, whose Brier score is 1 - the sum of their squares. Null with one class only. */
function skillOf(brier: number, { support }: ClassCounts, rows: number): number | null {
  const constant = 1 - support.reduce((sum, count) => sum + (count / rows) ** 2, 0);
  return constant > 1e-12 ? 1 - brier / constant : null;
}
