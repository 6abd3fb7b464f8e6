import { expect, it } from '@jest/globals';
import { type JudgedScores, judgeOwnScores, judgeScores, judgeScoresAgainstLive } from './judge-scores.js';

const regression: JudgedScores = {
  ...{ rows: 100, primary: 'rmse', better: 'lower', value: 9, constant: 12, macroF1: null },
};
const classes: JudgedScores = {
  ...{ rows: 100, primary: 'macro_f1', better: 'higher', value: 0.8, constant: 0.2, macroF1: 0.8 },
};
const broken = (judged: ReturnType<typeof judgeScores>) => judged.filter(({ holds }) => !holds).map(({ code }) => code);

it('admits what is better than a constant answer and reaches the least F1, on the limit too', () => {
  expect(broken(judgeScores(regression, 0.75))).toEqual([]);
  expect(broken(judgeScores({ ...classes, macroF1: 0.75 }, 0.75))).toEqual([]);
});

it('refuses what a constant answer does as well, and what was not measured', () => {
  expect(broken(judgeScores({ ...regression, value: 12 }, 0.75))).toEqual(['not-better-than-constant']);
  expect(broken(judgeScores({ ...regression, value: Number.NaN }, 0.75))).toEqual(['not-better-than-constant']);
  expect(broken(judgeScores({ ...classes, value: 0.2, macroF1: 0.2 }, 0.75))).toEqual([
    'f1-below-minimum',
    'not-better-than-constant',
  ]);
});

it('has nothing to say of a score when nothing is labelled', () => {
  expect(judgeScores({ ...regression, value: Number.NaN, constant: null }, 0.75)).toEqual([]);
});

const against = (gain: { estimate: number; low: number; high: number }, purpose: 'repair' | 'release') =>
  broken(judgeScoresAgainstLive([{ slice: 'holdout', gain }], { liveVersion: 3, purpose }));

it('refuses a candidate that is beyond doubt worse than live, and a repair that is not better', () => {
  expect(against({ estimate: -0.1, low: -0.3, high: 0.1 }, 'release')).toEqual([]);
  expect(against({ estimate: -0.2, low: -0.3, high: -0.1 }, 'release')).toEqual(['score-worse-than-live']);
  expect(against({ estimate: 0, low: -0.1, high: 0.1 }, 'repair')).toEqual(['not-better-than-live']);
  expect(against({ estimate: Number.NaN, low: Number.NaN, high: Number.NaN }, 'repair')).toEqual([
    'score-worse-than-live',
    'not-better-than-live',
  ]);
});

it('refuses a candidate that was never held beside the live version', () => {
  expect(broken(judgeScoresAgainstLive([], { liveVersion: 3, purpose: 'release' }))).toEqual([
    'not-compared-with-live',
  ]);
});

it('holds what two versions say of themselves side by side, where a difference within the tolerance is none', () => {
  const beside = (value: number) => broken(judgeOwnScores({ ...classes, value }, { ...classes, version: 3 }, 0.02));
  expect(beside(0.79)).toEqual([]);
  expect(beside(0.7)).toEqual(['score-worse-than-live']);
  expect(beside(Number.NaN)).toEqual(['score-worse-than-live']);
  expect(broken(judgeOwnScores({ ...regression, value: 9.1 }, { ...regression, version: 3 }, 0.02))).toEqual([
    'score-worse-than-live',
  ]);
});
