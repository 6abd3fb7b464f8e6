import type { ModelSignature, Task } from '@gimbal/contracts';
import { expect, it } from '@jest/globals';
import { agrees, decideAnswers } from './decide-answers.js';

const signature = (task: Task): ModelSignature => ({ task, inputs: [], target: '', codings: {} });
const decide = (task: Task, answers: number[], rows: number, threshold: number) =>
  decideAnswers(signature(task), { answers: Float32Array.from(answers), rows, threshold: Math.fround(threshold) });

it('says 1 from the threshold on, threshold included', () => {
  const decided = decide('binary-classification', [0.3, 0.4, 0.5], 3, 0.4);
  expect(decided.map(({ prediction }) => prediction)).toEqual([0, 1, 1]);
  expect(decided.map(({ confidence }) => confidence)).toEqual([0.7, 0.6, 0.5].map((value) => expect.closeTo(value, 6)));
  expect(decide('anomaly-detection', [0.3, 0.7], 2, 0.6).map(({ prediction }) => prediction)).toEqual([0, 1]);
});

it('answers the most probable class, the first of equals, and none when it is less sure than it must be', () => {
  const decided = decide('multiclass-classification', [0.2, 0.4, 0.4, 0.3, 0.35, 0.35], 2, 0.4);
  expect(decided.map(({ prediction }) => prediction)).toEqual([1, -1]);
  expect(decided[1]?.probability).toBeCloseTo(0.35, 6);
});

it('leaves a text unanswered that the graph abstains from, however sure it looks', () => {
  const decided = decide('text-classification', [0.9, 0.1, 1, 0.9, 0.1, 0], 2, 0);
  expect(decided.map(({ prediction }) => prediction)).toEqual([0, -1]);
  expect([...(decided[1]?.classes ?? [])]).toHaveLength(2);
});

it('answers a value as it is, without a probability', () => {
  const [decision] = decide('regression', [-7.5], 1, 0);
  expect(decision).toEqual({ prediction: -7.5, probability: Number.NaN, confidence: null, classes: null });
});

it('finds that two versions agree when classes are the same, or values but for rounding', () => {
  const [value, same, other] = decide('regression', [1000, 1000.0005, 1001], 3, 0);
  expect(agrees(signature('regression'), value!, same!)).toBe(true);
  expect(agrees(signature('regression'), value!, other!)).toBe(false);
  const [no, yes] = decide('binary-classification', [0.49, 0.51], 2, 0.5);
  expect(agrees(signature('binary-classification'), no!, yes!)).toBe(false);
});
