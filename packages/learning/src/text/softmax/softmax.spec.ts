import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { createRandom } from '../../random/random.js';
import { GramEncoder } from '../ngrams/gram-encoder.js';
import { learnVocabulary } from '../ngrams/learn-vocabulary.js';
import { encodeTexts } from '../sparse-rows.js';
import { countDocuments, weighFeatures, weighRows } from '../weigh-features.js';
import { fitSoftmax } from './fit-softmax.js';
import { writeSoftmax } from './softmax.js';
import { countRowFeaturesMax } from './softmax-solver.js';
import { solveOmega, solveShares } from './solve-shares.js';
import { tuneTemperature } from './tune-temperature.js';
import { WeightRows } from './weight-rows.js';

interface Golden {
  readonly texts: readonly string[];
  readonly target: readonly number[];
  readonly classes: readonly string[];
  readonly word_weight: number;
  readonly C: number;
  readonly idf: Readonly<Record<string, number>>;
  readonly probabilities: readonly (readonly number[])[];
}

// Made by test/golden/make_text_golden.py with scikit-learn; JSON has no types of its own.
const golden = JSON.parse(readFileSync(new URL('../../../test/golden/text.json', import.meta.url), 'utf8')) as Golden;

function makeProblem() {
  const limits = { charactersMax: 512, wordGramMax: 2, characterGramMin: 3, characterGramMax: 5 };
  const { texts } = golden;
  const { vocabulary } = learnVocabulary({ texts, limits, documentsMin: 2, featuresMax: 50_000, hooks: {} });
  const rows = encodeTexts(new GramEncoder(vocabulary), texts, {});
  const idf = weighFeatures(countDocuments(rows, vocabulary), vocabulary, golden.word_weight);
  const problem = {
    rows,
    rowScale: weighRows(rows, idf),
    featureScale: idf,
    target: Int32Array.from(golden.target),
    classCount: golden.classes.length,
    inverseStrengths: new Float64Array(golden.target.length).fill(golden.C),
  };
  return { problem, vocabulary };
}

it('weighs features as scikit-learn does', () => {
  const { problem, vocabulary } = makeProblem();
  const names = [
    ...vocabulary.wordGrams.map((gram) => `w:${gram}`),
    ...vocabulary.characterGrams.map((gram) => `c:${gram}`),
  ];
  names.forEach((name, feature) => void expect(problem.featureScale[feature]).toBeCloseTo(golden.idf[name]!, 12));
});

it('finds the multinomial logistic regression that scikit-learn finds, from a cold start and from a warm one', () => {
  const { problem } = makeProblem();
  const { target, classCount } = problem;
  const weights = new WeightRows(problem.featureScale.length + 1, classCount, countRowFeaturesMax(problem.rows));
  const members = Int32Array.from(target.keys());
  const cold = new Float32Array(target.length * classCount);
  target.forEach((label, row) => {
    cold[row * classCount + label] = 1;
  });
  const warm = new Float32Array(cold.length).fill(1 / classCount);
  for (const shares of [cold, warm]) {
    const options = { tolerance: 1e-3, roundsMax: 500, seed: 1, hooks: {} };
    const { solver, converged } = fitSoftmax(problem, members, weights, shares, options);
    expect(converged).toBe(true);
    const found = new Float64Array(classCount);
    golden.probabilities.forEach((expected, row) => {
      writeSoftmax(solver.readMargins(row), found, 0);
      expected.forEach((value, k) => void expect(Math.abs(found[k]! - value)).toBeLessThan(2e-3));
    });
  }
});

it("inverts w + ln w within 2e-4, which is all that a row's subproblem needs", () => {
  for (let exponent = -12; exponent < 8; exponent += 0.05) {
    const w = 10 ** exponent;
    expect(Math.abs(solveOmega(w + Math.log(w)) / w - 1)).toBeLessThan(2e-4);
  }
});

it("solves a row's subproblem: shares sum to 1 and meet their equation, also where exp would overflow", () => {
  const random = createRandom(3);
  for (let trial = 0; trial < 300; trial++) {
    const margins = Float64Array.from({ length: 2 + (trial % 60) }, () => 12 * random.nextFloat() - 6);
    const strength = 10 ** (7 * random.nextFloat() - 3);
    const level = Math.log(margins.reduce((sum, value) => sum + Math.exp(value), 0));
    const own = random.nextInteger(margins.length);
    const free = margins.map((margin, k) => margin - level + (k === own ? strength : 0));
    const shares = new Float64Array(free.length);
    solveShares(free, free.map(Math.exp), strength, shares);
    expect(Math.abs(shares.reduce((sum, share) => sum + share, 0) - 1) * strength).toBeLessThan(0.021 * (1 + strength));
    const levels = Array.from(shares.keys())
      .filter((k) => shares[k]! > 1e-3)
      .map((k) => free[k]! - strength * shares[k]! - Math.log(shares[k]!));
    expect(Math.max(...levels) - Math.min(...levels)).toBeLessThan(1e-3 * (1 + strength));
  }
});

it('finds the temperature that margins were heated by', () => {
  const random = createRandom(5);
  const classCount = 4;
  const target = new Int32Array(20_000);
  const margins = new Float32Array(target.length * classCount);
  const probabilities = new Float64Array(classCount);
  for (let row = 0; row < target.length; row++) {
    const honest = Float64Array.from({ length: classCount }, () => 6 * random.nextFloat() - 3);
    writeSoftmax(honest, probabilities, 0);
    let draw = random.nextFloat();
    let label = 0;
    while (label < classCount - 1 && draw >= probabilities[label]!) draw -= probabilities[label++]!;
    target[row] = label;
    margins.set(
      honest.map((margin) => 2.5 * margin),
      row * classCount,
    );
  }
  expect(tuneTemperature({ margins, target, weights: null })).toBeCloseTo(2.5, 1);
});
