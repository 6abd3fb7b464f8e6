import type { PredictAnswer } from '@gimbal/contracts';
import type { Inferred } from '../../predict/predict.service.js';
import type { Progress } from '../streams/prediction-streams.js';
import type { ChosenOutput } from './choose-outputs.js';
import { LABEL, RECEIPT } from './model-tensors.js';
import type { OpenInferred } from './open-inference.js';

/** An output and its elements, row by row. */
export type ShownOutput = { readonly shape: readonly number[] } & (
  | { readonly datatype: 'BYTES'; readonly elements: readonly string[] }
  | { readonly datatype: 'INT64'; readonly elements: Float64Array }
  | { readonly datatype: 'FP32'; readonly elements: Float32Array }
);

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

export function showOutput(inferred: Inferred, { spec, classification }: ChosenOutput): ShownOutput {
  const { decisions, numbers, read } = inferred;
  if (classification !== null) {
    const { width, texts } = classify(inferred, classification);
    return { datatype: 'BYTES', shape: [read.count, width], elements: texts };
  }
  const shape = [read.count, ...spec.shape.slice(1)];
  if (spec === RECEIPT) return { datatype: 'BYTES', shape, elements: inferred.receipts ?? [] };
  if (spec.name === LABEL) return { datatype: 'INT64', shape, elements: decisions.predictions };
  return { datatype: 'FP32', shape, elements: numbers };
}

const toJson = ({ datatype, elements }: ShownOutput): string =>
  datatype === 'BYTES' ? JSON.stringify(elements) : `[${elements.join(',')}]`;

/** The elements as they lie in a binary body. */
export function toBytes({ datatype, elements }: ShownOutput): Uint8Array {
  if (datatype === 'BYTES') return packTexts(elements);
  if (datatype === 'INT64') return packLabels(elements);
  return new Uint8Array(elements.buffer, elements.byteOffset, elements.byteLength);
}

const describeProgress = ({ rowsDone, rowsTotal }: Progress): string =>
  `,"rows_done":${rowsDone},"rows_total":${rowsTotal},"triton_final_response":${rowsDone === rowsTotal}`;

/**
 * The body of an inference: JSON, and behind it the outputs that were asked for as bytes.
 * @param progress of the stream that the rows are a part of
 */
export function showInference({ inferred, id, outputs, version }: OpenInferred, progress?: Progress): PredictAnswer {
  const parts: Uint8Array[] = [];
  const shown = outputs.map((output) => {
    const one = showOutput(inferred, output);
    const said = `{"name":"${output.spec.name}","datatype":"${one.datatype}","shape":[${one.shape.join(',')}],`;
    if (!output.isBinary) return `${said}"data":${toJson(one)}}`;
    const bytes = toBytes(one);
    parts.push(bytes);
    return `${said}"parameters":{"binary_data_size":${bytes.byteLength}}}`;
  });
  const echoed = id === null ? '' : `"id":${JSON.stringify(id)},`;
  const { logged, insteadOf } = inferred;
  const failover = insteadOf === null ? '' : `,"failover_from_version":"${insteadOf.planned.version}"`;
  const parameters = `"parameters":{"prediction_id":"${logged.firstId}"${failover}${progress ? describeProgress(progress) : ''}}`;
  const json = Buffer.from(`${version.answerHead}${echoed}${parameters},"outputs":[${shown.join(',')}]}`);
  if (parts.length === 0) return { status: 200, contentType: 'application/json', retryAfterSeconds: 0, body: json };
  return {
    status: 200,
    contentType: 'application/octet-stream',
    retryAfterSeconds: 0,
    headers: { 'inference-header-content-length': String(json.length) },
    body: Buffer.concat([json, ...parts]),
  };
}
