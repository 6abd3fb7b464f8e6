import { createHash } from 'node:crypto';
import type { ModelSignature, SignatureInput } from '@gimbal/contracts';
import { createDataset, createRandom, exportOnnx, exportTextOnnx, fitModel, fitTextModel } from '@gimbal/learning';
import { eventually } from '@gimbal/testing';
import type { RegistryStub } from './registry-stub.js';
import type { PredictClient } from './serving-harness.js';

/** A model of one task, ready to be served, and a row that it takes. */
export interface TaskModel {
  readonly name: string;
  readonly onnx: Uint8Array;
  readonly digest: string;
  readonly signature: ModelSignature;
  readonly threshold: number;
  readonly row: Readonly<Record<string, unknown>>;
}

const ROWS = 120;
const COLOURS = ['red', 'green', 'blue'];
const FRUITS = ['apple', 'pear', 'plum'];

const base = { description: '', allowed: null, range: null, missing: 'allowed', trainingRange: null } as const;
/** One column of every kind: a number that must be there, a code, a truth, a text. */
const INPUTS: readonly SignatureInput[] = [
  {
    ...base,
    name: 'size',
    type: 'number',
    description: 'cm',
    range: [0, 20],
    missing: 'refused',
    trainingRange: [0, 1],
  },
  { ...base, name: 'grade', type: 'category', allowed: [3, 6, 7] },
  { ...base, name: 'ripe', type: 'boolean' },
  { ...base, name: 'colour', type: 'category', categories: COLOURS },
];

function makeColumns() {
  const random = createRandom(11);
  const draw = (value: () => number) => Array.from({ length: ROWS }, value);
  return {
    size: draw(() => random.nextFloat()),
    grade: draw(() => [3, 6, 7][random.nextInteger(3)] ?? 3),
    ripe: draw(() => random.nextInteger(2)),
    colour: draw(() => random.nextInteger(3)),
  };
}

const finish = (onnx: Uint8Array) => ({ onnx, digest: createHash('sha256').update(onnx).digest('hex') });

function makeTabular(name: string, task: Exclude<ModelSignature['task'], 'text-classification'>): TaskModel {
  const columns = makeColumns();
  const features = [
    { name: 'size', kind: 'numeric' },
    { name: 'grade', kind: 'categorical' },
    { name: 'ripe', kind: 'numeric' },
    { name: 'colour', kind: 'categorical', categories: COLOURS },
  ] as const;
  const targets = {
    'binary-classification': columns.colour.map((colour) => Number(colour === 0)),
    'multiclass-classification': columns.colour,
    regression: columns.size.map((size, row) => 10 * size + (columns.colour[row] ?? 0)),
    'anomaly-detection': columns.size.map(() => 0),
  };
  const isFruit = task === 'multiclass-classification';
  const dataset = createDataset({
    ...{ task, features, columns: Object.values(columns), target: targets[task] },
    ...(isFruit && { classes: FRUITS }),
  });
  const algorithm = task === 'anomaly-detection' ? 'isolation_forest' : 'random_forest';
  const hyperparameters = task === 'anomaly-detection' ? {} : { n_estimators: 10 };
  const model = fitModel({ dataset, algorithm, hyperparameters, seed: 1 });
  const threshold = task === 'binary-classification' || task === 'anomaly-detection' ? 0.5 : 0;
  return {
    ...{ name, threshold, ...finish(exportOnnx(model, threshold > 0 ? { threshold } : {})) },
    row: { size: 0.5, grade: 3, ripe: true, colour: 'red' },
    signature: { task, inputs: [...INPUTS], target: 'target', codings: {}, ...(isFruit && { classes: FRUITS }) },
  };
}

function makeText(): TaskModel {
  const starts = ['where is my card', 'close my account', 'what is the exchange rate'];
  const texts = Array.from({ length: 90 }, (_, i) => `${starts[i % 3]} please, case ${i}`);
  const classes = ['card', 'account', 'rate'];
  const { model } = fitTextModel({ texts, target: texts.map((_, i) => i % 3), classes, seed: 1 });
  return {
    ...{ name: 'intent-classifier', threshold: model.abstention.threshold, ...finish(exportTextOnnx(model)) },
    row: { utterance: 'close my account' },
    signature: {
      ...{ task: 'text-classification', classes, target: 'intent', codings: {} },
      inputs: [{ ...base, name: 'utterance', type: 'text', missing: 'refused' }],
    },
  };
}

/** One model of every task. */
export const makeTaskModels = (): readonly TaskModel[] => [
  makeTabular('heart-disease', 'binary-classification'),
  makeTabular('fruit', 'multiclass-classification'),
  makeTabular('weight', 'regression'),
  makeTabular('anomaly-detector', 'anomaly-detection'),
  makeText(),
];

export function serveTaskModels(registry: RegistryStub, models: readonly TaskModel[]): void {
  for (const { name, digest, onnx, signature, threshold } of models) {
    registry.keepArtifact({ digest, onnx });
    registry.put(name, { live: 1 }, [registry.version(name, 1, digest, { signature, threshold })]);
  }
}

/** Models are loaded when they are first asked; waits until each has answered. */
export async function awaitTaskModels(client: PredictClient, models: readonly TaskModel[]): Promise<void> {
  for (const { name, row } of models)
    await eventually(async () => {
      const { status } = await client.predictRows([row], { params: { model: name } });
      if (status !== 200) throw new Error(`${name} answers ${status}`);
    });
}
