import type { ModelSignature, SignatureInput } from '@gimbal/contracts';

type ExampleValue = number | boolean | string | null;

/** A wide range is given a whole number, a narrow one so many digits. */
const WIDE = 10;
const DIGITS = 4;

/** A number in the middle of what training saw, as far as that is known. */
function exampleNumber({ trainingRange, range }: SignatureInput): number {
  const low = trainingRange?.[0] ?? range?.[0] ?? range?.[1] ?? 0;
  const high = trainingRange?.[1] ?? range?.[1] ?? low;
  const middle = low + (high - low) / 2;
  const rounded = high - low >= WIDE ? Math.round(middle) : Number(middle.toPrecision(DIGITS));
  return rounded >= low && rounded <= high ? rounded : middle;
}

function exampleOf(input: SignatureInput): ExampleValue {
  const { type, allowed, categories, trainingRange } = input;
  if (type === 'text') return 'An example of a text';
  if (categories) return categories[0] ?? null;
  if (type === 'boolean') return true;
  if (allowed) return allowed[0] ?? null;
  return type === 'category' ? (trainingRange?.[0] ?? 0) : exampleNumber(input);
}

/** A row that the model takes, by the names of its columns, in their order. */
export const exampleRow = ({ inputs }: ModelSignature): ReadonlyMap<string, ExampleValue> =>
  new Map(inputs.map((input) => [input.name, exampleOf(input)]));
