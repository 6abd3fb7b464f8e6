import type { components } from '../generated/openapi.js';
import { readTensor, type Tensor, toBytes, toJson, type WireTensor } from './tensors.js';

type InferRequest = components['schemas']['OpenInferRequest'];
type InferAnswer = components['schemas']['OpenInferAnswer'];

/** Length of the JSON before the elements (the extension `binary_tensor_data`). */
const HEADER_LENGTH = 'inference-header-content-length';

export interface InferBody {
  readonly headers: Record<string, string>;
  readonly body: string | Uint8Array<ArrayBuffer>;
}

/** What is asked beside the tensors. */
export interface InferChoice {
  readonly id?: string;
  /** Names of the outputs that are wanted; all without it. */
  readonly outputs?: readonly string[];
}

export function jsonBody(inputs: readonly Tensor[], choice: InferChoice): InferBody {
  const request: InferRequest = { ...describeChoice(choice), inputs: inputs.map(toJson) };
  return { headers: { 'content-type': 'application/json' }, body: JSON.stringify(request) };
}

export function binaryBody(inputs: readonly Tensor[], choice: InferChoice): InferBody {
  const parts = inputs.map(toBytes);
  const request: InferRequest = {
    ...describeChoice(choice),
    parameters: { binary_data_output: true },
    inputs: inputs.map(({ name, datatype, shape }, index) => ({
      ...{ name, datatype, shape },
      parameters: { binary_data_size: parts[index]?.length ?? 0 },
    })),
  };
  const json = new TextEncoder().encode(JSON.stringify(request));
  return {
    headers: { 'content-type': 'application/octet-stream', [HEADER_LENGTH]: String(json.length) },
    body: concatenate([json, ...parts]),
  };
}

const describeChoice = ({ id, outputs }: InferChoice): Partial<InferRequest> => ({
  ...(id !== undefined && { id }),
  ...(outputs && { outputs: outputs.map((name) => ({ name })) }),
});

function concatenate(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

/** Reads an answer in either form. */
export async function readAnswer(response: Response): Promise<{ answer: InferAnswer; outputs: Tensor[] }> {
  const bytes = new Uint8Array(await response.arrayBuffer());
  const jsonLength = Number(response.headers.get(HEADER_LENGTH) ?? bytes.length);
  const answer: InferAnswer = JSON.parse(new TextDecoder().decode(bytes.subarray(0, jsonLength)));
  let offset = jsonLength;
  const outputs = answer.outputs.map((output: WireTensor) => {
    const size = output.parameters?.['binary_data_size'];
    if (typeof size !== 'number') return readTensor(output, undefined);
    offset += size;
    return readTensor(output, bytes.subarray(offset - size, offset));
  });
  return { answer, outputs };
}
