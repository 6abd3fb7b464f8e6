import type { Explanations, SignatureInput } from '@gimbal/contracts';
import { classesOf, type Decisions } from '../predict/decide-answers.js';
import type { ReadRows } from '../predict/row-reader.js';
import type { ServedVersion } from '../traffic/served-models.js';
import type { ExplainedRows } from './explain-thread.js';

/** Rows that were answered and explained. */
export interface ExplainedAnswers {
  readonly version: ServedVersion;
  readonly read: ReadRows;
  readonly decisions: Decisions;
  /** For each row the explained output. */
  readonly classes: readonly number[];
  readonly explained: ExplainedRows;
  /** Contributions to show; undefined: all. */
  readonly top: number | undefined;
}

type Result = Explanations['results'][number];
type Value = Result['contributions'][number]['value'];

/** A field as it was sent: the text of a category, a number, null when missing. */
function fieldOf(input: SignatureInput, { values, texts, count }: ReadRows, row: number, position: number): Value {
  const value = values[row * (values.length / count) + position] ?? Number.NaN;
  if (!Number.isNaN(value)) return input.categories?.[value] ?? value;
  return texts[row]?.find((text) => text.input === position)?.text ?? null;
}

function answerOf(
  { version, decisions, classes }: ExplainedAnswers,
  row: number,
): Omit<Result, 'baseValue' | 'contributions' | 'rest' | 'sum'> {
  const { task, classes: names = [] } = version.planned.signature;
  const explained = classes[row] ?? 0;
  const prediction = decisions.predictions[row] ?? Number.NaN;
  const probability = decisions.probabilities[row] ?? Number.NaN;
  switch (task) {
    case 'binary-classification':
      return { prediction, probability };
    case 'anomaly-detection':
      return { prediction, score: probability };
    case 'regression':
      return { prediction };
    default:
      return {
        prediction: names[prediction] ?? null,
        probability: classesOf(decisions, row)[explained],
        explainedClass: names[explained],
      };
  }
}

/** Puts explained rows into the form of the wire. */
export function showExplanations(answers: ExplainedAnswers): Explanations {
  const { version, read, explained, top } = answers;
  const { inputs } = version.planned.signature;
  const results = Array.from({ length: read.count }, (_, row): Result => {
    const own = explained.contributions.subarray(row * inputs.length, (row + 1) * inputs.length);
    const ranked = inputs
      .map((input, position) => ({
        feature: input.name,
        value: fieldOf(input, read, row, position),
        contribution: own[position] ?? 0,
      }))
      .sort((left, right) => Math.abs(right.contribution) - Math.abs(left.contribution));
    const shown = ranked.slice(0, top);
    const rest = ranked.slice(shown.length).reduce((sum, { contribution }) => sum + contribution, 0);
    const baseValue = explained.baseValues[row] ?? Number.NaN;
    const sum = own.reduce((total, contribution) => total + contribution, baseValue);
    return { ...answerOf(answers, row), baseValue, contributions: shown, rest, sum };
  });
  return {
    modelName: version.modelName,
    modelVersion: version.planned.version,
    output: explained.output,
    calibrationIncluded: explained.calibrationIncluded,
    results,
  };
}
