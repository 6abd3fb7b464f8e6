import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { CELLS, CODES, growRandomTree } from '../../test/grow-random-tree.js';
import { makeCohort } from '../../test/make-cohort.js';
import { wrapLinear, wrapTrees } from '../../test/wrap-model.js';
import { createFeatureTable, type Feature } from '../dataset/dataset.js';
import { explainModel } from '../explanation/explain-model.js';
import { algorithmsFor } from '../families/algorithm.js';
import { fitModel } from '../families/fit-model.js';
import type { Calibration, Model } from '../families/model.js';
import { predict } from '../families/predict.js';
import { LearningError } from '../learning-error.js';
import { createRandom, type Random } from '../random/random.js';
import { exportOnnx } from './export-onnx.js';
import { importOnnx } from './read-onnx.js';

const features: Feature[] = [
  { name: 'a', kind: 'numeric' },
  { name: 'b', kind: 'categorical' },
  { name: 'c', kind: 'categorical', categories: ['red', 'green', 'blue', 'black'] },
  { name: 'd', kind: 'numeric' },
];

function makeTable(random: Random, rowCount: number) {
  const draw = (list: readonly number[]): number =>
    random.nextFloat() < 0.2 ? Number.NaN : list[random.nextInteger(list.length)]!;
  const columns = features.map(({ kind }) =>
    Array.from({ length: rowCount }, () => draw(kind === 'categorical' ? CODES : CELLS)),
  );
  return createFeatureTable({ features, columns });
}

const thresholdFor = (model: Model) => (model.task === 'binary-classification' ? { threshold: 0.4 } : {});

describe('a file that was exported', () => {
  const cohort = makeCohort({ rows: 300, seed: 5, missingShare: 0.1 });

  it.each(algorithmsFor('binary-classification'))('gives the model back: %s', (algorithm) => {
    const model = fitModel({ dataset: cohort, algorithm, seed: 3 });
    const found = importOnnx(exportOnnx(model, { threshold: 0.4 }));
    expect(found).toMatchObject({
      kind: model.kind,
      task: model.task,
      algorithm: model.algorithm,
      features: model.features,
      classes: model.classes,
      hyperparameters: model.hyperparameters,
      seed: 3,
      trainRows: 300,
      calibration: null,
    });
    expect(predict(found, cohort)).toEqual(predict(model, cohort));
  });

  it('gives trees back that predict and explain alike, whatever their cuts, widths and outputs', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 31 }), fc.integer({ min: 1, max: 4 }), (seed, outputs) => {
        const random = createRandom(seed);
        const trees = Array.from({ length: 5 }, () => {
          const width = random.nextFloat() < 0.5 ? 1 : outputs;
          const output = width === 1 ? random.nextInteger(outputs) : 0;
          return growRandomTree({ features, depthMax: 5, output, width }, random);
        });
        const base = Array.from({ length: outputs }, (_, k) => k / 8);
        const link = outputs > 1 ? 'softmax' : 'identity';
        const model = wrapTrees({ features, link, base, scale: outputs > 1 ? 1 : 0.25, trees });
        const found = importOnnx(exportOnnx(model, thresholdFor(model)));
        const table = makeTable(random, 60);
        expect(predict(found, table)).toEqual(predict(model, table));
        const [own, read] = [explainModel({ model, table }), explainModel({ model: found, table })];
        const worst = own.contributions.reduce(
          (most, value, i) => Math.max(most, Math.abs(value - read.contributions[i]!)),
          0,
        );
        expect(worst).toBeLessThan(1e-9);
      }),
      { numRuns: 60 },
    );
  });

  it.each<Calibration>([
    { kind: 'platt', slope: 0.5, intercept: Math.fround(0.1) },
    { kind: 'isotonic', edges: [-1, 0, 1], values: [0.125, 0.25, 0.5, 0.75] },
  ])('gives its calibration back: $kind', (calibration) => {
    const random = createRandom(9);
    const trees = [growRandomTree({ features, depthMax: 4, output: 0, width: 1 }, random)];
    const model = wrapTrees({ features, link: 'sigmoid', base: [0.5], scale: 1, trees, calibration });
    const table = makeTable(random, 40);
    expect(predict(importOnnx(exportOnnx(model, { threshold: 0.5 })), table)).toEqual(predict(model, table));
  });

  it('gives a linear model of several classes back', () => {
    const model = wrapLinear({
      features,
      link: 'softmax',
      bias: [0.5, -0.25, 1 / 3],
      numeric: [{ feature: 3, imputed: 1, offset: 0.5, scale: 2, weights: [0.1, 0.2, 0.3] }],
      categories: [
        { feature: 1, imputed: 2, code: 2, weights: [1, 2, 3] },
        { feature: 2, imputed: 0, code: 0, weights: [-1, 0.7, 3] },
      ],
    });
    const table = makeTable(createRandom(4), 40);
    expect(predict(importOnnx(exportOnnx(model)), table)).toEqual(predict(model, table));
  });
});

describe('a file that is broken', () => {
  const random = createRandom(11);
  const trees = [growRandomTree({ features, depthMax: 4, output: 0, width: 1 }, random)];
  const file = exportOnnx(wrapTrees({ features, link: 'identity', base: [0], scale: 1, trees }));
  const attempt = (bytes: Uint8Array): void => {
    try {
      importOnnx(bytes);
    } catch (error) {
      if (!(error instanceof LearningError)) throw error;
    }
  };

  it('is refused with a reason, wherever it was cut', () => {
    for (let length = 0; length < file.length; length += 7) attempt(file.subarray(0, length));
    expect(() => importOnnx(file.subarray(0, file.length >> 1))).toThrow(
      expect.objectContaining({ code: 'unreadable-model' }),
    );
  });

  it('never leads in circles or out of the file, whichever byte changed', () => {
    for (let at = 0; at < file.length; at++) {
      const changed = Uint8Array.from(file);
      changed[at] = (changed[at]! + 1 + (at % 200)) & 255;
      attempt(changed);
    }
  });

  it('of another tool is refused', () => {
    expect(() => importOnnx(new Uint8Array([8, 8, 58, 0]))).toThrow(
      expect.objectContaining({ code: 'unreadable-model' }),
    );
  });
});
