import type { PredictAnswer } from '@gimbal/contracts';
import type { Inferred } from '../../predict/predict.service.js';
import type { ChosenOutput } from './choose-outputs.js';
import { LABEL } from './model-tensors.js';

/** What the caller wants to see of an inference. */
export interface Wanted {
  readonly id: string | null;
  readonly outputs: readonly ChosenOutput[];
  /** What every answer of the version begins with. */
  readonly head: string;
}

/** The elements of an output, as JSON or as bytes. */
interface ShownOutput {
  readonly datatype: string;
  readonly shape: readonly number[];
  readonly toJson: () => string;
  readonly toBytes: () => Uint8Array;
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

function showOutput(inferred: Inferred, { spec, classification }: ChosenOutput): ShownOutput {
  const { decisions, numbers, read } = inferred;
  const { datatype } = spec;
  if (classification !== null) {
    const { width, texts } = classify(inferred, classification);
    return {
      datatype: 'BYTES',
      shape: [read.count, width],
      toJson: () => JSON.stringify(texts),
      toBytes: () => packTexts(texts),
    };
  }
  const shape = [read.count, ...spec.shape.slice(1)];
  if (spec.name === LABEL) {
    const labels = decisions.predictions;
    return { datatype, shape, toJson: () => `[${labels.join(',')}]`, toBytes: () => packLabels(labels) };
  }
  return {
    datatype,
    shape,
    toJson: () => `[${numbers.join(',')}]`,
    toBytes: () => new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength),
  };
}

/** The body of an inference: JSON, and behind it the outputs that were asked for as bytes. */
export function showInference(inferred: Inferred, { id, outputs, head }: Wanted): PredictAnswer {
  const parts: Uint8Array[] = [];
  const shown = outputs.map((output) => {
    const { datatype, shape, toJson, toBytes } = showOutput(inferred, output);
    const said = `{"name":"${output.spec.name}","datatype":"${datatype}","shape":[${shape.join(',')}],`;
    if (!output.isBinary) return `${said}"data":${toJson()}}`;
    const bytes = toBytes();
    parts.push(bytes);
    return `${said}"parameters":{"binary_data_size":${bytes.byteLength}}}`;
  });
  const echoed = id === null ? '' : `"id":${JSON.stringify(id)},`;
  const { logged, insteadOf } = inferred;
  const failover = insteadOf === null ? '' : `,"failover_from_version":"${insteadOf.planned.version}"`;
  const parameters = `"parameters":{"prediction_id":"${logged.firstId}"${failover}}`;
  const json = Buffer.from(`${head}${echoed}${parameters},"outputs":[${shown.join(',')}]}`);
  if (parts.length === 0) return { status: 200, contentType: 'application/json', retryAfterSeconds: 0, body: json };
  return {
    status: 200,
    contentType: 'application/octet-stream',
    retryAfterSeconds: 0,
    headers: { 'inference-header-content-length': String(json.length) },
    body: Buffer.concat([json, ...parts]),
  };
}
