import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { makeCohort } from '../../test/make-cohort.js';
import { loadOnnx } from '../../test/run-onnx.js';
import { createDataset, createFeatureTable, type FeatureTable } from '../dataset/dataset.js';
import { algorithmsFor } from '../families/algorithm.js';
import { fitModel } from '../families/fit-model.js';
import type { Model } from '../families/model.js';
import { predictProbability } from '../families/predict-probability.js';
import { createRandom } from '../random/random.js';
import { compareWithRuntime } from './compare-with-runtime.js';
import { exportOnnx } from './export-onnx.js';

const BINARY_ALGORITHMS = algorithmsFor('binary-classification');

const cohort = makeCohort({ rows: 400, seed: 41, missingShare: 0.05 });

async function certify(model: Model, table: FeatureTable, threshold: number) {
  const ask = await loadOnnx(exportOnnx(model, { threshold }));
  const { probabilities, labels, shapes } = await ask(table);
  expect(shapes).toEqual({ probability: [table.rowCount], label: [table.rowCount] });
  return compareWithRuntime({
    kernelProbabilities: predictProbability(model, table),
    runtimeProbabilities: probabilities,
    runtimeLabels: labels,
    threshold,
  });
}

it.each(BINARY_ALGORITHMS)('%s writes the same bytes for the same data and seed', (algorithm) => {
  const write = (seed: number) => exportOnnx(fitModel({ dataset: cohort, algorithm, seed }), { threshold: 0.4 });
  expect(Buffer.compare(write(8), write(8))).toBe(0);
});

it.each(BINARY_ALGORITHMS)(
  '%s answers in ONNX Runtime as in the kernel, also for rows unlike any it learned from',
  async (algorithm) => {
    const model = fitModel({ dataset: cohort, algorithm, seed: 8 });
    const random = createRandom(2);
    const strange = [Number.NaN, 0, -0, 3, 1e-40, -1e6, 3.4e38, 50, 2.5];
    const columns = cohort.features.map(() =>
      Array.from({ length: 3000 }, () =>
        random.nextFloat() < 0.3 ? strange[random.nextInteger(strange.length)]! : random.nextFloat() * 120 - 20,
      ),
    );
    const certificate = await certify(model, createFeatureTable({ features: cohort.features, columns }), 0.37);
    expect(certificate).toMatchObject({ rows: 3000, labelDifferences: 0, holds: true });
  },
);

it('keeps parity for any data, missing cells included', async () => {
  const cell = fc.oneof(fc.float({ min: -1000, max: 1000, noNaN: true }), fc.constantFrom(Number.NaN, 0, 1));
  const rows = fc.array(fc.tuple(cell, cell, fc.constantFrom(0, 1)), { minLength: 12, maxLength: 60 });
  await fc.assert(
    fc.asyncProperty(rows, fc.constantFrom(...BINARY_ALGORITHMS), async (data, algorithm) => {
      const target = data.map((row) => row[2]);
      fc.pre(target.includes(0) && target.includes(1));
      const dataset = createDataset({
        features: [
          { name: 'a', kind: 'numeric' },
          { name: 'b', kind: 'categorical' },
        ],
        columns: [data.map((row) => row[0]), data.map((row) => row[1])],
        target,
      });
      const certificate = await certify(fitModel({ dataset, algorithm, seed: 1 }), dataset, 0.45);
      expect(certificate.holds).toBe(true);
    }),
    { numRuns: 60 },
  );
});

// Leaf values lie on a grid on which float32 sums are exact; without it a thousand trees drift apart by more than 1e-6.
it.each(['random_forest', 'lightgbm'])(
  '%s answers alike alone and in a batch, even with a thousand trees',
  async (algorithm) => {
    const hyperparameters = { n_estimators: 1000 };
    const model = fitModel({ dataset: cohort, algorithm, hyperparameters, seed: 8 });
    const ask = await loadOnnx(exportOnnx(model, { threshold: 0.5 }));
    const batch = await ask(cohort);
    for (const row of [0, 17, 399]) {
      const alone = await ask(cohort, Int32Array.of(row));
      expect(alone.probabilities[0]).toBe(batch.probabilities[row]);
    }
    expect((await certify(model, cohort, 0.5)).worstProbabilityDifference).toBeLessThan(3e-7);
  },
  60_000,
);

it('exports a model without a single cut', async () => {
  const constant = createDataset({
    features: [{ name: 'a', kind: 'numeric' }],
    columns: [[1, 1, 1, 1]],
    target: [0, 1, 1, 1],
  });
  for (const algorithm of BINARY_ALGORITHMS) {
    const certificate = await certify(fitModel({ dataset: constant, algorithm, seed: 1 }), constant, 0.5);
    expect(certificate.holds).toBe(true);
  }
});

it('refuses a threshold that decides nothing', () => {
  const model = fitModel({ dataset: cohort, algorithm: 'logistic_regression', seed: 1 });
  for (const threshold of [0, 1, Number.NaN, 1e-60]) {
    expect(() => exportOnnx(model, { threshold })).toThrow('threshold must be in (0, 1)');
  }
});

it('withholds the certificate for a wrong label, a NaN or a large difference', () => {
  const compare = (runtimeProbabilities: number[], runtimeLabels: number[]) =>
    compareWithRuntime({ kernelProbabilities: [0.2, 0.8], runtimeProbabilities, runtimeLabels, threshold: 0.5 });
  expect(compare([0.2, 0.8], [0, 1])).toMatchObject({ holds: true, worstProbabilityDifference: 0 });
  expect(compare([0.2, 0.8], [1, 1])).toMatchObject({ holds: false, labelDifferences: 1 });
  expect(compare([0.2, Number.NaN], [0, 1])).toMatchObject({
    holds: false,
    worstProbabilityDifference: Number.POSITIVE_INFINITY,
  });
  expect(compare([0.2, 0.80001], [0, 1]).holds).toBe(false);
  expect(() => compare([0.2], [0, 1])).toThrow('invalid-argument');
});
