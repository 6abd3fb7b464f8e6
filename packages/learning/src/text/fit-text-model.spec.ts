import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { makeTexts } from '../../test/make-texts.js';
import { loadTextOnnx } from '../../test/run-text-onnx.js';
import { LearningError } from '../learning-error.js';
import { createRandom, deriveSeed, shuffle } from '../random/random.js';
import { evaluateText } from './evaluate-text.js';
import { type FitTextRequest, fitTextModel } from './fit-text-model.js';
import { compareTextWithRuntime } from './onnx/compare-text-with-runtime.js';
import { exportTextOnnx } from './onnx/export-text-onnx.js';
import { predictText } from './predict-text.js';
import { validateTexts } from './validate-texts.js';

const known = makeTexts({ rows: 400, seed: 11 });
const unseen = makeTexts({ rows: 400, seed: 12 });
const request: FitTextRequest = { ...known, seed: 3 };
const { model, outOfFold, warnings } = fitTextModel(request);

function refusalOf(changes: Partial<FitTextRequest>): unknown {
  try {
    fitTextModel({ ...request, ...changes });
    return null;
  } catch (error) {
    return error instanceof LearningError ? `${error.code}: ${error.detail}` : error;
  }
}

it('tells intents apart, as well on new texts as out of fold it said it would', () => {
  const { classes } = known;
  const { threshold } = model.abstention;
  const promised = evaluateText({ ...outOfFold, target: known.target, classes, threshold });
  const kept = evaluateText({ ...predictText(model, unseen.texts), target: unseen.target, classes, threshold });
  expect(promised.metrics.accuracy).toBeGreaterThan(0.75);
  expect(Math.abs(kept.metrics.accuracy - promised.metrics.accuracy)).toBeLessThan(0.06);
  expect(promised.coverage).toBeCloseTo(model.abstention.coverage, 12);
  expect(promised.answeredAccuracy).toBeCloseTo(model.abstention.accuracy, 12);
  expect(kept.answeredAccuracy!).toBeGreaterThan(kept.metrics.accuracy);
  expect(Math.abs(kept.answeredAccuracy! - 0.95)).toBeLessThan(0.05);
  expect(kept.metrics.expectedCalibrationError).toBeLessThan(0.06);
  expect(warnings.filter(({ code }) => code !== 'conflicting-labels')).toEqual([]);
});

it('makes the same bytes of the same texts and seed, in whatever order they come', () => {
  const order = shuffle(Int32Array.from(known.target.keys()), createRandom(deriveSeed(1, 'order')));
  const turned = fitTextModel({
    ...request,
    texts: Array.from(order, (row) => known.texts[row]!),
    target: Array.from(order, (row) => known.target[row]!),
  });
  expect(Buffer.compare(exportTextOnnx(turned.model), exportTextOnnx(model))).toBe(0);
  const other = fitTextModel({ ...request, seed: 4 });
  expect(Buffer.compare(exportTextOnnx(other.model), exportTextOnnx(model))).not.toBe(0);
});

it('judges no text by a model that has learned from it or its double', () => {
  const doubled = fitTextModel({
    ...request,
    texts: [...known.texts, ...known.texts],
    target: [...known.target, ...known.target],
  });
  const { folds } = doubled.outOfFold;
  known.texts.forEach((_, row) => void expect(folds[row]).toBe(folds[row + known.texts.length]));
});

it('abstains on what it knows nothing of, and survives structured clone', () => {
  const clone = structuredClone(model);
  const texts = ['', '   ', '?!', '\u4e2d\u6587\u4e2d\u6587', 'when will my card arrive by post'];
  expect(predictText(clone, texts)).toEqual(predictText(model, texts));
  expect(Array.from(predictText(model, texts).labels)).toEqual([-1, -1, -1, -1, 0]);
});

