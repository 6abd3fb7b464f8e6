import type { Decision } from '../../predict/decide-answers.js';
import type { LoggedRow } from '../../prediction-log/spool-record.js';
import { messageOf } from '../../prediction-log/to-job-rows.js';
import type { ServedVersion } from '../../traffic/served-models.js';
import type { NamedFieldsRoute } from './read-question.js';

/** An answered row, as it was logged and as it was decided. */
export interface AnsweredRow {
  readonly row: LoggedRow;
  readonly decision: Decision;
}

/** A row with many classes names only its most probable ones. */
const CLASSES_SHOWN_MAX = 20;
const ALTERNATIVES_MAX = 5;

interface ClassShare {
  readonly name: string;
  readonly probability: number;
}

const nameOf = ({ planned }: ServedVersion, index: number): string | null => planned.signature.classes?.[index] ?? null;

/** Most probable first. */
function rankClasses({ classes }: Decision, version: ServedVersion): ClassShare[] {
  return Array.from(classes ?? [], (probability, index) => ({ name: nameOf(version, index) ?? '', probability })).sort(
    (left, right) => right.probability - left.probability,
  );
}

function commonFields(row: LoggedRow, { definition }: ServedVersion) {
  return {
    model_name: definition.modelName,
    model_version: definition.modelVersion,
    latency_ms: row.latencyMs,
  };
}

const warningsOf = ({ warnings }: LoggedRow, { definition }: ServedVersion) =>
  warnings.map(({ input, code }) => {
    const { name, missing, outside } = definition.inputs[input] ?? { name: '', missing: '', outside: '' };
    return { field: name, code, message: messageOf(code, { name, missing, outside }) };
  });

/** What `Prediction` and `ModelPrediction` have between the id and the model, by task; tests hold the forms together. */
function answerFields({ row, decision }: AnsweredRow, version: ServedVersion): object {
  const { threshold } = version.definition;
  const { task } = version.planned.signature;
  switch (task) {
    case 'binary-classification':
      return { prediction: row.prediction, probability: row.probability, threshold };
    case 'anomaly-detection':
      return { prediction: row.prediction, score: row.probability, threshold };
    case 'regression':
      return { prediction: row.prediction };
    default: {
      const shown = rankClasses(decision, version).slice(0, CLASSES_SHOWN_MAX);
      return {
        prediction: nameOf(version, row.prediction),
        probability: row.probability,
        probabilities: Object.fromEntries(shown.map(({ name, probability }) => [name, probability])),
        ...(task === 'text-classification' && { threshold }),
      };
    }
  }
}

function showPrediction(answered: AnsweredRow, version: ServedVersion): object {
  const { row } = answered;
  return {
    prediction_id: row.id,
    ...answerFields(answered, version),
    ...commonFields(row, version),
    warnings: warningsOf(row, version),
  };
}

function showIntent({ row, decision }: AnsweredRow, version: ServedVersion): object {
  const ranked = rankClasses(decision, version);
  const intent = nameOf(version, row.prediction);
  const others = ranked.filter(({ name }) => name !== intent).slice(0, ALTERNATIVES_MAX);
  return {
    prediction_id: row.id,
    intent,
    confidence: row.probability,
    alternatives: others.map(({ name, probability }) => ({ intent: name, confidence: probability })),
    ...commonFields(row, version),
  };
}

function showAnomaly({ row }: AnsweredRow, version: ServedVersion): object {
  return {
    prediction_id: row.id,
    is_anomaly: row.prediction === 1,
    score: row.probability,
    threshold: version.definition.threshold,
    ...commonFields(row, version),
    warnings: warningsOf(row, version),
  };
}

/** The body of an answer, in the form of the route that was asked. */
export function showAnswers(
  route: NamedFieldsRoute,
  answered: readonly AnsweredRow[],
  version: ServedVersion,
): object | undefined {
  if (route === 'predictModel') return { results: answered.map((one) => showPrediction(one, version)) };
  const [only] = answered;
  if (!only) return undefined;
  if (route === 'predictIntent') return showIntent(only, version);
  return route === 'predictAnomaly' ? showAnomaly(only, version) : showPrediction(only, version);
}
