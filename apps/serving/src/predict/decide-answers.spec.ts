import type { ModelSignature, Task } from '@gimbal/contracts';
import { expect, it } from '@jest/globals';
import { classesOf, confidenceOf, countAgreeing, decideAnswers } from './decide-answers.js';

const signature = (task: Task): ModelSignature => ({ task, inputs: [], target: '', codings: {} });
const decide = (task: Task, answers: number[], rows: number, threshold: number) =>
  decideAnswers(signature(task), { answers: Float32Array.from(answers), rows, threshold: Math.fround(threshold) });

it('says 1 from the threshold on, threshold included', () => {
  const { predictions } = decide('binary-classification', [0.3, 0.4, 0.5], 3, 0.4);
  expect([...predictions]).toEqual([0, 1, 1]);
  expect([...decide('anomaly-detection', [0.3, 0.7], 2, 0.6).predictions]).toEqual([0, 1]);
});

it('is as sure as the more probable side, as the most probable class, and says nothing where there is no probability', () => {
  expect([0.3, 0.6].map((probability) => confidenceOf('binary-classification', probability))).toEqual([0.7, 0.6]);
  expect(confidenceOf('multiclass-classification', 0.4)).toBe(0.4);
  expect([confidenceOf('anomaly-detection', 0.9), confidenceOf('regression', Number.NaN)]).toEqual([null, null]);
});

it('answers the most probable class, the first of equals, and none when it is less sure than it must be', () => {
  const decided = decide('multiclass-classification', [0.2, 0.4, 0.4, 0.3, 0.35, 0.35], 2, 0.4);
  expect([...decided.predictions]).toEqual([1, -1]);
  expect(decided.probabilities[1]).toBeCloseTo(0.35, 6);
  expect([...classesOf(decided, 1)].map((share) => Number(share.toFixed(2)))).toEqual([0.3, 0.35, 0.35]);
});

it('leaves a text unanswered that the graph abstains from, however sure it looks', () => {
  const decided = decide('text-classification', [0.9, 0.1, 1, 0.9, 0.1, 0], 2, 0);
  expect([...decided.predictions]).toEqual([0, -1]);
  expect([...classesOf(decided, 1)]).toHaveLength(2);
});

it('answers a value as it is, without a probability', () => {
  const { predictions, probabilities, classes } = decide('regression', [-7.5], 1, 0);
  expect([predictions[0], probabilities[0], classes]).toEqual([-7.5, Number.NaN, null]);
});

it('finds in how many rows two versions agree: the same class, or the same value but for rounding', () => {
  const say = (task: Task, answers: number[], classes?: string[]) => ({
    signature: { task, ...(classes && { classes }) },
    decisions: decide(task, answers, 2, 0.5),
  });
  expect(countAgreeing(say('regression', [1000, 1000]), say('regression', [1000.0005, 1001]))).toBe(1);
  const binary = (...shares: number[]) => say('binary-classification', shares);
  expect(countAgreeing(binary(0.49, 0.6), binary(0.51, 0.9))).toBe(1);
  const fruit = (shares: number[], classes: string[]) => say('multiclass-classification', shares, classes);
  const apples = fruit([0.9, 0.1, 0.1, 0.9], ['apple', 'pear']);
  expect(countAgreeing(apples, fruit([0.2, 0.8, 0.2, 0.8], ['pear', 'apple']))).toBe(1);
});
