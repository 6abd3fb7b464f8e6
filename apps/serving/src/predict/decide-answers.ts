import type { ModelSignature } from '@gimbal/contracts';

/** What a model says of one row. */
export interface Decision {
  /** 0 or 1, the index of the class (-1: abstained), or the value. */
  readonly prediction: number;
  /** Binary: of the positive class; classes: of the most probable one; anomaly: the score. NaN in regression. */
  readonly probability: number;
  /** How sure the model is of its answer, in [0, 1]; null where it does not say. */
  readonly confidence: number | null;
  /** The probability of every class; null where there are none. */
  readonly classes: Float32Array | null;
}

function indexOfLargest(values: Float32Array): number {
  let best = 0;
  for (let index = 1; index < values.length; index++) if ((values[index] ?? 0) > (values[best] ?? 0)) best = index;
  return best; // the first of equals, as the graph's ArgMax
}

function decideClass(classes: Float32Array, threshold: number, graph: 'answers' | 'abstains'): Decision {
  const best = indexOfLargest(classes);
  const probability = classes[best] ?? 0;
  const isSure = graph === 'answers' && probability >= threshold;
  return { prediction: isSure ? best : -1, probability, confidence: probability, classes };
}

/** @param own the numbers of the row */
function decideRow(task: ModelSignature['task'], own: Float32Array, threshold: number): Decision {
  const value = own[0] ?? Number.NaN;
  switch (task) {
    case 'binary-classification': {
      const prediction = value >= threshold ? 1 : 0;
      return { prediction, probability: value, confidence: Math.max(value, 1 - value), classes: null };
    }
    case 'anomaly-detection':
      return { prediction: value >= threshold ? 1 : 0, probability: value, confidence: null, classes: null };
    case 'regression':
      return { prediction: value, probability: Number.NaN, confidence: null, classes: null };
    case 'multiclass-classification':
      return decideClass(own, threshold, 'answers');
    case 'text-classification':
      return decideClass(own.subarray(0, -1), threshold, own.at(-1) === 1 ? 'answers' : 'abstains');
  }
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
): readonly Decision[] {
  const width = answers.length / rows;
  return Array.from({ length: rows }, (_, row) =>
    decideRow(task, answers.subarray(row * width, (row + 1) * width), threshold),
  );
}

/** Whether two versions say the same of a row; values agree when they differ by rounding only. */
export function agrees({ task }: ModelSignature, one: Decision, other: Decision): boolean {
  if (task !== 'regression') return one.prediction === other.prediction;
  return Math.abs(one.prediction - other.prediction) <= 1e-6 * Math.max(1, Math.abs(one.prediction));
}
