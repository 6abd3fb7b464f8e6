/** Whether a graph has the inputs and outputs of its task. */
import type { InferenceSession } from 'onnxruntime-node';
import { ANSWERS, answerOf, FEATURES, GraphRefusal, LABEL, QUERY, TEXTS } from '#inference/run-rows.js';
import type { GraphShape } from './session-host.js';

type TensorMetadata = InferenceSession['inputMetadata'][number];

function checkInput(input: TensorMetadata | undefined, name: string, type: string, columns: number | null): void {
  const wanted = columns === null ? `a ${type} tensor [rows]` : `a ${type} tensor [rows, ${columns}]`;
  if (!input) throw new GraphRefusal(`The graph has no input "${name}"; it must be ${wanted}.`);
  const rank = columns === null ? 1 : 2;
  if (!input.isTensor || input.type !== type || input.shape.length !== rank)
    throw new GraphRefusal(`The input "${name}" must be ${wanted}.`);
  const width = input.shape[1];
  if (typeof width === 'number' && width !== columns)
    throw new GraphRefusal(`The input "${name}" takes ${width} columns; the signature names ${columns}.`);
}

function checkInputs({ inputNames, inputMetadata }: InferenceSession, { task, samples }: GraphShape): void {
  const asText = samples.filter(({ categories }) => categories !== null).length;
  const columns = new Map<string, readonly [type: string, columns: number | null]>();
  if (task === 'text-classification') columns.set(QUERY, ['string', null]);
  if (samples.length > asText) columns.set(FEATURES, ['float32', samples.length - asText]);
  if (asText > 0) columns.set(TEXTS, ['string', asText]);
  const names = [...columns.keys()].map((name) => `"${name}"`).join(' and ');
  if (inputNames.some((name) => !columns.has(name)) || inputNames.length !== columns.size)
    throw new GraphRefusal(
      `The graph must have ${columns.size === 1 ? 'one input named' : 'the inputs'} ${names}; it has: ${inputNames.join(', ')}.`,
    );
  for (const [name, [type, width]] of columns)
    checkInput(
      inputMetadata.find((one) => one.name === name),
      name,
      type,
      width,
    );
}

function checkOutputs(session: InferenceSession, { task }: GraphShape): void {
  const { outputNames, outputMetadata } = session;
  const { hasLabel } = ANSWERS[task];
  const answer = answerOf(session, task);
  const wanted = [...(hasLabel ? [[LABEL, ['int64', 'int32', 'bool']] as const] : []), [answer, ['float32']] as const];
  for (const [name, types] of wanted) {
    const output = outputMetadata.find((one) => one.name === name);
    if (!output)
      throw new GraphRefusal(
        `The graph has no output "${name}"; it has: ${outputNames.join(', ')}. A ${task} is exported with ${wanted.map(([one]) => `"${one}"`).join(' and ')}.`,
      );
    if (!output.isTensor)
      throw new GraphRefusal(
        `The output "${name}" is not a tensor. Export without ZipMap (skl2onnx: options={"zipmap": False}).`,
      );
    if (!(types as readonly string[]).includes(output.type))
      throw new GraphRefusal(`The output "${name}" is ${output.type}; ${types.join(' or ')} is needed.`);
  }
}

/** @throws GraphRefusal when inputs or outputs are not those of the task */
export function checkContract(session: InferenceSession, shape: GraphShape): void {
  checkInputs(session, shape);
  checkOutputs(session, shape);
}
