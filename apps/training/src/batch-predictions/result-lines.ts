import { BATCH_CLASSES_MAX, type ModelSignature, type PredictedBatchRows } from '@gimbal/contracts';
import type { RowBatch } from './row-batches.js';

/** Writes what was answered as the lines of a result: one for each row. */
export interface ResultLines {
  /** What stands before the first row. */
  readonly header: string;
  write(batch: RowBatch, answered: PredictedBatchRows): string;
}

/** Columns of every result; a column that is passed on may not be called so. */
const OWN_COLUMNS = ['row', 'prediction_id', 'prediction', 'probability', 'score', 'error'];

/** What of `include` can't be told from the columns of the result itself. */
export const takenNames = (include: readonly string[]): string[] =>
  include.filter((name) => OWN_COLUMNS.includes(name) || name.startsWith('probability_'));

/** What the numbers beside a prediction are called, by task. */
const NUMBER_NAMES: Readonly<Record<ModelSignature['task'], string | null>> = {
  'binary-classification': 'probability',
  'multiclass-classification': 'probability',
  'text-classification': 'probability',
  'anomaly-detection': 'score',
  regression: null,
};

interface Shape {
  readonly numberName: string | null;
  readonly classes: readonly string[];
  readonly include: readonly string[];
}

export function linesOf(
  format: 'csv' | 'ndjson',
  { task, classes = [] }: ModelSignature,
  include: readonly string[],
): ResultLines {
  const shape = {
    numberName: NUMBER_NAMES[task],
    classes: classes.length <= BATCH_CLASSES_MAX ? classes : [],
    include,
  };
  return format === 'csv' ? csvLines(shape) : jsonLines(shape);
}

function csvLines({ numberName, classes, include }: Shape): ResultLines {
  const names = [
    ...['row', 'prediction_id', 'prediction'],
    ...(numberName === null ? [] : [numberName]),
    ...classes.map((name) => `probability_${name}`),
    ...['error', ...include],
  ];
  return {
    header: `${names.map(quote).join(',')}\n`,
    write: ({ firstRow, rows, passed }, answered) => {
      const errors = errorsOf(answered);
      let lines = '';
      for (let i = 0; i < rows.length; i++) {
        lines += `${firstRow + i},${answered.predictionIds[i] ?? ''},${quote(String(answered.predictions[i] ?? ''))}`;
        if (numberName !== null) lines += `,${answered.probabilities[i] ?? ''}`;
        const shares = answered.classProbabilities[i];
        for (let j = 0; j < classes.length; j++) lines += `,${shares?.[j] ?? ''}`;
        lines += `,${quote(errors.get(i) ?? '')}`;
        for (const text of passed[i] ?? []) lines += `,${quote(text)}`;
        lines += '\n';
      }
      return lines;
    },
  };
}

function jsonLines({ numberName, classes, include }: Shape): ResultLines {
  return {
    header: '',
    write: ({ firstRow, rows, passed }, answered) => {
      const errors = errorsOf(answered);
      const lines = rows.map((_, i) => {
        const shares = answered.classProbabilities[i];
        return JSON.stringify({
          row: firstRow + i,
          prediction_id: answered.predictionIds[i],
          prediction: answered.predictions[i],
          ...(numberName !== null && { [numberName]: answered.probabilities[i] }),
          ...(shares && { probabilities: Object.fromEntries(classes.map((name, j) => [name, shares[j]])) }),
          error: errors.get(i) ?? null,
          ...Object.fromEntries(include.map((name, j) => [name, passed[i]?.[j] || null])),
        });
      });
      return `${lines.join('\n')}\n`;
    },
  };
}

const errorsOf = ({ refused }: PredictedBatchRows): ReadonlyMap<number, string> =>
  new Map(refused.map(({ index, message }) => [index, message]));

const NEEDS_QUOTES = /[",\r\n]|^\s|\s$/;
const quote = (text: string): string => (NEEDS_QUOTES.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
