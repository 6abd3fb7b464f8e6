import type { Body } from './load.js';
import { FEATURES, makeRows } from './prepare-model.js';

/** A request of Open Inference with the numbers in JSON. */
export function jsonBody(rows: number): Body {
  const inputs = [{ name: 'features', shape: [rows, FEATURES], datatype: 'FP32', data: makeRows(rows) }];
  return { bytes: Buffer.from(JSON.stringify({ id: 'x', inputs })), headers: {} };
}

/** The same with the numbers as little-endian float32 behind the JSON, and an answer of that form. */
export function binaryBody(rows: number): Body {
  const numbers = Buffer.from(Float32Array.from(makeRows(rows)).buffer);
  const parameters = { binary_data_size: numbers.length };
  const inputs = [{ name: 'features', shape: [rows, FEATURES], datatype: 'FP32', parameters }];
  const head = Buffer.from(JSON.stringify({ id: 'x', inputs, parameters: { binary_data_output: true } }));
  const headers = {
    'content-type': 'application/octet-stream',
    'inference-header-content-length': String(head.length),
  };
  return { bytes: Buffer.concat([head, numbers]), headers };
}
