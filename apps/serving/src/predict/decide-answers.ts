import type { ModelSignature } from '@gimbal/contracts';

type Task = ModelSignature['task'];

/** What a model says of rows; lists row by row. */
export interface Decisions {
  /** 0 or 1, the index of the class (-1: abstained), or the value. */
  readonly predictions: Float64Array;
  /** Binary: of the positive class; classes: of the most probable one; anomaly: the score. NaN in regression. */
  readonly probabilities: Float64Array;
  /** The probability of every class, equally many for each row; null where there are none. */
  readonly classes: Float32Array | null;
}

function indexOfLargest(values: Float32Array, from: number, until: number): number {
  let best = from;
  for (let index = from + 1; index < until; index++) if ((values[index] ?? 0) > (values[best] ?? 0)) best = index;
  return best - from; // the first of equals, as the graph's ArgMax
}

/** Behind the probabilities of a text stands 1, or 0 where the graph abstains. */
function takeClasses(answers: Float32Array, width: number): Float32Array {
  return answers.filter((_, index) => index % width < width - 1);
}

function decideClasses(
  classes: Float32Array,
  rows: number,
  threshold: number,
  isAnswered: (row: number) => boolean,
): Decisions {
  const width = classes.length / rows;
  const predictions = new Float64Array(rows);
  const probabilities = new Float64Array(rows);
  for (let row = 0; row < rows; row++) {
    const best = indexOfLargest(classes, row * width, (row + 1) * width);
    const probability = classes[row * width + best] ?? 0;
    probabilities[row] = probability;
    predictions[row] = isAnswered(row) && probability >= threshold ? best : -1;
  }
  return { predictions, probabilities, classes };
}

/**
 * Turns the numbers of a graph into decisions, by the version's task and its threshold in force.
 *
 * @param answers row by row, as the scorer gave them
 * @param threshold float32, as the graph itself compares. Binary and anomaly: 1 from here on. Classes: the least probability at which the
 *   most probable class is answered; a text that the graph itself abstains from is not answered at any threshold
 */
export function decideAnswers(
  { task }: ModelSignature,
  { answers, rows, threshold }: { readonly answers: Float32Array; readonly rows: number; readonly threshold: number },
): Decisions {
  switch (task) {
    case 'regression':
      return {
        predictions: Float64Array.from(answers),
        probabilities: new Float64Array(rows).fill(Number.NaN),
        classes: null,
      };
    case 'multiclass-classification':
      return decideClasses(answers, rows, threshold, () => true);
    case 'text-classification': {
      const width = answers.length / rows;
      const isAnswered = (row: number): boolean => answers[(row + 1) * width - 1] === 1;
      return decideClasses(takeClasses(answers, width), rows, threshold, isAnswered);
    }
    default: {
      const predictions = new Float64Array(rows);
      for (let row = 0; row < rows; row++) predictions[row] = (answers[row] ?? 0) >= threshold ? 1 : 0;
      return { predictions, probabilities: new Float64Array(answers), classes: null };
    }
  }
}

/** How sure a model is of an answer, in [0, 1]; null where its task does not say. @param probability as decided */
export function confidenceOf(task: Task, probability: number): number | null {
  if (task === 'binary-classification') return Math.max(probability, 1 - probability);
  return task === 'regression' || task === 'anomaly-detection' ? null : probability;
}

/** The probabilities of a row's classes; none where there are none. */
export function classesOf({ predictions, classes }: Decisions, row: number): Float32Array {
  if (!classes) return new Float32Array(0);
  const width = classes.length / predictions.length;
  return classes.subarray(row * width, (row + 1) * width);
}

/** What a version of this signature says of rows. */
interface Said {
  readonly signature: Pick<ModelSignature, 'task' | 'classes'>;
  readonly decisions: Decisions;
}

/** In how many rows two versions say the same: the same class, wherever each of them has it, or values that differ by rounding only. */
export function countAgreeing(one: Said, other: Said): number {
  const { task } = one.signature;
  const nameOf = ({ signature: { classes } }: Said, prediction: number): string | number =>
    classes?.[prediction] ?? prediction;
  const isClose = (value: number, otherValue: number): boolean =>
    Math.abs(value - otherValue) <= 1e-6 * Math.max(1, Math.abs(value));
  let agreeing = 0;
  one.decisions.predictions.forEach((prediction, row) => {
    const otherPrediction = other.decisions.predictions[row] ?? Number.NaN;
    const agrees =
      task === 'regression'
        ? isClose(prediction, otherPrediction)
        : nameOf(one, prediction) === nameOf(other, otherPrediction);
    if (agrees) agreeing += 1;
  });
  return agreeing;
}
