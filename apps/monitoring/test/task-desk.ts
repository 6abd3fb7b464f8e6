import { randomUUID } from 'node:crypto';
import type { ModelSignature } from '@gimbal/contracts';
import {
  type Answers,
  buildColumns,
  buildPerformanceBaseline,
  buildReferenceProfile,
  createSeededRng,
  type LabelledAnswers,
  type ReferenceProfile,
} from '@gimbal/domain';
import { NOON } from './assessment-desk.js';
import { type LoggedRow, rowOf, type SeededVersion } from './monitoring-world.js';

export type Task = Exclude<ModelSignature['task'], 'binary-classification'>;
export const CLASSES = ['apple', 'lemon', 'pear'];
/** Below it a text is not answered. */
const SURE = 0.6;
const ALARM = 0.5;

/** One answered row with the truth, as a person tells it. */
export interface AnsweredRow {
  readonly row: Pick<LoggedRow, 'features' | 'prediction' | 'probability' | 'classProbabilities' | 'threshold'>;
  readonly actual: string | number | boolean;
}

export interface Season {
  readonly task: Task;
  readonly rows: number;
  readonly seed: number;
  /** Answers are those to another row. */
  readonly confused?: true;
  /** What is asked about moves: more of the first class, higher values, more anomalies. */
  readonly moved?: true;
}

type Draw = () => number;

/** One truth with the answer of a model that knows it as well as it can be known. */
const ANSWER: Readonly<Record<Task, (draw: Draw, moved: boolean) => AnsweredRow>> = {
  'multiclass-classification': (draw, moved) => answerClass(draw, { moved, sure: 0 }),
  'text-classification': (draw, moved) => answerClass(draw, { moved, sure: SURE }),
  regression: (draw, moved) => {
    const actual = 20 + 10 * draw() + (moved ? 8 : 0);
    return { actual, row: answerOf({ prediction: actual + 2 * (draw() - 0.5), probability: null }) };
  },
  'anomaly-detection': (draw, moved) => {
    const actual = draw() < (moved ? 0.5 : 0.2);
    const probability = actual ? 0.3 + 0.7 * draw() : 0.6 * draw();
    return { actual, row: answerOf({ prediction: probability >= ALARM ? 1 : 0, probability, threshold: ALARM }) };
  },
};

const answerOf = (row: Partial<AnsweredRow['row']>): AnsweredRow['row'] => ({
  ...{ features: { age: 50 }, prediction: 0, probability: null, threshold: 0 },
  ...row,
});

function answerClass(draw: Draw, { moved, sure }: { moved: boolean; sure: number }): AnsweredRow {
  const weights = CLASSES.map((_, k) => draw() ** 4 * (moved && k === 0 ? 20 : 1));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  const classProbabilities = weights.map((weight) => weight / sum);
  const at = draw();
  const [a = 0, b = 0] = classProbabilities;
  const probability = Math.max(...classProbabilities);
  const prediction = probability >= sure ? classProbabilities.indexOf(probability) : -1;
  return {
    actual: CLASSES[at < a ? 0 : at < a + b ? 1 : 2] ?? '',
    row: answerOf({ prediction, probability, classProbabilities, threshold: sure }),
  };
}

/** Rows of a season, each with its truth. */
export function answersOf({ task, rows, seed, confused, moved }: Season): AnsweredRow[] {
  const rng = createSeededRng(seed);
  const answered = Array.from({ length: rows }, () => {
    const one = ANSWER[task](rng, moved === true);
    return { ...one, row: { ...one.row, features: { age: Math.round(35 + 40 * rng()) } } };
  });
  if (!confused) return answered;
  return answered.map(({ actual }, i) => ({ actual, row: answered[(i + 1) % rows]?.row ?? answerOf({}) }));
}

/** What training would have registered beside the version. */
export function profileOf(task: Task): ReferenceProfile {
  const season = answersOf({ task, rows: 500, seed: 1 });
  const columns = buildColumns(
    season.map(({ row }) => row.features),
    [{ name: 'age', type: 'numeric' }],
  );
  const { predictions, labelled } = describe(task, season);
  return buildReferenceProfile({ columns, predictions, performance: buildPerformanceBaseline(labelled) });
}

function describe(task: Task, season: readonly AnsweredRow[]): { predictions: Answers; labelled: LabelledAnswers } {
  const numbers = season.map(({ row }) => row.probability ?? Number.NaN);
  const predictions = season.map(({ row }) => row.prediction);
  switch (task) {
    case 'regression': {
      const answers = { task, values: predictions } as const;
      return { predictions: answers, labelled: { ...answers, labels: season.map(({ actual }) => Number(actual)) } };
    }
    case 'anomaly-detection': {
      const answers = { task, probabilities: numbers, threshold: ALARM } as const;
      return { predictions: answers, labelled: { ...answers, labels: season.map(({ actual }) => (actual ? 1 : 0)) } };
    }
    default: {
      const answers = { task, classes: CLASSES, answered: predictions } as const;
      return {
        predictions: { ...answers, confidences: numbers },
        labelled: {
          ...answers,
          probabilities: season.flatMap(({ row }) => row.classProbabilities ?? []),
          labels: season.map(({ actual }) => CLASSES.indexOf(String(actual))),
        },
      };
    }
  }
}

/** The rows as serving logs them, a second apart. */
export const visitsOf = (version: SeededVersion, season: readonly AnsweredRow[], from = NOON) =>
  season.map(({ row, actual }, i) => ({
    actual,
    row: rowOf(version, { ...row, id: randomUUID(), createdAt: new Date(from.getTime() + 1_000 * i).toISOString() }),
  }));
