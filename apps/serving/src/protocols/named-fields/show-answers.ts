import { messageOf } from '@gimbal/contracts';
import { classesOf } from '../../predict/decide-answers.js';
import type { Inferred } from '../../predict/predict.service.js';
import { followPredictionId } from '../../predict/prediction-id.js';
import type { ServedVersion } from '../../traffic/served-models.js';
import type { NamedFieldsRoute } from './read-question.js';

/** A row with many classes names only its most probable ones. */
const CLASSES_SHOWN_MAX = 20;
const ALTERNATIVES_MAX = 5;

interface ClassShare {
  readonly name: string;
  readonly probability: number;
}

const nameOf = ({ planned }: ServedVersion, index: number): string | null => planned.signature.classes?.[index] ?? null;

/** Most probable first. */
function rankClasses({ decisions, version }: Inferred, row: number): ClassShare[] {
  return Array.from(classesOf(decisions, row), (probability, index) => ({
    name: nameOf(version, index) ?? '',
    probability,
  })).sort((left, right) => right.probability - left.probability);
}

function commonFields({ logged, version, receipts }: Inferred, row: number) {
  return {
    model_name: version.definition.modelName,
    model_version: version.definition.modelVersion,
    latency_ms: logged.latencyMs,
    ...(receipts && { receipt: receipts[row] }),
  };
}

/** None when the version answered that should have. */
const failoversOf = ({ version, insteadOf }: Inferred) =>
  (insteadOf === null ? [] : [insteadOf.planned.version]).map((absent) => ({
    field: 'model_version',
    code: 'failover',
    message: `version ${absent} is out of service for a while; version ${version.planned.version} answered`,
  }));

function warningsOf(inferred: Inferred, row: number) {
  const { logged, version } = inferred;
  const ofValues = (logged.warnings[row] ?? []).map(({ input, code }) => {
    const { name, missing, outside } = version.definition.inputs[input] ?? { name: '', missing: '', outside: '' };
    return { field: name, code, message: messageOf(code, { name, missing, outside }) };
  });
  return inferred.insteadOf === null ? ofValues : [...ofValues, ...failoversOf(inferred)];
}

/** What was said of a row. */
const sayingOf = ({ logged }: Inferred, row: number) => ({
  prediction_id: followPredictionId(logged.firstId, row),
  prediction: logged.predictions[row] ?? Number.NaN,
  probability: logged.probabilities[row] ?? Number.NaN,
});

/** What `Prediction` and `ModelPrediction` have between the id and the model, by task; tests hold the forms together. */
function answerFields(inferred: Inferred, row: number): object {
  const { version } = inferred;
  const { prediction_id, prediction, probability } = sayingOf(inferred, row);
  const { threshold } = version.definition;
  const { task } = version.planned.signature;
  switch (task) {
    case 'binary-classification':
      return { prediction_id, prediction, probability, threshold };
    case 'anomaly-detection':
      return { prediction_id, prediction, score: probability, threshold };
    case 'regression':
      return { prediction_id, prediction };
    default: {
      const shown = rankClasses(inferred, row).slice(0, CLASSES_SHOWN_MAX);
      return {
        prediction_id,
        prediction: nameOf(version, prediction),
        probability,
        probabilities: Object.fromEntries(shown.map(({ name, probability: share }) => [name, share])),
        ...(task === 'text-classification' && { threshold }),
      };
    }
  }
}

function showPrediction(inferred: Inferred, row: number): object {
  return { ...answerFields(inferred, row), ...commonFields(inferred, row), warnings: warningsOf(inferred, row) };
}

function showIntent(inferred: Inferred): object {
  const { prediction_id, prediction, probability } = sayingOf(inferred, 0);
  const intent = nameOf(inferred.version, prediction);
  const others = rankClasses(inferred, 0)
    .filter(({ name }) => name !== intent)
    .slice(0, ALTERNATIVES_MAX);
  return {
    prediction_id,
    intent,
    confidence: probability,
    alternatives: others.map(({ name, probability: confidence }) => ({ intent: name, confidence })),
    ...commonFields(inferred, 0),
    ...(inferred.insteadOf && { warnings: failoversOf(inferred) }),
  };
}

function showAnomaly(inferred: Inferred): object {
  const { prediction_id, prediction, probability } = sayingOf(inferred, 0);
  return {
    prediction_id,
    is_anomaly: prediction === 1,
    score: probability,
    threshold: inferred.version.definition.threshold,
    ...commonFields(inferred, 0),
    warnings: warningsOf(inferred, 0),
  };
}

/** The body of an answer, in the form of the route that was asked. */
export function showAnswers(route: NamedFieldsRoute, inferred: Inferred): object {
  if (route === 'predictModel' || route === 'predictModelStream')
    return { results: Array.from({ length: inferred.read.count }, (_, row) => showPrediction(inferred, row)) };
  if (route === 'predictIntent') return showIntent(inferred);
  return route === 'predictAnomaly' ? showAnomaly(inferred) : showPrediction(inferred, 0);
}
