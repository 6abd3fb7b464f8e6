import type { Answers, LabelledAnswers } from '@gimbal/domain';
import type { JudgedVersion } from '../references/judged-version.js';

/** One answered row of a window, as the prediction log has it. */
export interface WindowRow {
  readonly features: Readonly<Record<string, unknown>>;
  /** 0 or 1, the index of the class (-1: abstained), or the value. */
  readonly prediction: number;
  /** Binary: of the positive class; classes: of the most probable one; anomaly: the score; null in regression. */
  readonly probability: number | null;
}

/** One answered row whose outcome is known. */
export interface LabelledRow extends Omit<WindowRow, 'features'> {
  /** 1 or 0, the index of the class, or the value. */
  readonly actual: number;
  /** Of every class; empty where the answer is no class, or where it was not logged. */
  readonly classProbabilities: readonly number[];
}

type Framed = Pick<JudgedVersion, 'task' | 'classes'>;

const numberOf = ({ probability }: Pick<WindowRow, 'probability'>): number => probability ?? Number.NaN;

/** Rows as the answers of their version's task. */
export function describeAnswers({ task, classes }: Framed, rows: readonly WindowRow[], threshold: number): Answers {
  switch (task) {
    case 'regression':
      return { task, values: Float64Array.from(rows, ({ prediction }) => prediction) };
    case 'multiclass-classification':
    case 'text-classification':
      return {
        ...{ task, classes },
        answered: Int32Array.from(rows, ({ prediction }) => prediction),
        confidences: Float64Array.from(rows, numberOf),
      };
    default:
      return { task, probabilities: Float64Array.from(rows, numberOf), threshold };
  }
}

/** Rows with their outcomes, in the form of their version's task. A row without the probabilities of its classes is left to be counted as invalid. */
export function describeLabelled(
  { task, classes }: Framed,
  rows: readonly LabelledRow[],
  threshold: number,
): LabelledAnswers {
  const labels = rows.map(({ actual }) => actual);
  switch (task) {
    case 'regression':
      return { task, values: Float64Array.from(rows, ({ prediction }) => prediction), labels };
    case 'multiclass-classification':
    case 'text-classification': {
      const probabilities = new Float32Array(rows.length * classes.length).fill(Number.NaN);
      rows.forEach(({ classProbabilities }, i) => {
        if (classProbabilities.length === classes.length) probabilities.set(classProbabilities, i * classes.length);
      });
      return { task, classes, probabilities, labels, answered: Int32Array.from(rows, ({ prediction }) => prediction) };
    }
    default:
      return {
        ...{ task, threshold },
        probabilities: Float64Array.from(rows, numberOf),
        labels: labels.map((actual) => (actual > 0 ? 1 : 0)),
      };
  }
}
