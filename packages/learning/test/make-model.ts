import { createFeatureTable, type Feature, type FeatureTable, type Task } from '../src/dataset/dataset.js';
import type { Algorithm } from '../src/families/algorithm.js';
import {
  type Calibration,
  countOutputs,
  KERNEL_VERSION,
  type LinearModel,
  type Model,
  type TreeEnsembleModel,
} from '../src/families/model.js';
import type { Random } from '../src/random/random.js';
import type { Tree } from '../src/trees/tree.js';

const { fround } = Math;

/** Uniform in [low, high), as float32. */
const between = (random: Random, low: number, high: number): number => fround(low + random.nextFloat() * (high - low));
const pick = <T>(random: Random, list: readonly T[]): T => list[random.nextInteger(list.length)]!;

/** Codes that the columns of numbers in disguise hold: negative, broken and far apart ones too. */
const RAW_CODES = [0, 1, 2, 3, 7, 31, 32, 33, -4, 2.5, 100_000];
const WORDS = ['', 'management', 'blue-collar', 'naïve', '東京', '-1', 'NaN', 'a b', 'Z'];

/** Columns of all kinds in a random order: numbers, codes, texts. */
export function makeFeatures(random: Random, count: number): Feature[] {
  return Array.from({ length: count }, (_, j): Feature => {
    const name = `column ${j}`;
    const kind = random.nextInteger(4);
    if (kind === 0) return { name, kind: 'categorical' };
    if (kind === 1) {
      return { name, kind: 'categorical', categories: WORDS.slice(1, 2 + random.nextInteger(WORDS.length - 1)) };
    }
    return { name, kind: 'numeric' };
  });
}

function makeCell(random: Random, { kind, categories }: Feature): number {
  if (random.nextFloat() < 0.15) return Number.NaN;
  if (categories !== undefined) return random.nextInteger(categories.length);
  if (kind === 'categorical') return pick(random, [...RAW_CODES, 5, -1.5, 1e9]);
  // Few distinct values, so that many lie on a threshold; and a few that no column should have.
  return random.nextFloat() < 0.1
    ? pick(random, [0, -0, 1e-40, -1e6, 3.4e38, 16_777_217])
    : fround(Math.round(between(random, -8, 8) * 4) / 4);
}

/** Rows for a model of these features, missing and unseen values among them. */
export function makeTable(random: Random, features: readonly Feature[], rowCount: number): FeatureTable {
  const columns = features.map((feature) => Array.from({ length: rowCount }, () => makeCell(random, feature)));
  return createFeatureTable({ features, columns });
}

interface TreeShape {
  readonly features: readonly Feature[];
  readonly depthMax: number;
  readonly output: number;
  readonly width: number;
  readonly leaf: () => number;
}

/** A tree of random cuts, codes and missing values sent either way. */
export function makeTree(random: Random, { features, depthMax, output, width, leaf }: TreeShape): Tree {
  const feature: number[] = [];
  const threshold: number[] = [];
  const categories: (number[] | null)[] = [];
  const left: number[] = [];
  const right: number[] = [];
  const missingLeft: number[] = [];
  const value: number[] = [];
  const cover: number[] = [];
  const grow = (depth: number, rows: number): number => {
    const node = feature.length;
    const isLeaf = depth >= depthMax || random.nextFloat() < 0.15;
    const tested = isLeaf ? -1 : random.nextInteger(features.length);
    const { kind = 'numeric', categories: words = undefined } = features[tested] ?? {};
    const codes = words?.map((_, code) => code) ?? RAW_CODES;
    feature.push(tested);
    const cutsCodes = !isLeaf && kind === 'categorical' && random.nextFloat() < 0.85;
    categories.push(cutsCodes ? codes.filter(() => random.nextFloat() < 0.5).sort((a, b) => a - b) : null);
    threshold.push(isLeaf || cutsCodes ? 0 : fround(Math.round(between(random, -8, 8) * 4) / 4));
    missingLeft.push(isLeaf ? 0 : random.nextInteger(2));
    for (let k = 0; k < width; k++) value.push(isLeaf ? leaf() : 0);
    cover.push(rows);
    left.push(0);
    right.push(0);
    if (!isLeaf) {
      const share = Math.floor(rows * between(random, 0.1, 0.9));
      left[node] = grow(depth + 1, share);
      right[node] = grow(depth + 1, rows - share);
    }
    return node;
  };
  grow(0, 1000);
  const gain = feature.map(() => 0);
  return { feature, threshold, categories, left, right, missingLeft, output, width, value, gain, cover };
}

