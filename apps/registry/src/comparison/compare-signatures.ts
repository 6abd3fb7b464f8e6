import type { Comparison, ModelSignature, SignatureInput } from '@gimbal/contracts';

type Difference = Comparison['signature']['differences'][number];

/** Names values within signatures, such as `inputs.age.missing`. */
type Facts = ReadonlyMap<string, unknown>;

/** What a caller of one version has to know to call the other; no differences when both take and answer the same. */
export function compareSignatures(
  first: ModelSignature | null,
  second: ModelSignature | null,
): Comparison['signature'] {
  const [one, other] = [factsOf(first), factsOf(second)];
  const differences = [...new Set([...one.keys(), ...other.keys()])].flatMap((path): Difference[] => {
    const [v1 = null, v2 = null] = [one.get(path), other.get(path)];
    return isSame(v1, v2) ? [] : [{ path, v1, v2 }];
  });
  return { same: differences.length === 0, differences };
}

/** Two values that JSON writes alike. */
export const isSame = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

function factsOf(signature: ModelSignature | null): Facts {
  if (!signature) return new Map();
  const { inputs, ...whole } = signature;
  return new Map<string, unknown>([
    ...Object.entries(whole),
    ['inputs', inputs.map(({ name }) => name)], // their order is that of a tensor's columns
    ...inputs.flatMap(({ name, ...facts }) =>
      Object.entries(facts satisfies Omit<SignatureInput, 'name'>).map(
        ([fact, value]) => [`inputs.${name}.${fact}`, value] as const,
      ),
    ),
  ]);
}
