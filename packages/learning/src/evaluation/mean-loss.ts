import { rowLosses } from '@gimbal/domain';
import type { Dataset } from '../dataset/dataset.js';
import { prepareAnomaly } from './evaluate-anomaly.js';
import { scoreRows } from './evaluate-binary.js';
import { classLosses, scoreClasses } from './evaluate-multiclass.js';
import { checkValues, prepareRegression } from './evaluate-regression.js';
import { type RowWeights, weightedMean } from './weighted-rows.js';

/** The loss that each task is judged by when a single one is needed; lower is better. */
export const TASK_LOSSES = {
  /** Mean negative log likelihood in nats. */
  'binary-classification': 'log loss',
  'multiclass-classification': 'log loss',
  /** Root of the mean squared error, in the unit of the target. */
  regression: 'RMSE',
  /** 1 - ROC-AUC: the chance that an anomaly has a lower score than another row. */
  'anomaly-detection': 'ranking loss',
} as const;

/**
 * Checks the answers once; the function returned measures the task's loss under any weights, null where they do not define it (anomalies
 * without labels).
 *
 * @param outputs as `predict` gives them
 * @throws LearningError `invalid-score`
 */
export function prepareLoss(
  { task, classes }: Pick<Dataset, 'task' | 'classes'>,
  target: ArrayLike<number>,
  outputs: ArrayLike<number>,
): (weights: RowWeights) => number | null {
  switch (task) {
    case 'binary-classification': {
      const { log } = rowLosses(scoreRows(target, outputs, 0.5));
      return (weights) => weightedMean(log, weights);
    }
    case 'multiclass-classification': {
      const { log } = classLosses(scoreClasses(target, outputs, classes.length));
      return (weights) => weightedMean(log, weights);
    }
    case 'regression': {
      checkValues(target, outputs);
      const measure = prepareRegression(target, outputs);
      return (weights) => measure(weights).rmse;
    }
    case 'anomaly-detection': {
      scoreRows(target, outputs, 0.5);
      const measure = prepareAnomaly(target, outputs);
      return (weights) => {
        const { rocAuc } = measure(weights);
        return rocAuc === null ? null : 1 - rocAuc;
      };
    }
  }
}
