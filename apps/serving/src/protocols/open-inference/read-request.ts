import type { PredictCall } from '@gimbal/contracts';
import { ORDINARY, PRIORITY_LAST, type Urgency } from '../../inference/batcher.js';
import { isObject, refuse } from '../refuse.js';
import { parseTensorBody } from './parse-tensor-body.js';
import { readBinaryTensor, readHead, readJsonTensor, type Tensor, type TensorHead } from './tensor.js';

/** An output that was asked for. */
export interface RequestedOutput {
  readonly name: string;
  /** Behind the JSON instead of in it. */
  readonly isBinary: boolean;
  /** How many classes to name; null: the numbers themselves. */
  readonly classification: number | null;
}

/** A request of Open Inference, read as far as it can be without the model. */
export interface OpenRequest {
  /** Echoed; null when there is none. */
  readonly id: string | null;
  readonly inputs: readonly Tensor[];
  /** In the order asked for; null: all, `isBinary` as `binary_data_output` says. */
  readonly outputs: readonly RequestedOutput[] | null;
  readonly isBinary: boolean;
  readonly urgency: Urgency;
  /** The whole body, when it is the only input of the model (`Inference-Header-Content-Length: 0`) and `inputs` is empty. */
  readonly raw?: Uint8Array;
}

const INPUTS_MAX = 2_000;
const OUTPUTS_MAX = 100;
const ID_LENGTH_MAX = 1_000;
const CLASSES_MAX = 10_000;
const HEADER_NAME = 'inference-header-content-length';

type Parameters = Readonly<Record<string, unknown>>;

function readParameters(owner: Parameters, path: string): Parameters {
  const { parameters = {} } = owner;
  if (!isObject(parameters)) return refuse(`${path}parameters`, 'must be an object');
  return parameters;
}

function readFlag(parameters: Parameters, name: string, otherwise: boolean, path: string): boolean {
  const value = parameters[name] ?? otherwise;
  if (typeof value !== 'boolean') return refuse(`${path}parameters.${name}`, 'must be true or false');
  return value;
}

/** Triton's schedule policy: `priority` 1 is first and 0 the ordinary one, `timeout` in microseconds, 0 for none. */
function readUrgency({ priority = 0, timeout = 0 }: Parameters): Urgency {
  if (!Number.isInteger(priority) || Number(priority) < 0 || Number(priority) > PRIORITY_LAST)
    return refuse('parameters.priority', `must be a whole number of 0 to ${PRIORITY_LAST}`);
  if (!Number.isSafeInteger(timeout) || Number(timeout) < 0)
    return refuse('parameters.timeout', 'must be a whole number of microseconds');
  return {
    priority: Number(priority) || ORDINARY.priority,
    deadlineMs: timeout === 0 ? ORDINARY.deadlineMs : performance.now() + Number(timeout) / 1_000,
  };
}

function readOutput(output: unknown, isBinary: boolean, path: string): RequestedOutput {
  if (!isObject(output) || typeof output['name'] !== 'string') return refuse(path, 'must be an object with a name');
  const parameters = readParameters(output, `${path}.`);
  const { classification = null } = parameters;
  if (classification !== null && !(Number.isInteger(classification) && Number(classification) >= 1))
    return refuse(`${path}.parameters.classification`, 'must be a whole number of 1 or more');
  return {
    name: output['name'],
    isBinary: readFlag(parameters, 'binary_data', isBinary, `${path}.`),
    classification: classification === null ? null : Math.min(Number(classification), CLASSES_MAX),
  };
}

function readOutputs(outputs: unknown, isBinary: boolean): readonly RequestedOutput[] | null {
  if (outputs === undefined || (Array.isArray(outputs) && outputs.length === 0)) return null;
  if (!Array.isArray(outputs) || outputs.length > OUTPUTS_MAX)
    return refuse('outputs', `must be a list of at most ${OUTPUTS_MAX} outputs`);
  return outputs.map((output, index) => readOutput(output, isBinary, `outputs[${index}]`));
}

/** Takes the binary parts of the body one after the other. */
class BinaryParts {
  private at = 0;

  /** @param bytes behind the JSON; null when the request says that there are none */
  constructor(private readonly bytes: Uint8Array | null) {}