it('answers in ONNX Runtime as in the kernel, whatever the text', async () => {
  const ask = await loadTextOnnx(exportTextOnnx(model));
  const words = fc.constantFrom(
    ...known.texts.flatMap((text) => text.split(' ')),
    'CARD',
    'Exchange',
    '\u00a0',
    '\u2019',
  );
  const anyText = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc.string({ unit: 'grapheme', maxLength: 700 }),
    fc.array(words, { maxLength: 200 }).map((list) => list.join(' ')),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(anyText, { minLength: 1, maxLength: 8 }), async (drawn) => {
      // The runtime's binding ends a text at U+0000; callers clean texts first, as the kernel does itself.
      const texts = drawn.map((text) => text.replaceAll('\0', ' '));
      const answers = await ask(texts);
      expect(answers.shapes).toEqual({ label: [texts.length], probabilities: [texts.length, known.classes.length] });
      const certificate = compareTextWithRuntime(predictText(model, texts), answers);
      expect(certificate).toMatchObject({ labelDifferences: 0, holds: true });
    }),
    { numRuns: 150 },
  );
});

it.each([
  { word_ngram_max: 0 },
  { char_ngram_max: 0 },
  { char_ngram_min: 1, char_ngram_max: 2, word_ngram_max: 3 },
  { char_ngram_min: 6, char_ngram_max: 6, word_ngram_max: 1 },
  { max_characters: 16, max_features: 30, target_accuracy: 0 },
])('exports every choice of n-grams: %j', async (hyperparameters) => {
  const { model: chosen } = fitTextModel({ ...request, hyperparameters });
  const ask = await loadTextOnnx(exportTextOnnx(chosen));
  const texts = [...unseen.texts.slice(0, 100), '', 'a', 'a b'];
  expect(compareTextWithRuntime(predictText(chosen, texts), await ask(texts))).toMatchObject({ holds: true });
});

it('gives one text the same answer alone and among others', async () => {
  const ask = await loadTextOnnx(exportTextOnnx(model));
  const together = await ask(unseen.texts.slice(0, 50));
  for (let row = 0; row < 50; row++) {
    const { probabilities } = await ask([unseen.texts[row]!]);
    expect(Array.from(probabilities)).toEqual(Array.from(together.probabilities.subarray(4 * row, 4 * row + 4)));
  }
});

it('lets a text count as much as its weight says', () => {
  const twice = new Float32Array(known.texts.length).fill(2);
  const { model: weighed } = fitTextModel({ ...request, weights: twice, hyperparameters: { C: 5 } });
  const { weights, bias, calibration, abstention } = model;
  expect(weighed).toMatchObject({ weights, bias, calibration, abstention });
  const others = Float32Array.from(known.target, (label) => (label === 0 ? 8 : 1));
  const answers = predictText(fitTextModel({ ...request, weights: others }).model, unseen.texts);
  const share = ({ probabilities }: typeof answers) =>
    probabilities.filter((_, i) => i % 4 === 0).reduce((a, b) => a + b);
  expect(share(answers)).toBeGreaterThan(1.05 * share(predictText(model, unseen.texts)));
});

it('lets a rare class weigh as much as the others when it is told to', () => {
  const rows = [...known.target.keys()].filter((row) => known.target[row] !== 0 || row % 40 === 0);
  const rare = {
    ...request,
    texts: rows.map((row) => known.texts[row]!),
    target: rows.map((row) => known.target[row]!),
  };
  const recall = (class_weight: string): number => {
    const fit = fitTextModel({ ...rare, hyperparameters: { class_weight, C: 0.1 } });
    const judged = { ...predictText(fit.model, unseen.texts), target: unseen.target, classes: known.classes };
    return evaluateText({ ...judged, threshold: 0 }).classes[0]!.recall;
  };
  expect(recall('balanced')).toBeGreaterThan(recall('none') + 0.2);
});

