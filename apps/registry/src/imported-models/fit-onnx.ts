import type { Task } from '@gimbal/contracts';
import {
  ONNX_INT64,
  ONNX_STRING,
  type OnnxHeader,
  type OnnxValue,
  readOnnxHeader,
} from '../model-files/read-onnx-header.js';
import { readTensorNames, removeZipMap, renameTensors } from './rename-tensors.js';

/** A file whose inputs and outputs have the names that serving knows, and what it seems to answer. */
export interface FittedModel {
  readonly file: Uint8Array;
  readonly task: Task;
  /** Columns of the one input; null when the file does not say. */
  readonly columns: number | null;
  /** Of a classifier; null when the file does not say. */
  readonly classes: number | null;
  /** True when an operator of the file knows what to do without a value. */
  readonly takesMissing: boolean;
}

/** The input of serving; see `ModelSignature`. */
const FEATURES = 'features';
/** Operators that have a way to go, or a value to put in, where there is none. */
const TAKES_MISSING = ['TreeEnsemble', 'TreeEnsembleClassifier', 'TreeEnsembleRegressor', 'Imputer'];

/**
 * Gives a file of another library the names that serving asks by: exporters call the one input as they like (`X`, `float_input`, `input`) and
 * end a classifier with a ZipMap unless they are told otherwise. What cannot be fitted is left as it is: the check of the file says what is wrong.
 * @returns null when the outputs are of no task that serving knows
 * @throws ProtobufError when it is not an ONNX file
 */
export function fitOnnx(original: Uint8Array): FittedModel | null {
  const { zipMap } = readTensorNames(original);
  const file = zipMap ? removeZipMap(original, zipMap) : original;
  const header = readOnnxHeader(file);
  const answer = findAnswer(header);
  if (!answer) return null;
  const [input] = header.inputs;
  const names = new Map(answer.names);
  if (input && header.inputs.length === 1) names.set(input.name, FEATURES);
  return {
    file: rename(file, names),
    task: answer.task,
    columns: header.inputs.length === 1 ? (input?.shape?.[1] ?? null) : null,
    classes: answer.classes,
    takesMissing: [...header.operators.values()].some((used) => TAKES_MISSING.some((name) => used.has(name))),
  };
}

interface Answer {
  readonly task: Task;
  readonly names: ReadonlyMap<string, string>;
  readonly classes: number | null;
}

function findAnswer({ outputs }: OnnxHeader): Answer | null {
  const [first, second] = outputs;
  if (!first) return null;
  if (outputs.length === 1) return isColumn(first) ? regression(first) : null;
  if (!second || outputs.length > 2) return null;
  const label = [first, second].find(isLabel);
  const other = [first, second].find((one) => one !== label);
  if (!label || !other) return null;
  if (/^scores?$/.test(other.name)) return { task: 'anomaly-detection', names: new Map(), classes: null };
  return classifier(label, other);
}

const isLabel = ({ name, elementType }: OnnxValue): boolean =>
  elementType === ONNX_INT64 || (elementType === ONNX_STRING && name.includes('label'));

/** One value per row. */
const isColumn = ({ shape }: OnnxValue): boolean =>
  shape !== null && (shape.length === 1 || (shape.length === 2 && shape[1] === 1));

function regression({ name }: OnnxValue): Answer {
  const isKnown = name === 'value' || name === 'variable';
  return { task: 'regression', names: isKnown ? new Map() : new Map([[name, 'value']]), classes: null };
}

function classifier(label: OnnxValue, answer: OnnxValue): Answer {
  const classes = isColumn(answer) ? 2 : (answer.shape?.[1] ?? null);
  const names = new Map([
    [label.name, 'label'],
    [answer.name, isColumn(answer) ? 'probability' : 'probabilities'],
  ]);
  return { task: classes === 2 ? 'binary-classification' : 'multiclass-classification', names, classes };
}

/** A new name that another tensor has already goes on: the other gets one that nothing has. */
function rename(file: Uint8Array, wanted: ReadonlyMap<string, string>): Uint8Array {
  const names = new Map([...wanted].filter(([from, to]) => from !== to));
  if (names.size === 0) return file;
  const { names: taken } = readTensorNames(file);
  for (const name of [...names.values()]) {
    if (!taken.has(name) || names.has(name)) continue;
    let free = `${name}_inside`;
    while (taken.has(free)) free += '_';
    names.set(name, free);
  }
  return renameTensors(file, names);
}
