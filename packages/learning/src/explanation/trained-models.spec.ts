import { expect, it } from '@jest/globals';
import { createDataset, type Dataset, type Task } from '../dataset/dataset.js';
import { ALGORITHM_TASKS, ALGORITHMS } from '../families/algorithm.js';
import { fitModel } from '../families/fit-model.js';
import { predictMargins } from '../families/predict.js';
import { exportOnnx } from '../onnx/export-onnx.js';
import { importOnnx } from '../onnx/read-onnx.js';
import { createRandom } from '../random/random.js';
import { explainModel } from './explain-model.js';

/** A number, a text category and a number with gaps that matter, and a column of noise. */
function makeDataset(task: Task): Dataset {
  const random = createRandom(17);
  const rows = 240;
  const columns: number[][] = [[], [], [], []];
  const target: number[] = [];
  for (let i = 0; i < rows; i++) {
    const row = [random.nextFloat() * 4, random.nextInteger(5), random.nextFloat() * 2, random.nextFloat()];
    const value = row[0]! + (row[1] === 2 ? 2 : 0) - row[2]! + random.nextFloat();
    target.push(task === 'regression' ? value * 100 : Math.min(Math.max(Math.floor(value), 0), 2));
    row[2] = random.nextFloat() < 0.2 ? Number.NaN : row[2]!;
    columns.forEach((column, j) => {
      column.push(row[j]!);
    });
  }
  const isMulticlass = task === 'multiclass-classification';
  return createDataset({
    task,
    ...(isMulticlass ? { classes: ['low', 'middle', 'high'] } : {}),
    features: [
      { name: 'a', kind: 'numeric' },
      { name: 'b', kind: 'categorical', categories: ['v', 'w', 'x', 'y', 'z'] },
      { name: 'c', kind: 'numeric' },
      { name: 'd', kind: 'numeric' },
    ],
    columns,
    target: task === 'regression' || isMulticlass ? target : target.map((value) => Number(value > 1)),
  });
}

const TRAINED = ALGORITHMS.flatMap((algorithm) => ALGORITHM_TASKS[algorithm].map((task) => ({ algorithm, task })));

it.each(TRAINED)(
  '$algorithm for $task: contributions sum to the margin, from the model and from its file',
  ({ algorithm, task }) => {
    const dataset = makeDataset(task);
    const hyperparameters = algorithm.endsWith('_regression') ? {} : { n_estimators: 12 };
    const model = fitModel({ dataset, algorithm, hyperparameters, seed: 1 });
    const threshold = task === 'binary-classification' || task === 'anomaly-detection' ? { threshold: 0.5 } : {};
    const margins = predictMargins(model, dataset);
    // Sums are float32 and relative to the values of a regression.
    const tolerance = 1e-5 * Math.max(1, ...margins.map(Math.abs));
    for (const explained of [model, importOnnx(exportOnnx(model, threshold))]) {
      const { baseValues, contributions, outputCount, featureCount } = explainModel({
        model: explained,
        table: dataset,
      });
      const worst = margins.reduce((most, margin, cell) => {
        const own = contributions.subarray(cell * featureCount, (cell + 1) * featureCount);
        const sum = own.reduce((total, contribution) => total + contribution, baseValues[cell % outputCount]!);
        return Math.max(most, Math.abs(sum - margin));
      }, 0);
      expect(worst).toBeLessThan(tolerance);
    }
  },
);