it('is judged fold by fold, each text by a model that had not seen it', () => {
  const { folds, summary } = validateTexts('plain', { model, outOfFold }, known);
  expect(folds.map(({ metrics }) => metrics.rows)).toEqual([80, 80, 80, 80, 80]);
  const mean = folds.reduce((sum, { metrics }) => sum + metrics.accuracy, 0) / 5;
  const all = evaluateText({ ...outOfFold, target: known.target, classes: known.classes, threshold: 0 });
  expect(summary.accuracy.mean).toBeCloseTo(mean, 12);
  expect(summary.accuracy.mean).toBeCloseTo(all.metrics.accuracy, 12);
  expect(summary.macroF1.deviation).toBeGreaterThan(0);
  const weights = Float32Array.from(known.target, (label) => (label === 0 ? 1 : 1e-6));
  const weighed = validateTexts('weighed', { model, outOfFold }, { ...known, weights });
  expect(weighed.summary.accuracy.mean).toBeCloseTo(all.classes[0]!.recall, 1);
});

it('reports progress that never falls and stops when told to', () => {
  const seen: number[] = [];
  const many = makeTexts({ rows: 1200, seed: 13 });
  fitTextModel({ ...many, seed: 3, hooks: { onProgress: (done) => void seen.push(done) } });
  expect(seen.length).toBeGreaterThan(10);
  expect(seen.every((done, i) => done >= (seen[i - 1] ?? 0) && done <= 1)).toBe(true);
  let asked = 0;
  expect(refusalOf({ hooks: { shouldStop: () => ++asked > 5 } })).toMatch(/^training-cancelled/);
  expect(asked).toBe(6);
});

it('refuses what it cannot learn from, and names it', () => {
  const [, ...others] = known.texts;
  expect(refusalOf({ texts: others })).toMatch(/^invalid-dataset: There are 399 texts and 400 labels/);
  expect(refusalOf({ texts: [' \n', ...others] })).toMatch(/^invalid-dataset: Text 0 is empty/);
  expect(refusalOf({ target: known.target.map((label) => label + 1) })).toMatch(
    /^invalid-dataset: The label of text 3/,
  );
  expect(refusalOf({ classes: ['one'], target: known.target.map(() => 0) })).toMatch(
    /^invalid-dataset: .* two classes/,
  );
  expect(refusalOf({ classes: ['a', 'a', 'b', 'c'] })).toMatch(/^invalid-dataset: .* different names/);
  const lonely = known.target.map((label, row) => (row === 0 ? 4 : label));
  expect(refusalOf({ classes: [...known.classes, 'rare'], target: lonely })).toMatch(
    /^too-few-rows: Class "rare" has 1/,
  );
  expect(refusalOf({ texts: ['ab', 'cd', 'ef', 'gh'], target: [0, 0, 1, 1], classes: ['x', 'y'] })).toMatch(
    /^too-few-rows: No n-gram occurs in 2 of the 4 texts/,
  );
  expect(refusalOf({ hyperparameters: { C: 0 } })).toMatch(/^invalid-hyperparameter: C must be/);
  expect(refusalOf({ hyperparameters: { char_ngram_min: 5, char_ngram_max: 3 } })).toMatch(/char_ngram_min \(5\)/);
  expect(refusalOf({ hyperparameters: { word_ngram_max: 0, char_ngram_max: 0 } })).toMatch(/both be 0/);
  expect(refusalOf({ hyperparameters: { class_weight: 'even' } })).toMatch(
    /class_weight must be one of none, balanced/,
  );
  expect(refusalOf({ weights: new Float32Array(3) })).toMatch(/^invalid-dataset: There are 400 texts and 3 weights/);
  expect(refusalOf({ weights: new Float32Array(400) })).toMatch(/^invalid-dataset: The weight of text 0/);
  expect(refusalOf({ seed: 0.5 })).toMatch(/^invalid-argument/);
});

it('warns of what it had to cut', () => {
  const long = 'card '.repeat(300);
  const found = fitTextModel({
    ...request,
    texts: [long, long, ...known.texts],
    target: [0, 1, ...known.target],
    hyperparameters: { max_features: 100, max_iter: 1, target_accuracy: 1 },
  }).warnings.map(({ code }) => code);
  expect(found).toEqual(
    expect.arrayContaining(['texts-cut', 'conflicting-labels', 'vocabulary-bounded', 'not-converged']),
  );
});
