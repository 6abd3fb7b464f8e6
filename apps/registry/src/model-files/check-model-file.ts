import { ONNX_FLOAT, ONNX_INT64, type OnnxHeader, type OnnxValue, readOnnxHeader } from './read-onnx-header.js';
import { ProtobufError } from './read-protobuf.js';

/** Operator domains that the runtime of serving knows. */
const KNOWN_DOMAINS: ReadonlySet<string> = new Set(['', 'ai.onnx', 'ai.onnx.ml', 'com.microsoft']);

const WITHOUT_ZIPMAP =
  'its outputs are maps (ZipMap), which serving cannot run. Export it again without: convert_sklearn(model, options={"zipmap": False}) ' +
  'with skl2onnx, convert_lightgbm(model, zipmap=False) or convert_xgboost with onnxmltools';

/**
 * Finds everything that keeps an ONNX file from being served: one float32 input `features` [rows, inputs], outputs `probability`
 * (float32) and `label` (int64), one value per row, nothing outside the file. An empty list means that it fits.
 *
 * @param inputs how many inputs the version's signature names
 */
export function checkModelFile(file: Uint8Array, inputs: number): readonly string[] {
  try {
    return checkHeader(readOnnxHeader(file), inputs);
  } catch (error) {
    if (error instanceof ProtobufError) return [`it is not an ONNX file: ${error.message}`];
    throw error;
  }
}

function checkHeader(header: OnnxHeader, inputs: number): readonly string[] {
  const faults: string[] = [];
  const unknown = [...header.operatorSets.keys()].filter((domain) => !KNOWN_DOMAINS.has(domain));
  if (unknown.length > 0)
    faults.push(`it uses operators of ${unknown.map(shownName).join(', ')}, which serving does not have`);
  if (header.hasExternalData) faults.push('it keeps tensors in other files; save it as one file');
  faults.push(...checkInputs(header, inputs));
  if (header.operators.has('ZipMap') || header.outputs.some(({ kind }) => kind === 'other'))
    faults.push(WITHOUT_ZIPMAP);
  else
    faults.push(
      ...checkOutput(header, 'probability', ONNX_FLOAT, 'float32'),
      ...checkOutput(header, 'label', ONNX_INT64, 'int64'),
    );
  return faults;
}

function checkInputs(header: OnnxHeader, count: number): readonly string[] {
  const [input, ...others] = header.inputs;
  const wanted = `one float32 input named features with the shape [rows, ${count}]`;
  if (!input || others.length > 0 || input.name !== 'features') {
    const names = header.inputs.map(({ name }) => shownName(name)).slice(0, 20);
    return [`it must have ${wanted}; its inputs are: ${names.join(', ') || 'none'}`];
  }
  if (input.elementType !== ONNX_FLOAT) return [`it must have ${wanted}; the input is not float32`];
  const columns = input.shape?.[1] ?? null;
  const fits = input.shape === null || (input.shape.length === 2 && (columns === null || columns === count));
  if (!fits) return [`it must have ${wanted}; the input has the shape ${shownShape(input)}`];
  if (typeof input.shape?.[0] === 'number')
    return [`its number of rows is fixed at ${input.shape[0]}; export it with a dynamic first dimension`];
  return [];
}

function checkOutput(header: OnnxHeader, name: string, elementType: number, typeName: string): readonly string[] {
  const output = header.outputs.find((one) => one.name === name);
  if (!output) {
    const names = header.outputs.map((one) => shownName(one.name)).slice(0, 20);
    return [`it must have an output named ${name}; its outputs are: ${names.join(', ') || 'none'}`];
  }
  if (output.elementType !== elementType) return [`its output ${name} must be ${typeName}`];
  const perRow = output.shape?.slice(1).every((size) => size === 1 || size === null) ?? true;
  return perRow ? [] : [`its output ${name} must hold one value per row; it has the shape ${shownShape(output)}`];
}

const shownShape = ({ shape }: OnnxValue): string => `[${(shape ?? []).map((size) => size ?? '?').join(', ')}]`;

/** A name from a foreign file, fit for a message. */
const shownName = (name: string): string => name.replace(/[^\w./:-]/g, '?').slice(0, 60) || '(unnamed)';