  take(size: unknown, path: string): Uint8Array {
    if (!this.bytes) return refuse(path, `needs the header ${HEADER_NAME}`);
    if (!Number.isSafeInteger(size) || Number(size) < 0) return refuse(path, 'must be a whole number of 0 or more');
    const end = this.at + Number(size);
    if (end > this.bytes.byteLength) return refuse(path, 'is more than the body holds');
    const part = this.bytes.subarray(this.at, end);
    this.at = end;
    return part;
  }

  checkEnd(): void {
    const left = (this.bytes?.byteLength ?? 0) - this.at;
    if (left > 0) refuse('', `The body has ${left} bytes that belong to no input.`);
  }
}

/** An input of a request, and where in it it stands. */
interface SentInput {
  readonly input: Readonly<Record<string, unknown>>;
  readonly index: number;
  readonly path: string;
}

/** @throws InvalidInputError */
type ReadElements = (head: TensorHead, sent: SentInput) => Tensor;

function readInputs(inputs: unknown, readElements: ReadElements): readonly Tensor[] {
  if (!Array.isArray(inputs) || inputs.length === 0 || inputs.length > INPUTS_MAX)
    return refuse('inputs', `must be a list of 1 to ${INPUTS_MAX} tensors`);
  const tensors = inputs.map((input, index) => {
    const path = `inputs[${index}]`;
    return readElements(readHead(input, path), { input, index, path });
  });
  if (new Set(tensors.map(({ name }) => name)).size < tensors.length) return refuse('inputs', 'name one tensor twice');
  return tensors;
}

/**
 * Everything of a request that does not depend on how it travelled.
 * @param body `{id?, parameters?, inputs, outputs?}`
 * @throws InvalidInputError
 */
export function readBody(body: unknown, readElements: ReadElements): OpenRequest {
  if (!isObject(body)) return refuse('', 'The body must be an object with inputs.');
  const { id = null, inputs, outputs } = body;
  if (id !== null && (typeof id !== 'string' || id.length > ID_LENGTH_MAX))
    return refuse('id', `must be a text of at most ${ID_LENGTH_MAX} characters`);
  const parameters = readParameters(body, '');
  if (parameters['sequence_id'] !== undefined && parameters['sequence_id'] !== 0)
    return refuse('parameters.sequence_id', 'is not known here: every request stands by itself');
  const isBinary = readFlag(parameters, 'binary_data_output', false, '');
  return {
    id,
    inputs: readInputs(inputs, readElements),
    outputs: readOutputs(outputs, isBinary),
    isBinary,
    urgency: readUrgency(parameters),
  };
}

/** Elements stand in the JSON, or behind it. */
function readJsonBody(body: unknown, parts: BinaryParts): OpenRequest {
  const request = readBody(body, (head, { input, path }) => {
    const size = readParameters(input, `${path}.`)['binary_data_size'];
    if (size === undefined) return readJsonTensor(head, input['data'], `${path}.data`);
    if (input['data'] !== undefined) return refuse(path, 'has both data and binary_data_size');
    return readBinaryTensor(head, parts.take(size, `${path}.parameters.binary_data_size`), path);
  });
  parts.checkEnd();
  return request;
}

/**
 * Reads the body of an inference request: JSON, or JSON with the elements of some tensors behind it, or one tensor and nothing else.
 * @throws InvalidInputError, DomainError `malformed-json`
 */
export function readRequest({ headers, body }: Pick<PredictCall, 'headers' | 'body'>): OpenRequest {
  const header = headers[HEADER_NAME];
  if (header === undefined) return readJsonBody(parseTensorBody(body), new BinaryParts(null));
  const length = /^\d{1,15}$/.test(header) ? Number(header) : refuse(HEADER_NAME, 'must be a number of bytes');
  if (length > body.byteLength) return refuse(HEADER_NAME, 'says that the JSON is longer than the body');
  if (length === 0) return { id: null, inputs: [], outputs: null, isBinary: true, urgency: ORDINARY, raw: body };
  return readJsonBody(parseTensorBody(body.subarray(0, length)), new BinaryParts(body.subarray(length)));
}
