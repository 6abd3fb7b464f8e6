import { type Answers, type AnswerTask, type LabelledAnswers, toBinaryLabels } from '@gimbal/domain';

/** Answers of a model to rows that it did not learn from. */
export interface UnseenAnswers {
  readonly task: AnswerTask;
  readonly classes: readonly string[];
  /** Row-major, rows x outputs. */
  readonly outputs: ArrayLike<number>;
  /** Binary, anomaly: yes from here on. Texts: the least probability that is answered. Null where nothing is decided by one. */
  readonly threshold: number | null;
}

/** Index of the most probable class of each row, the first of equals; -1 below the threshold. */
function decideClasses({ classes, outputs, threshold }: UnseenAnswers) {
  const width = classes.length;
  const rows = outputs.length / width;
  const answered = new Int32Array(rows);
  const confidences = new Float32Array(rows);
  for (let row = 0; row < rows; row++) {
    let best = 0;
    for (let k = 1; k < width; k++) if ((outputs[row * width + k] ?? 0) > (outputs[row * width + best] ?? 0)) best = k;
    const confidence = Math.fround(outputs[row * width + best] ?? Number.NaN);
    confidences[row] = confidence;
    answered[row] = confidence >= Math.fround(threshold ?? 0) ? best : -1;
  }
  return { answered, confidences };
}

/** As the domain profiles answers: in float32, as a served model tells them. */
export function describeAnswers(unseen: UnseenAnswers): Answers {
  const { task, classes, outputs, threshold } = unseen;
  switch (task) {
    case 'regression':
      return { task, values: Float32Array.from(outputs) };
    case 'multiclass-classification':
    case 'text-classification':
      return { task, classes, ...decideClasses(unseen) };
    default:
      return { task, probabilities: Float32Array.from(outputs), threshold: Math.fround(threshold ?? Number.NaN) };
  }
}

/** The same with the truth: the index of the class, the value, 1 or 0. */
export function describeLabelled(unseen: UnseenAnswers, target: ArrayLike<number>): LabelledAnswers {
  const { task, classes, outputs, threshold } = unseen;
  switch (task) {
    case 'regression':
      return { task, values: Float32Array.from(outputs), labels: target };
    case 'multiclass-classification':
    case 'text-classification': {
      const { answered } = decideClasses(unseen);
      return { task, classes, probabilities: Float32Array.from(outputs), labels: target, answered };
    }
    default:
      return {
        task,
        probabilities: Float32Array.from(outputs),
        labels: toBinaryLabels(target),
        threshold: Math.fround(threshold ?? Number.NaN),
      };
  }
}
