import {
  ONNX_DOUBLE,
  ONNX_FLOAT,
  ONNX_INT64,
  ONNX_STRING,
  type OnnxHeader,
  type OnnxValue,
} from './read-onnx-header.js';
import type { ServedSignature } from './served-signature.js';
import { shownNames, shownShape } from './show-in-message.js';

interface WantedInput {
  readonly name: string;
  readonly elementType: number;
  readonly typeName: 'float32' | 'string';
  /** Null for one text per row. */
  readonly columns: number | null;
}

/** The inputs that a file must have for a signature, as its docblock in the contracts says. */
function planInputs({ task, inputs }: ServedSignature): readonly WantedInput[] {
  const text = { elementType: ONNX_STRING, typeName: 'string' } as const;
  if (task === 'text-classification') return [{ name: 'query', ...text, columns: null }];
  const asText = inputs.filter(({ categories }) => categories !== undefined).length;
  const asNumber = inputs.length - asText;
  return [
    ...(asNumber > 0
      ? [{ name: 'features', elementType: ONNX_FLOAT, typeName: 'float32', columns: asNumber } as const]
      : []),
    ...(asText > 0 ? [{ name: 'texts', ...text, columns: asText }] : []),
  ];
}

const shapeOf = ({ columns }: WantedInput): string => (columns === null ? '[rows]' : `[rows, ${columns}]`);

const describe = (wanted: WantedInput): string =>
  `${wanted.typeName} input named ${wanted.name} with the shape ${shapeOf(wanted)}`;

/** How the converters are told of the input. */
function sayHow(wanted: WantedInput): string {
  if (wanted.typeName === 'string') return '';
  const { name, columns } = wanted;
  return `. With skl2onnx or onnxmltools: initial_types=[("${name}", FloatTensorType([None, ${columns}]))]`;
}

const TYPE_NAMES: ReadonlyMap<number, string> = new Map([
  [ONNX_FLOAT, 'float32'],
  [ONNX_INT64, 'int64'],
  [ONNX_STRING, 'string'],
  [ONNX_DOUBLE, 'float64'],
]);

function checkInput(input: OnnxValue, wanted: WantedInput): readonly string[] {
  const must = `it must have one ${describe(wanted)}`;
  if (input.kind !== 'tensor' || input.elementType !== wanted.elementType) {
    const found = TYPE_NAMES.get(input.elementType);
    return [`${must}; the input is not ${wanted.typeName}${found ? ` but ${found}` : ''}${sayHow(wanted)}`];
  }
  const { shape } = input;
  if (shape === null) return [];
  const rank = wanted.columns === null ? 1 : 2;
  const columns = shape[1] ?? null;
  if (shape.length !== rank || (columns !== null && columns !== wanted.columns))
    return [`${must}; the input has the shape ${shownShape(input)}`];
  if (typeof shape[0] === 'number')
    return [`its number of rows is fixed at ${shape[0]}; export it with a dynamic first dimension${sayHow(wanted)}`];
  return [];
}

/** Finds what is wrong with the inputs of a file. */
export function checkInputs(header: OnnxHeader, signature: ServedSignature): readonly string[] {
  const wanted = planInputs(signature);
  const names = new Set(wanted.map(({ name }) => name));
  const found = header.inputs.filter(({ name }) => names.has(name));
  if (header.inputs.length !== wanted.length || found.length !== wanted.length) {
    const all = wanted.map(describe).join(' and one ');
    const how = wanted.map(sayHow).find((one) => one !== '') ?? '';
    return [`it must have one ${all}; its inputs are: ${shownNames(header.inputs)}${how}`];
  }
  return wanted.flatMap((one) =>
    header.inputs.filter(({ name }) => name === one.name).flatMap((input) => checkInput(input, one)),
  );
}
