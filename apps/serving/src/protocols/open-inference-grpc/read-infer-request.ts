import type { InferenceRequest } from '@gimbal/contracts';
import type { Asked } from '../open-inference/open-inference.js';
import { readBody } from '../open-inference/read-request.js';
import {
  decodeText,
  readBinaryTensor,
  readListedTensor,
  type Tensor,
  type TensorHead,
} from '../open-inference/tensor.js';
import { refuse } from '../refuse.js';

type Request = InferenceRequest<'ModelInfer'>;
type Input = Request['inputs'][number];
type Contents = NonNullable<Input['contents']>;

/** Which list of the contents holds the elements of a datatype; FP16 goes raw only. */
const LIST_OF: Readonly<Record<string, keyof Contents>> = {
  BOOL: 'bool_contents',
  INT8: 'int_contents',
  INT16: 'int_contents',
  INT32: 'int_contents',
  INT64: 'int64_contents',
  UINT8: 'uint_contents',
  UINT16: 'uint_contents',
  UINT32: 'uint_contents',
  UINT64: 'uint64_contents',
  FP32: 'fp32_contents',
  FP64: 'fp64_contents',
  BYTES: 'bytes_contents',
};

/** The value of a parameter, whichever of its forms it has. */
export function readChoice(parameter: object): unknown {
  return Object.values(parameter).find((value) => value !== undefined);
}

const readParameters = (parameters: Request['parameters']): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Array.from(parameters, ([name, value]) => [name, readChoice(value)]));

function readContents(head: TensorHead, contents: Contents | undefined, path: string): Tensor {
  const list = LIST_OF[head.datatype];
  if (list === undefined) return refuse(path, `of ${head.datatype} must be sent in raw_input_contents`);
  if (list === 'bytes_contents') {
    const texts = contents?.bytes_contents ?? [];
    return readListedTensor(
      head,
      texts.map((text) => decodeText(text, path)),
      path,
    );
  }
  const elements = contents?.[list] ?? [];
  return readListedTensor(head, elements, path);
}

/** MLServer's client sends empty contents beside raw ones. */
const hasElements = (contents: Contents): boolean => Object.values(contents).some((list) => list.length > 0);

/** @throws InvalidInputError */
export function readInferRequest(request: Request): Asked & { readonly isRaw: boolean } {
  const { model_name, model_version, id, inputs, outputs, raw_input_contents: raw } = request;
  const isRaw = raw.length > 0;
  if (isRaw && raw.length !== inputs.length)
    refuse('raw_input_contents', `has ${raw.length} elements for ${inputs.length} inputs`);
  const read = readBody(
    {
      id: id === '' ? null : id,
      parameters: readParameters(request.parameters),
      inputs,
      outputs: outputs.map(({ name, parameters }) => ({ name, parameters: readParameters(parameters) })),
    },
    (head, { index, path }) => {
      const contents = inputs[index]?.contents;
      const bytes = raw[index];
      if (!bytes) return readContents(head, contents, `${path}.contents`);
      if (contents && hasElements(contents)) refuse(path, 'has both contents and raw_input_contents');
      return readBinaryTensor(head, bytes, path);
    },
  );
  return { name: model_name, version: model_version || undefined, request: read, isRaw };
}
