import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { MODEL_SHAPES, makeFeatures, makeModel, makeTable } from '../../test/make-model.js';
import { loadOnnx } from '../../test/run-onnx.js';
import { fitIsotonic } from '../calibration/fit-isotonic.js';
import { fitPlatt } from '../calibration/fit-platt.js';
import { fitTemperature } from '../calibration/fit-temperature.js';
import { createDataset, type Dataset, type FeatureTable, type Task } from '../dataset/dataset.js';
import { algorithmsFor } from '../families/algorithm.js';
import { fitModel } from '../families/fit-model.js';
import { countOutputs, type Model } from '../families/model.js';
import { predict, predictMargins } from '../families/predict.js';
import { createRandom } from '../random/random.js';
import { compareWithRuntime, type ParityCertificate, type ParityRequest } from './compare-with-runtime.js';
import { exportOnnx } from './export-onnx.js';
import { importOnnx } from './read-onnx.js';
import { hasThreshold } from './signature.js';

async function certify(model: Model, table: FeatureTable, threshold: number): Promise<ParityCertificate> {
  const file = exportOnnx(model, hasThreshold(model.task) ? { threshold } : {});
  const ask = await loadOnnx(file, model.task);
  const { probabilities, labels, shapes } = await ask(table);
  const outputs = countOutputs(model);
  for (const [name, shape] of Object.entries(shapes)) {
    expect(shape).toEqual(name === 'label' || outputs === 1 ? [table.rowCount] : [table.rowCount, outputs]);
  }
  const answers = { kernelProbabilities: predict(model, table), runtimeProbabilities: probabilities };
  const requests: Record<Model['task'], ParityRequest> = {
    'binary-classification': { ...answers, task: 'binary-classification', runtimeLabels: labels, threshold },
    'anomaly-detection': { ...answers, task: 'anomaly-detection', runtimeLabels: labels, threshold },
    'multiclass-classification': {
      ...answers,
      task: 'multiclass-classification',
      runtimeLabels: labels,
      classCount: outputs,
    },
    regression: { ...answers, task: 'regression', targetDeviation: 1 },
  };
  return compareWithRuntime(requests[model.task]);
}

/** A threshold that some row's answer equals, where that is one. */
function chooseThreshold(model: Model, answers: Float64Array, row: number): number {
  return hasThreshold(model.task) ? Math.min(0.999, Math.max(1e-6, answers[row]!)) : 0.5;
}

it.each(Object.keys(MODEL_SHAPES))(
  '%s answers in ONNX Runtime as in the kernel, for any columns and cells',
  async (name) => {
    const shape = MODEL_SHAPES[name]!;
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.integer({ min: 1, max: 8 }), async (seed, featureCount) => {
        const random = createRandom(seed);
        const features = makeFeatures(random, featureCount);
        const model = makeModel(random, { ...shape, features, classCount: 2 + random.nextInteger(6) });
        const table = makeTable(random, features, 300);
        const answers = predict(model, table);
        const threshold = chooseThreshold(model, answers, random.nextInteger(table.rowCount));
        expect(await certify(model, table, threshold)).toMatchObject({ rows: 300, labelDifferences: 0, holds: true });
        const file = exportOnnx(model, hasThreshold(model.task) ? { threshold } : {});
        expect(predict(importOnnx(file), table)).toEqual(answers);
      }),
      { numRuns: 25 },
    );
  },
);

// Columns of every kind, some of them missing, and rows that count differently.
const WORDS = ['cash', 'card', 'transfer'];
function makeRows(task: Task, seed: number): Dataset {
  const random = createRandom(seed);
  const rows = 250;
  const features = [
    { name: 'amount', kind: 'numeric' },
    { name: 'channel', kind: 'categorical', categories: WORDS },
    { name: 'region', kind: 'categorical' },
    { name: 'age', kind: 'numeric' },
  ] as const;
  const draw = [
    () => 50 * random.nextFloat(),
    () => random.nextInteger(3),
    () => random.nextInteger(40),
    () => random.nextInteger(9),
  ];
  const columns = draw.map((next) =>
    Array.from({ length: rows }, () => (random.nextFloat() < 0.1 ? Number.NaN : next())),
  );
  const score = Array.from({ length: rows }, (_, row) => {
    const [amount = 0, channel = 0, region = 0] = columns.map((column) => column[row]! || 0);
    return amount / 10 + 2 * channel + (region % 7) / 3 + random.nextFloat();
  });
  const targets: Record<Task, readonly number[]> = {
    'binary-classification': score.map((value) => Number(value > 6)),
    'multiclass-classification': score.map((value) => Math.min(3, Math.floor(value / 3))),
    // Far from zero for its spread: the worst case for float32.
    regression: score.map((value) => 2000 + value),
    'anomaly-detection': score.map(() => 0),
  };
  const classes = task === 'multiclass-classification' ? { classes: ['a', 'b', 'c', 'd'] } : {};
  const weights = Array.from({ length: rows }, () => 0.5 + random.nextFloat());
  return createDataset({
    features,
    columns,
    task,
    target: targets[task],
    ...classes,
    ...(task === 'anomaly-detection' ? {} : { weights }),
  });
}

const TASKS = ['binary-classification', 'multiclass-classification', 'regression', 'anomaly-detection'] as const;

it.each(TASKS.flatMap((task) => algorithmsFor(task).map((algorithm) => [task, algorithm] as const)))(
  '%s by %s keeps parity on rows that it did not learn from',
  async (task, algorithm) => {
    const forest = algorithm.includes('forest') || algorithm.includes('trees') || algorithm.includes('boosting');
    const hyperparameters = forest ? { n_estimators: 40 } : {};
    const model = fitModel({ dataset: makeRows(task, 1), algorithm, hyperparameters, seed: 2 });
    const table = makeRows(task, 77);
    const answers = predict(model, table);
    for (const row of [0, 100, 200]) {
      const certificate = await certify(model, table, chooseThreshold(model, answers, row));
      expect(certificate).toMatchObject({ rows: 250, labelDifferences: 0, holds: true });
    }
  },
);

it.each(
  (['binary-classification', 'multiclass-classification'] as const).flatMap((task) =>
    algorithmsFor(task).map((algorithm) => [task, algorithm] as const),
  ),
)('%s by %s keeps parity as it is calibrated', async (task, algorithm) => {
  const model = fitModel({ dataset: makeRows(task, 1), algorithm, seed: 2 });
  const unseen = makeRows(task, 3);
  const sample = { margins: predictMargins(model, unseen), target: unseen.target, weights: unseen.weights };
  const calibrations =
    task === 'binary-classification'
      ? [fitPlatt(sample), ...(model.kind === 'trees' ? [fitIsotonic(sample)] : [])]
      : [fitTemperature(sample)];
  const table = makeRows(task, 77);
  for (const calibration of calibrations) {
    const calibrated = { ...model, calibration };
    const answers = predict(calibrated, table);
    const certificate = await certify(calibrated, table, chooseThreshold(calibrated, answers, 17));
    expect(certificate).toMatchObject({ rows: 250, labelDifferences: 0, holds: true });
  }
});
