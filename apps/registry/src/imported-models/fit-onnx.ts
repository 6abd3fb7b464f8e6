import type { Task } from '@gimbal/contracts';
import {
  ONNX_INT64,
  ONNX_STRING,
  type OnnxHeader,
  type OnnxValue,
  readOnnxHeader,
} from '../model-files/read-onnx-header.js';
import { readClassLabels, replaceZipMap } from './class-labels.js';
import { answerFloat32, answerIndex, CONVERTIBLE_ANSWERS, CONVERTIBLE_INPUTS, takeFloat32 } from './convert-values.js';
import { renameTensors } from './rename-tensors.js';

/** A file whose inputs and outputs are such as serving knows, and what it seems to answer. */
export interface FittedModel {
  readonly file: Uint8Array;
  readonly task: Task;
  /** Columns of the one input; null when the file does not say. */
  readonly columns: number | null;
  /** Of a classifier, by their index; empty when the file does not say how many it has. */
  readonly classes: readonly string[];
  /** True when an operator of the file knows what to do without a value. */
  readonly takesMissing: boolean;
}

/** The input of serving; see `ModelSignature`. */
const FEATURES = 'features';
/** Operators that have a way to go, or a value to put in, where there is none. */
const TAKES_MISSING = ['TreeEnsemble', 'TreeEnsembleClassifier', 'TreeEnsembleRegressor', 'Imputer'];
/** Of ai.onnx, from which on types are numbers of an attribute and not their names. */
const OPERATOR_SET_MIN = 9;

/**
 * Gives a file of another library the names and types that serving asks by: exporters call the one input as they like (`X`, `float_input`,
 * `input`), take the type of the table that they saw, and end a classifier with a ZipMap unless they are told otherwise. What cannot be
 * fitted is left as it is: the check of the file says what is wrong.
 * @returns null when the outputs are of no task that serving knows
 * @throws ProtobufError when it is not an ONNX file
 */
export function fitOnnx(original: Uint8Array): FittedModel | null {
  const labels = readClassLabels(original);
  const canConvert = (readOnnxHeader(original).operatorSets.get('') ?? 0) >= OPERATOR_SET_MIN;
  const file = canConvert ? replaceZipMap(original, labels.length) : original;
  const header = readOnnxHeader(file);
  const answer = findAnswer(header, labels);
  if (!answer) return null;
  const [input] = header.inputs;
  const one = header.inputs.length === 1 ? input : undefined;
  const names = new Map([...answer.names, ...(one ? [[one.name, FEATURES] as const] : [])]);
  const renamed = renameTensors(file, names);
  const fitted = canConvert ? convert(renamed, labels) : renamed;
  return {
    file: fitted,
    task: answer.task,
    columns: one?.shape?.[1] ?? null,
    classes: answer.classes,
    takesMissing: [...header.operators.values()].some((used) => TAKES_MISSING.some((name) => used.has(name))),
  };
}

interface Answer {
  readonly task: Task;
  readonly names: ReadonlyMap<string, string>;
  readonly classes: readonly string[];
}

function findAnswer({ outputs }: OnnxHeader, labels: readonly string[]): Answer | null {
  const [first, second] = outputs;
  if (!first) return null;
  if (outputs.length === 1) return isColumn(first) ? regression(first) : null;
  if (!second || outputs.length > 2) return null;
  const label = [first, second].find(isLabel);
  const other = [first, second].find((one) => one !== label);
  if (!label || !other) return null;
  if (/^scores?$/.test(other.name)) return { task: 'anomaly-detection', names: new Map(), classes: [] };
  return classifier(label, other, labels);
}

const isLabel = ({ name, elementType }: OnnxValue): boolean =>
  elementType === ONNX_INT64 || (elementType === ONNX_STRING && name.includes('label'));

/** One value per row. */
const isColumn = ({ shape }: OnnxValue): boolean =>
  shape !== null && (shape.length === 1 || (shape.length === 2 && shape[1] === 1));

function regression({ name }: OnnxValue): Answer {
  const isKnown = name === 'value' || name === 'variable';
  return { task: 'regression', names: isKnown ? new Map() : new Map([[name, 'value']]), classes: [] };
}

function classifier(label: OnnxValue, answer: OnnxValue, labels: readonly string[]): Answer {
  const count = isColumn(answer) ? 2 : (answer.shape?.[1] ?? labels.length);
  const names = new Map([
    [label.name, 'label'],
    [answer.name, isColumn(answer) ? 'probability' : 'probabilities'],
  ]);
  const classes = labels.length === count ? labels : Array.from({ length: count }, (_, index) => String(index));
  return { task: count === 2 ? 'binary-classification' : 'multiclass-classification', names, classes };
}

/** True for 0, 1, 2, … */
const areIndices = (labels: readonly string[]): boolean => labels.every((label, index) => label === String(index));

/** The types that serving takes and gives, where the graph can be made to. */
function convert(renamed: Uint8Array, labels: readonly string[]): Uint8Array {
  let file = renamed;
  const { inputs, outputs } = readOnnxHeader(file);
  const input = inputs.find(({ name, shape }) => name === FEATURES && shape?.length === 2);
  if (input && CONVERTIBLE_INPUTS.includes(input.elementType) && input.shape?.[0] === null)
    file = takeFloat32(file, input);
  const answers = outputs.filter(
    ({ elementType, shape }) => CONVERTIBLE_ANSWERS.includes(elementType) && shape !== null,
  );
  for (const answer of answers) file = answerFloat32(file, answer);
  const label = outputs.find(({ name }) => name === 'label');
  const probabilities = outputs.find(({ name }) => name === 'probabilities');
  if (label && probabilities && !areIndices(labels)) file = answerIndex(file, label, probabilities);
  return file;
}
