import type { ModelSignature, SignatureInput } from '@gimbal/contracts';
import { exampleRow } from './example-row.js';

type JsonSchema = Readonly<Record<string, unknown>>;

const TEXT_LENGTH_MAX = 10_000;
const CATEGORIES_SHOWN_MAX = 100;

const orNull = (types: readonly string[], { missing }: SignatureInput): readonly string[] | string => {
  const all = missing === 'allowed' ? [...types, 'null'] : types;
  return all.length === 1 ? (all[0] ?? '') : all;
};

const between = ([low, high]: readonly [number | null, number | null]): string =>
  low === null ? `up to ${high}` : high === null ? `from ${low}` : `${low} to ${high}`;

/** What is accepted with a warning is told in words: a schema would refuse it. */
function describeLimits({ range, trainingRange }: SignatureInput): string {
  const parts = [
    ...(range ? [`plausible: ${between(range)}`] : []),
    ...(trainingRange ? [`seen in training: ${between(trainingRange)}`] : []),
  ];
  return parts.length === 0 ? '' : ` (${parts.join('; ')}; a value outside is answered with a warning)`;
}

function typeOf(input: SignatureInput): JsonSchema {
  const { type, allowed, categories, missing } = input;
  if (type === 'text') return { type: orNull(['string'], input), maxLength: TEXT_LENGTH_MAX };
  if (categories) return { type: orNull(['string'], input), examples: categories.slice(0, CATEGORIES_SHOWN_MAX) };
  if (type === 'boolean') return { type: orNull(['boolean', 'number'], input) };
  if (allowed) return { enum: missing === 'allowed' ? [...allowed, null] : [...allowed] };
  return { type: orNull(['number'], input) };
}

/** A row of named fields as JSON Schema (2020-12): what is refused, and in words what is only warned of. */
export function describeRow(signature: ModelSignature): JsonSchema {
  const { inputs } = signature;
  const examples = exampleRow(signature);
  return {
    type: 'object',
    properties: Object.fromEntries(
      inputs.map((input) => [
        input.name,
        {
          description: `${input.description}${describeLimits(input)}`.trim(),
          ...(!input.categories && { examples: [examples.get(input.name)] }),
          ...typeOf(input),
        },
      ]),
    ),
    required: inputs.filter(({ missing }) => missing === 'refused').map(({ name }) => name),
    additionalProperties: false,
  };
}
