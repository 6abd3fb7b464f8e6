import { beforeAll, describe, expect, it } from '@jest/globals';
import type { FeatureTable } from '../../src/dataset/dataset.js';
import { countOutputs, type Model } from '../../src/families/model.js';
import { decideClasses, predict } from '../../src/families/predict.js';
import { decideLabels } from '../../src/families/predict-probability.js';
import { exportOnnx } from '../../src/onnx/export-onnx.js';
import { ANSWER_OUTPUT, hasLabel, hasThreshold } from '../../src/onnx/signature.js';
import { createRandom } from '../../src/random/random.js';
import { MODEL_SHAPES, makeFeatures, makeModel, makeTable } from '../make-model.js';
import { loadOnnx } from '../run-onnx.js';
import { askRuntime, pythonRuntime, type RuntimeAnswer, type RuntimeCommand, WEB_RUNTIME } from './ask-runtime.js';

interface Case {
  readonly name: string;
  readonly model: Model;
  readonly table: FeatureTable;
  readonly threshold: number;
  readonly file: Uint8Array;
}

/** A threshold that the answers of some rows equal. */
function chooseThreshold(answers: Float64Array): number {
  return Math.min(0.99, Math.max(0.01, answers[answers.length >> 1]!));
}

function makeCase(name: string, seed: number): Case {
  const random = createRandom(seed);
  const features = makeFeatures(random, 2 + (seed % 7));
  const model = makeModel(random, { ...MODEL_SHAPES[name]!, features });
  const table = makeTable(random, features, 500);
  const threshold = chooseThreshold(predict(model, table));
  return { name, model, table, threshold, file: exportOnnx(model, hasThreshold(model.task) ? { threshold } : {}) };
}

/** Twice the categories that the kernel tells apart in a column: in a cut as long a chain of tests as a model can have. */
function makeLongCase(): Case {
  const random = createRandom(3);
  const features = [
    { name: 'city', kind: 'categorical', categories: Array.from({ length: 510 }, (_, code) => `city ${code}`) },
    { name: 'zip', kind: 'categorical' },
  ] as const;
  const model = makeModel(random, { task: 'regression', kind: 'trees', features, treeCount: 3, depthMax: 2 });
  const table = makeTable(random, features, 500);
  return { name: 'hundreds of categories', model, table, threshold: 0, file: exportOnnx(model) };
}

function expectSameAnswers({ model, table, threshold }: Case, answer: RuntimeAnswer): void {
  const { task } = model;
  const expected = predict(model, table);
  const { shape, values } = answer[ANSWER_OUTPUT[task]]!;
  const outputs = countOutputs(model);
  expect(shape).toEqual(outputs === 1 ? [table.rowCount] : [table.rowCount, outputs]);
  const scale = task === 'regression' ? 100 : 1;
  const worst = Math.max(...values.map((value, i) => Math.abs(value - expected[i]!) / scale));
  expect(worst).toBeLessThan(1e-6);
  if (!hasLabel(task)) return;
  const labels = hasThreshold(task) ? decideLabels(expected, threshold) : decideClasses(expected, outputs);
  expect(answer['label']!.values).toEqual(Array.from(labels));
}

const python = process.env['GIMBAL_PYTHON'] ?? '';
const skipped = `Set GIMBAL_PYTHON to a Python with numpy and onnxruntime to ask Python's ONNX Runtime too.`;

const RUNTIMES: readonly (readonly [string, RuntimeCommand | null])[] = [
  ['ONNX Runtime for Node', null],
  ['ONNX Runtime for browsers', WEB_RUNTIME],
  ...(python === '' ? [] : [["Python's ONNX Runtime", pythonRuntime(python)] as const]),
];

async function askHere({ file, model, table }: Case): Promise<RuntimeAnswer> {
  const { probabilities, labels, shapes } = await (await loadOnnx(file, model.task))(table);
  const output = ANSWER_OUTPUT[model.task];
  return {
    [output]: { shape: shapes[output]!, values: Array.from(probabilities) },
    label: { shape: shapes['label'] ?? [], values: Array.from(labels, Number) },
  };
}

const cases = [
  ...Object.keys(MODEL_SHAPES).flatMap((name, index) => [makeCase(name, index), makeCase(name, 100 + index)]),
  makeLongCase(),
];

describe.each(RUNTIMES)('%s answers as the kernel, label for label', (_, command) => {
  let answers: readonly RuntimeAnswer[] = [];

  beforeAll(async () => {
    if (command !== null) answers = (await askRuntime(command, cases)).answers;
    else answers = await Promise.all(cases.map(askHere));
  });

  it.each(cases.map((one, index) => ({ ...one, index })))('$name ($index)', ({ index }) => {
    expectSameAnswers(cases[index]!, answers[index]!);
  });
});

if (python === '') it.skip(`Python's ONNX Runtime: ${skipped}`, () => undefined);
