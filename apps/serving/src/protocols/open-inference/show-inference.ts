import type { PredictAnswer } from '@gimbal/contracts';
import { DomainError } from '@gimbal/domain';
import type { Inferred } from '../../predict/predict.service.js';
import type { ServedVersion } from '../../traffic/served-models.js';
import { LABEL, outputsOf, type TensorSpec } from './model-tensors.js';
import type { RequestedOutput } from './read-request.js';
import { refuse } from './tensor.js';

/** What the caller wants to see of an inference. */
export interface Wanted {
  readonly id: string | null;
  readonly outputs: readonly RequestedOutput[];
}

/** The elements of an output, as JSON or as bytes. */
interface ShownOutput {
  readonly spec: TensorSpec;
  readonly shape: readonly number[];
  readonly toJson: () => string;
  readonly toBytes: () => Uint8Array;
}

/**
 * The outputs that were asked for, or all.
 * @throws InvalidInputError for one that the model does not have
 */
export function chooseOutputs(
  specs: readonly TensorSpec[],
  asked: readonly RequestedOutput[] | null,
  isBinary: boolean,
): readonly RequestedOutput[] {
  if (asked === null) return specs.map(({ name }) => ({ name, isBinary, classification: null }));
  asked.forEach(({ name, classification }, index) => {
    const spec = specs.find((one) => one.name === name);
    if (!spec) refuse(`outputs[${index}].name`, `must be one of ${specs.map((one) => one.name).join(', ')}`);
    if (classification !== null && !name.startsWith('probabilit'))
      refuse(`outputs[${index}].parameters.classification`, 'is only for probabilities');
  });
  return asked;
}

/** Below what a frame holds. */
const ANSWER_BYTES_MAX = 48 * 1_048_576;
/** A number in JSON has at most so many characters, its comma included. */
const NUMBER_CHARACTERS_MAX = 25;

/**
 * Looked at before anything is computed: some rows of very many classes are more than an answer can hold.
 * @throws DomainError `payload-too-large`
 */
export function checkAnswerSize({ planned }: ServedVersion, outputs: readonly RequestedOutput[], rows: number): void {
  const specs = outputsOf(planned.signature);
  const labelBytes = Math.max(0, ...(planned.signature.classes ?? []).map((label) => label.length * 3));
  const bytes = outputs.reduce((sum, { name, isBinary, classification }) => {
    const width = specs.find((spec) => spec.name === name)?.shape[1] ?? 1;
    if (classification !== null)
      return sum + rows * Math.min(classification, width + 1) * (2 * NUMBER_CHARACTERS_MAX + labelBytes);
    return sum + rows * width * (isBinary ? 8 : NUMBER_CHARACTERS_MAX);
  }, 0);
  if (bytes > ANSWER_BYTES_MAX)
    throw new DomainError(
      'payload-too-large',
      'The answer would be too large; send fewer rows a request, or ask for fewer outputs or for binary ones.',
    );
}

/** Of row after row the most probable classes as `value:index:label`; without classes' names as `value:index`. */
function classify(inferred: Inferred, wanted: number): { readonly width: number; readonly texts: readonly string[] } {
  const { numbers, version } = inferred;
  const { classes } = version.planned.signature;
  const isPair = classes === undefined; // binary: the probability of class 1 alone
  const count = classes?.length ?? 2;
  const width = Math.min(wanted, count);
  const texts: string[] = [];
  for (let row = 0; row < inferred.read.count; row++) {
    const positive = numbers[row] ?? 0;
    const own = isPair ? [1 - positive, positive] : Array.from(numbers.subarray(row * count, (row + 1) * count));
    const ranked = own.map((value, index) => ({ value, index })).sort((left, right) => right.value - left.value);
    for (const { value, index } of ranked.slice(0, width)) {
      const label = classes?.[index];
      texts.push(`${value}:${index}${label === undefined ? '' : `:${label}`}`);
    }
  }
  return { width, texts };
}

function packTexts(texts: readonly string[]): Uint8Array {
  const parts = texts.map((text) => Buffer.from(text, 'utf8'));
  const packed = Buffer.allocUnsafe(parts.reduce((sum, part) => sum + 4 + part.length, 0));
  let at = 0;
  for (const part of parts) {
    at = packed.writeUInt32LE(part.length, at);
    at += part.copy(packed, at);
  }
  return packed;
}

/** INT64, its low half first; labels are far from 2^31. */
function packLabels(labels: Float64Array): Uint8Array {
  const halves = new Int32Array(labels.length * 2);
  labels.forEach((label, row) => {
    halves[2 * row] = label;
    halves[2 * row + 1] = label < 0 ? -1 : 0;
  });
  return new Uint8Array(halves.buffer);
}

function showOutput(inferred: Inferred, { name, classification }: RequestedOutput, spec: TensorSpec): ShownOutput {
  const { count } = inferred.read;
  if (classification !== null) {
    const { width, texts } = classify(inferred, classification);
    return {
      spec: { ...spec, datatype: 'BYTES' },
      shape: [count, width],
      toJson: () => JSON.stringify(texts),
      toBytes: () => packTexts(texts),
    };
  }
  const shape = [count, ...spec.shape.slice(1)];
  if (name === LABEL) {
    const labels = inferred.decisions.predictions;
    return { spec, shape, toJson: () => `[${labels.join(',')}]`, toBytes: () => packLabels(labels) };
  }
  const { numbers } = inferred;
  return {
    spec,
    shape,
    toJson: () => `[${numbers.join(',')}]`,
    toBytes: () => new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength),
  };
}

/** The body of an inference: JSON, and behind it the outputs that were asked for as bytes. */
export function showInference(inferred: Inferred, { id, outputs }: Wanted): PredictAnswer {
  const { version, logged } = inferred;
  const specs = outputsOf(version.planned.signature);
  const parts: Uint8Array[] = [];
  const shown = outputs.map((output) => {
    const spec = specs.find(({ name }) => name === output.name) ?? { name: output.name, datatype: '', shape: [] };
    const { spec: said, shape, toJson, toBytes } = showOutput(inferred, output, spec);
    const head = `{"name":"${said.name}","datatype":"${said.datatype}","shape":[${shape.join(',')}],`;
    if (!output.isBinary) return `${head}"data":${toJson()}}`;
    const bytes = toBytes();
    parts.push(bytes);
    return `${head}"parameters":{"binary_data_size":${bytes.byteLength}}}`;
  });
  const { modelName, planned } = version;
  const echoed = id === null ? '' : `"id":${JSON.stringify(id)},`;
  const json = Buffer.from(
    `{"model_name":"${modelName}","model_version":"${planned.version}",${echoed}"parameters":{"prediction_id":"${logged.firstId}"},"outputs":[${shown.join(',')}]}`,
  );
  if (parts.length === 0) return { status: 200, contentType: 'application/json', retryAfterSeconds: 0, body: json };
  return {
    status: 200,
    contentType: 'application/octet-stream',
    retryAfterSeconds: 0,
    headers: { 'inference-header-content-length': String(json.length) },
    body: Buffer.concat([json, ...parts]),
  };
}
