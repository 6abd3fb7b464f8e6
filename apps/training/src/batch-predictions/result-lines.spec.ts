import type { ModelSignature, PredictedBatchRows } from '@gimbal/contracts';
import { expect, it } from '@jest/globals';
import { linesOf, takenNames } from './result-lines.js';

const signature = (more: Pick<ModelSignature, 'task'> & Partial<ModelSignature>): ModelSignature => ({
  inputs: [],
  target: 'y',
  codings: {},
  ...more,
});
const CLASSES = signature({ task: 'multiclass-classification', classes: ['a, b', 'c'] });
const batch = { firstRow: 7, rows: [{}, {}], passed: [['say "hi"'], ['']] };
const answered: PredictedBatchRows = {
  predictionIds: ['id-7', null],
  predictions: ['a, b', null],
  probabilities: [0.75, null],
  classProbabilities: [[0.75, 0.25], null],
  refused: [{ index: 1, reason: 'wrong-type', message: 'x must be a number, or null' }],
};

it('writes one line of CSV for each row, quoted where it must be', () => {
  const lines = linesOf('csv', CLASSES, ['note']);
  expect(lines.header).toBe('row,prediction_id,prediction,probability,"probability_a, b",probability_c,error,note\n');
  expect(lines.write(batch, answered)).toBe(
    '7,id-7,"a, b",0.75,0.75,0.25,,"say ""hi"""\n8,,,,,,"x must be a number, or null",\n',
  );
});

it('writes one object of NDJSON for each row', () => {
  const lines = linesOf('ndjson', CLASSES, ['note']).write(batch, answered).trimEnd().split('\n');
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    {
      row: 7,
      prediction_id: 'id-7',
      prediction: 'a, b',
      probability: 0.75,
      probabilities: { 'a, b': 0.75, c: 0.25 },
      error: null,
      note: 'say "hi"',
    },
    {
      row: 8,
      prediction_id: null,
      prediction: null,
      probability: null,
      error: 'x must be a number, or null',
      note: null,
    },
  ]);
});

it('has a score for anomalies, no number beside a value, and no columns for hundreds of classes', () => {
  const names = (more: Parameters<typeof signature>[0]) => linesOf('csv', signature(more), []).header.trimEnd();
  expect(names({ task: 'anomaly-detection' })).toBe('row,prediction_id,prediction,score,error');
  expect(names({ task: 'regression' })).toBe('row,prediction_id,prediction,error');
  const classes = Array.from({ length: 21 }, (_, i) => `c${i}`);
  expect(names({ task: 'text-classification', classes })).toBe('row,prediction_id,prediction,probability,error');
});

it('names the columns that the result has itself', () => {
  expect(takenNames(['id', 'error', 'probability_c'])).toEqual(['error', 'probability_c']);
});
