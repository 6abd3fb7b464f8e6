import { classesOf } from '../../predict/decide-answers.js';
import type { Inferred } from '../../predict/predict.service.js';
import type { ServedVersion } from '../../traffic/served-models.js';
import { isObject, refuse } from '../refuse.js';

/** What one prediction is, in the words of scikit-learn: the answer itself, or the probability of every class. */
export type PredictionMethod = 'predict' | 'predict_proba';

const METHODS: readonly unknown[] = ['predict', 'predict_proba'] satisfies readonly PredictionMethod[];
const isMethod = (value: unknown): value is PredictionMethod => METHODS.includes(value);

/** The parameters of a request; `predict_method` is the only one there is. */
export function readMethod(parameters: unknown, path: string): PredictionMethod {
  if (parameters === undefined || parameters === null) return 'predict';
  if (!isObject(parameters)) return refuse(path, 'must be an object');
  const { predict_method: method = 'predict', ...others } = parameters;
  const [other] = Object.keys(others);
  if (other !== undefined) refuse(`${path}.${other.slice(0, 100)}`, 'is not known; predict_method is');
  return isMethod(method) ? method : refuse(`${path}.predict_method`, `must be one of ${METHODS.join(', ')}`);
}

/** @throws InvalidInputError when the model has no such answer */
export function checkMethod(method: PredictionMethod, { planned }: ServedVersion, path: string): void {
  if (method === 'predict_proba' && planned.signature.task === 'regression')
    refuse(`${path}.predict_method`, 'cannot be predict_proba: a regression has no classes');
}

/**
 * One prediction for each row. `predict`: the name of the class, null when the model abstains; 0 or 1; the value. `predict_proba`: the
 * probability of each class; of an anomaly [1 - score, score].
 */
export function showPredictions({ decisions, version, read }: Inferred, method: PredictionMethod): unknown[] {
  const { predictions, probabilities } = decisions;
  const { classes } = version.planned.signature;
  return Array.from({ length: read.count }, (_, row) => {
    const prediction = predictions[row] ?? Number.NaN;
    if (method === 'predict') return decisions.classes ? (classes?.[prediction] ?? null) : prediction;
    if (decisions.classes) return Array.from(classesOf(decisions, row));
    const positive = probabilities[row] ?? Number.NaN;
    return [1 - positive, positive];
  });
}
