import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { evaluateBinary } from './evaluate-binary.js';
import { evaluateMulticlass } from './evaluate-multiclass.js';
import { evaluateRegression } from './evaluate-regression.js';

// Measured by scikit-learn 1.9.1; see make_evaluation_golden.py beside the file.
const golden = JSON.parse(readFileSync(new URL('../../test/golden/evaluation.json', import.meta.url), 'utf8'));

const variants = [
  ['plain', null],
  ['weighted', golden.weights],
] as const;

function expectClose(found: object, expected: Record<string, number>): void {
  const measured = new Map(Object.entries(found));
  for (const [name, value] of Object.entries(expected)) {
    expect({ name, value: measured.get(name) }).toEqual({ name, value: expect.closeTo(value, 10) });
  }
}

it.each(variants)('measures two classes as scikit-learn does, %s', (variant, weights) => {
  const { target, probabilities, metrics } = golden.binary;
  expectClose(evaluateBinary(target, probabilities, 0.5, weights).metrics, metrics[variant]);
});

it.each(variants)('measures three classes as scikit-learn does, %s', (variant, weights) => {
  const { target, probabilities, [variant]: expected } = golden.multiclass;
  const found = evaluateMulticlass(target, probabilities, ['a', 'b', 'c'], weights);
  expectClose(found.metrics, expected.metrics);
  expect(found.confusion).toEqual(expected.confusion);
  found.classes.forEach(({ precision, recall, f1, support }, k) => {
    expectClose(
      { precision, recall, f1, support },
      {
        precision: expected.precision[k],
        recall: expected.recall[k],
        f1: expected.f1[k],
        support: expected.support[k],
      },
    );
  });
});

it.each(variants)('measures values as scikit-learn does, %s', (variant, weights) => {
  const { target, predictions, residual_quantiles: quantiles, [variant]: expected } = golden.regression;
  const found = evaluateRegression(target, predictions, weights);
  expectClose(found.metrics, expected);
  if (weights === null) {
    expect(found.residuals.map(({ value }) => value)).toEqual(
      quantiles.map((value: number) => expect.closeTo(value, 10)),
    );
  }
});