/** What a random model is to be. */
export interface ModelShape {
  readonly task: Task;
  readonly kind: Model['kind'];
  /** Of trees; the task's first by default. */
  readonly link?: TreeEnsembleModel['link'];
  readonly features: readonly Feature[];
  /** In a multiclass task. */
  readonly classCount?: number;
  readonly treeCount?: number;
  readonly depthMax?: number;
  readonly calibration?: Calibration['kind'];
}

function makeCalibration(random: Random, kind: Calibration['kind'] | undefined): Calibration | null {
  switch (kind) {
    case undefined:
      return null;
    case 'platt':
      return { kind, slope: between(random, 0.3, 2), intercept: between(random, -1, 1) };
    case 'temperature':
      return { kind, temperature: between(random, 0.4, 3) };
    case 'isotonic': {
      const edges = [...new Set(Array.from({ length: random.nextInteger(20) }, () => between(random, -1, 1)))];
      edges.sort((a, b) => a - b);
      const values = [...edges, 0].map(() => between(random, 0.01, 0.99)).sort((a, b) => a - b);
      return { kind, edges, values };
    }
  }
}

const LINKS = {
  'binary-classification': { trees: 'sigmoid', linear: 'sigmoid' },
  'multiclass-classification': { trees: 'softmax', linear: 'softmax' },
  regression: { trees: 'identity', linear: 'identity' },
  'anomaly-detection': { trees: 'isolation', linear: 'sigmoid' },
} as const satisfies Record<Task, { trees: TreeEnsembleModel['link']; linear: LinearModel['link'] }>;

type TreePart = Pick<TreeEnsembleModel, 'link' | 'base' | 'scale' | 'trees'>;

function makeTrees(random: Random, shape: ModelShape, outputs: number): TreePart {
  const { features, treeCount = 12, depthMax = 5, link = LINKS[shape.task].trees } = shape;
  // Leaves share their values often: runtimes take leaves of one value for one.
  const grade = (low: number, high: number, step: number): number =>
    Math.round((random.nextFloat() < 0.5 ? pick(random, [low, 0, high]) : between(random, low, high)) / step) * step;
  const wide = link === 'mean' && outputs > 1;
  const leafOf: Record<TreeEnsembleModel['link'], () => number> = {
    sigmoid: () => grade(-0.6, 0.6, 2 ** -20),
    softmax: () => grade(-0.6, 0.6, 2 ** -20),
    identity: () => grade(-300, 300, 2 ** -8),
    mean: () => grade(0, Math.floor(2 ** 16 / outputs), 1),
    isolation: () => grade(1, 12, 2 ** -10),
  };
  const scaleOf = {
    sigmoid: 1,
    softmax: 1,
    identity: 1,
    mean: fround(1 / (treeCount * 2 ** 16)),
    isolation: fround(1 / (7 * treeCount)),
  };
  const trees = Array.from({ length: treeCount * (wide ? 1 : outputs) }, (_, t) =>
    makeTree(random, {
      features,
      depthMax,
      output: wide ? 0 : t % outputs,
      width: wide ? outputs : 1,
      leaf: leafOf[link],
    }),
  );
  const base = Array.from({ length: outputs }, () =>
    link === 'mean' || link === 'isolation' ? 0 : Math.round(between(random, -1, 1) * 2 ** 20) / 2 ** 20,
  );
  return { link, base, scale: scaleOf[link], trees };
}

