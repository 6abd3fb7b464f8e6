import type { Feature, Task } from '../dataset/dataset.js';
import { ALGORITHM_TASKS, parseAlgorithm } from '../families/algorithm.js';
import type { Hyperparameters } from '../families/hyperparameters.js';
import {
  type Calibration,
  type CategoryTerm,
  countOutputs,
  type LinearModel,
  type Model,
  type ModelHeader,
  type NumericTerm,
  type TreeEnsembleModel,
} from '../families/model.js';
import { LearningError } from '../learning-error.js';
import { type ReadGraph, type ReadNode, readGraph } from './read-graph.js';
import { readTrees } from './read-trees.js';

const unreadable = (detail: string): LearningError => new LearningError('unreadable-model', detail);

/** A value of the metadata that is JSON; `absent` when the file was written before the key was. */
function readJson<T>({ metadata }: ReadGraph, key: string, absent: T): T {
  const text = metadata.get(key);
  if (text === undefined) return absent;
  try {
    return JSON.parse(text) as T; // written by `describeModel`; what must hold of it is checked by who uses it
  } catch {
    throw unreadable(`The file's metadata ${key} is not JSON.`);
  }
}

function readFeatures(graph: ReadGraph): Feature[] {
  const names = readJson<readonly string[]>(graph, 'feature_names', []);
  const kinds = readJson<readonly Feature['kind'][]>(graph, 'feature_kinds', []);
  const categories = readJson<readonly (readonly string[] | null)[]>(graph, 'feature_categories', []);
  if (!Array.isArray(names) || names.length === 0 || names.length !== kinds.length) {
    throw unreadable('The file does not name its features: it was not exported by this kernel.');
  }
  return names.map((name: string, j) => {
    const texts = categories[j] ?? null;
    return texts === null ? { name, kind: kinds[j]! } : { name, kind: kinds[j]!, categories: texts };
  });
}

function readHeader(graph: ReadGraph): ModelHeader {
  const algorithm = parseAlgorithm(graph.metadata.get('algorithm') ?? '');
  const task = graph.metadata.get('task');
  const known: readonly Task[] = ALGORITHM_TASKS[algorithm];
  const found = known.find((one) => one === task);
  if (found === undefined) throw unreadable(`The file's task is not one that ${algorithm} learns.`);
  return {
    task: found,
    algorithm,
    features: readFeatures(graph),
    classes: readJson<readonly string[]>(graph, 'classes', ['0', '1']),
    hyperparameters: readJson<Hyperparameters>(graph, 'hyperparameters', {}),
    seed: Number(graph.metadata.get('seed') ?? 0),
    trainRows: Number(graph.metadata.get('train_rows') ?? 0),
    kernelVersion: graph.metadata.get('kernel_version') ?? '',
    calibration: readJson<Calibration | null>(graph, 'calibration', null),
  };
}

const findNode = ({ nodes }: ReadGraph, operator: string, output: string): ReadNode | undefined =>
  nodes.find((node) => node.operator === operator && node.outputs[0] === output);

const TREE_LINKS = ['sigmoid', 'softmax', 'identity', 'mean', 'isolation'] as const;
const LINEAR_LINKS = ['sigmoid', 'softmax', 'identity'] as const;

function readEnsemble(graph: ReadGraph, node: ReadNode, header: ModelHeader): TreeEnsembleModel {
  // Files of kernel 1 do not name the link; they were all binary.
  const link = graph.metadata.get('link') ?? (header.algorithm === 'random_forest' ? 'mean' : 'sigmoid');
  const known = TREE_LINKS.find((one) => one === link);
  const base = node.floats('base_values');
  const [scale = 1] = graph.constants.get('scale') ?? [];
  if (known === undefined || base.length !== countOutputs(header)) {
    throw unreadable('The trees of the file do not fit its task.');
  }
  const trees = readTrees(node, header.features.length);
  if (trees.some(({ output, width }) => output + width > base.length)) {
    throw unreadable('A tree adds to an output that the model does not have.');
  }
  return { ...header, kind: 'trees', link: known, base, scale, trees };
}

function readNumericTerms(graph: ReadGraph): Omit<NumericTerm, 'weights'>[] {
  const imputed = findNode(graph, 'Imputer', 'imputed')?.floats('imputed_value_floats') ?? [];
  const scaler = findNode(graph, 'Scaler', 'scaled');
  const [offsets, scales] = [scaler?.floats('offset') ?? [], scaler?.floats('scale') ?? []];
  return (graph.constants.get('numeric_columns') ?? []).map((feature, i) => ({
    feature,
    imputed: imputed[i]!,
    offset: offsets[i]!,
    scale: scales[i]!,
  }));
}

function readCategoryTerms(graph: ReadGraph): Omit<CategoryTerm, 'weights'>[] {
  const imputed = findNode(graph, 'Imputer', 'imputed_codes')?.floats('imputed_value_floats') ?? [];
  const codes = graph.constants.get('category_codes') ?? [];
  return (graph.constants.get('category_columns') ?? []).map((feature, i) => ({
    feature,
    imputed: imputed[i]!,
    code: codes[i]!,
  }));
}

function readLinear(graph: ReadGraph, header: ModelHeader): LinearModel {
  const link = LINEAR_LINKS.find((one) => one === (graph.metadata.get('link') ?? 'sigmoid'));
  const [bias, weights] = ['bias', 'weights'].map((name) => graph.constants.get(name) ?? []);
  const outputs = countOutputs(header);
  const numeric = readNumericTerms(graph);
  const categories = readCategoryTerms(graph);
  const terms = numeric.length + categories.length;
  const isWhole =
    bias!.length === outputs &&
    weights!.length === Math.max(1, terms) * outputs &&
    [...numeric, ...categories].every(
      (term) => term.feature < header.features.length && Object.values(term).every(Number.isFinite),
    );
  if (link === undefined || !isWhole) throw unreadable('The terms of the file do not fit each other.');
  const weightsOf = (term: number): number[] => weights!.slice(term * outputs, (term + 1) * outputs);
  return {
    ...header,
    kind: 'linear',
    link,
    numeric: numeric.map((term, i) => ({ ...term, weights: weightsOf(i) })),
    categories: categories.map((term, i) => ({ ...term, weights: weightsOf(numeric.length + i) })),
    bias: bias!,
    fit: readJson(graph, 'fit', { iterations: 0, converged: false, objective: 0 }),
  };
}

/**
 * Reads a model back from a file that `exportOnnx` wrote, so that the file alone can be explained: it predicts what the exported
 * model predicts. Trees come back without gains and, from files of kernel 1, without covers; the sides of a cut of categories may
 * have changed places.
 *
 * @throws LearningError `unreadable-model` for a file that is broken or was not exported by this kernel; `unknown-algorithm`
 */
export function importOnnx(file: Uint8Array): Model {
  const graph = readGraph(file);
  if (!graph.metadata.has('algorithm')) throw unreadable('The file was not exported by this kernel.');
  const header = readHeader(graph);
  const trees = findNode(graph, 'TreeEnsembleRegressor', 'sum');
  return trees ? readEnsemble(graph, trees, header) : readLinear(graph, header);
}
