import { DomainError } from '@gimbal/domain';
import { refuse } from '../refuse.js';
import { RECEIPT, type TensorSpec } from './model-tensors.js';
import type { OpenVersion } from './open-version.js';
import type { OpenRequest, RequestedOutput } from './read-request.js';

/** An output that the model has and that was asked for. */
export interface ChosenOutput extends Omit<RequestedOutput, 'name'> {
  readonly spec: TensorSpec;
}

/** Below what a frame holds. */
const ANSWER_BYTES_MAX = 48 * 1_048_576;
/** A number in JSON has at most so many characters, its comma included. */
const NUMBER_CHARACTERS_MAX = 25;
const RECEIPT_BYTES_MAX = 4_096;

const bytesMaxOf = ({ spec, isBinary, classification }: ChosenOutput, classBytesMax: number): number => {
  if (spec === RECEIPT) return RECEIPT_BYTES_MAX;
  const width = spec.shape[1] ?? 1;
  if (classification === null) return width * (isBinary ? 8 : NUMBER_CHARACTERS_MAX);
  return Math.min(classification, Math.max(width, 2)) * (2 * NUMBER_CHARACTERS_MAX + classBytesMax);
};

function find(specs: readonly TensorSpec[], { name, classification }: RequestedOutput, path: string): TensorSpec {
  const spec = name === RECEIPT.name ? RECEIPT : specs.find((one) => one.name === name);
  if (!spec) return refuse(`${path}.name`, `must be one of ${specs.map((one) => one.name).join(', ')}`);
  if (classification !== null && !name.startsWith('probabilit'))
    return refuse(`${path}.parameters.classification`, 'is only for probabilities');
  return spec;
}

/**
 * The outputs that were asked for, or all; looked at before anything is computed.
 * @throws InvalidInputError for one that the model does not have; DomainError `payload-too-large` for an answer that no frame would hold
 */
export function chooseOutputs(
  { outputs: specs, classBytesMax }: OpenVersion,
  { outputs: asked, isBinary }: Pick<OpenRequest, 'outputs' | 'isBinary'>,
  rows: number,
): readonly ChosenOutput[] {
  const chosen =
    asked?.map((output, index) => ({ ...output, spec: find(specs, output, `outputs[${index}]`) })) ??
    specs.map((spec) => ({ spec, isBinary, classification: null }));
  let rowBytes = 0;
  for (const output of chosen) rowBytes += bytesMaxOf(output, classBytesMax);
  if (rowBytes * rows > ANSWER_BYTES_MAX)
    throw new DomainError(
      'payload-too-large',
      'The answer would be too large; send fewer rows a request, or ask for fewer outputs or for binary ones.',
    );
  return chosen;
}