type LinearPart = Pick<LinearModel, 'link' | 'numeric' | 'categories' | 'bias' | 'fit'>;

function makeTerms(random: Random, { features, task }: ModelShape, outputs: number): LinearPart {
  const weights = (): number[] => Array.from({ length: outputs }, () => between(random, -0.8, 0.8));
  return {
    link: LINKS[task].linear,
    numeric: features.flatMap(({ kind }, feature) =>
      kind === 'categorical'
        ? []
        : [
            {
              feature,
              imputed: between(random, -2, 2),
              offset: between(random, -1, 1),
              scale: between(random, 0.1, 0.5),
              weights: weights(),
            },
          ],
    ),
    categories: features.flatMap(({ kind, categories }, feature) => {
      const codes = categories?.map((_, code) => code) ?? RAW_CODES;
      const imputed = pick(random, codes);
      return kind === 'categorical' ? codes.map((code) => ({ feature, imputed, code, weights: weights() })) : [];
    }),
    bias: weights(),
    fit: { iterations: 7, converged: true, objective: 0.5 },
  };
}

function algorithmOf(task: Task, kind: Model['kind']): Algorithm {
  if (kind === 'linear') return task === 'regression' ? 'ridge_regression' : 'logistic_regression';
  return task === 'anomaly-detection' ? 'isolation_forest' : 'gradient_boosting_level_wise';
}

/** A model that nobody trained: of any task, link and calibration. */
export function makeModel(random: Random, shape: ModelShape): Model {
  const { task, kind, features, classCount = 4 } = shape;
  const classes =
    task === 'regression'
      ? []
      : Array.from({ length: task === 'multiclass-classification' ? classCount : 2 }, (_, k) => `class ${k}`);
  const outputs = countOutputs({ task, classes });
  const header = {
    task,
    algorithm: algorithmOf(task, kind),
    features,
    classes,
    hyperparameters: {},
    seed: 1,
    trainRows: 1000,
    kernelVersion: KERNEL_VERSION,
    calibration: makeCalibration(random, shape.calibration),
  } as const;
  return kind === 'linear'
    ? { ...header, kind, ...makeTerms(random, shape, outputs) }
    : { ...header, kind, ...makeTrees(random, shape, outputs) };
}

/** Every kind of model that the kernel can hold. */
export const MODEL_SHAPES: Readonly<Record<string, Omit<ModelShape, 'features'>>> = {
  'binary trees': { task: 'binary-classification', kind: 'trees' },
  'binary trees with Platt scaling': { task: 'binary-classification', kind: 'trees', calibration: 'platt' },
  'binary trees with isotonic steps': { task: 'binary-classification', kind: 'trees', calibration: 'isotonic' },
  'a binary forest': { task: 'binary-classification', kind: 'trees', link: 'mean' },
  'a binary forest with isotonic steps': {
    task: 'binary-classification',
    kind: 'trees',
    link: 'mean',
    calibration: 'isotonic',
  },
  'multiclass trees': { task: 'multiclass-classification', kind: 'trees' },
  'multiclass trees with a temperature': {
    task: 'multiclass-classification',
    kind: 'trees',
    calibration: 'temperature',
  },
  'a multiclass forest': { task: 'multiclass-classification', kind: 'trees', link: 'mean' },
  'regression trees': { task: 'regression', kind: 'trees' },
  'an isolation forest': { task: 'anomaly-detection', kind: 'trees' },
  'a binary linear model': { task: 'binary-classification', kind: 'linear' },
  'a binary linear model with Platt scaling': { task: 'binary-classification', kind: 'linear', calibration: 'platt' },
  'a multinomial linear model': { task: 'multiclass-classification', kind: 'linear' },
  'a multinomial linear model with a temperature': {
    task: 'multiclass-classification',
    kind: 'linear',
    calibration: 'temperature',
  },
  'a linear regression': { task: 'regression', kind: 'linear' },
};
