/** Writes just enough of an ONNX file for the registry to look into. Field numbers are those of onnx.proto. */

type Part = number | string | Uint8Array;

function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  do {
    bytes.push(Number(rest & 0x7fn) | (rest > 0x7fn ? 0x80 : 0));
    rest >>= 7n;
  } while (rest > 0n);
  return bytes;
}

/** A message of `[field number, value]`: numbers become varints, texts and bytes are length-delimited. */
export function message(...fields: readonly (readonly [number: number, value: Part])[]): Uint8Array {
  const parts = fields.map(([number, value]) => {
    if (typeof value === 'number') return Buffer.from([...varint(number * 8), ...varint(value)]);
    const bytes = Buffer.from(value);
    return Buffer.concat([Buffer.from([...varint(number * 8 + 2), ...varint(bytes.length)]), bytes]);
  });
  return Buffer.concat(parts);
}

export const FLOAT = 1;
export const INT64 = 7;

/** A value with a tensor type; a text is a free dimension. */
export function tensor(name: string, elementType: number, ...shape: readonly (number | string)[]): Uint8Array {
  const dimensions = shape.map(
    (size) => [1, typeof size === 'number' ? message([1, size]) : message([2, size])] as const,
  );
  return message([1, name], [2, message([1, message([1, elementType], [2, message(...dimensions)])])]);
}

/** A value that is a sequence of maps, as ZipMap gives it. */
export function sequenceOfMaps(name: string): Uint8Array {
  return message([1, name], [2, message([4, message([1, message([5, message([1, INT64])])])])]);
}

export interface GraphParts {
  readonly inputs: readonly Uint8Array[];
  readonly outputs: readonly Uint8Array[];
  /** As `domain:name`, or the name alone of one of ONNX's own. */
  readonly operators?: readonly string[];
  /** Operators that the file defines itself. */
  readonly functions?: readonly string[];
  readonly constants?: readonly Uint8Array[];
  readonly domains?: readonly string[];
}

export function onnxFile({
  inputs,
  outputs,
  operators = ['Sigmoid'],
  functions = [],
  constants = [],
  domains = ['', 'ai.onnx.ml'],
}: GraphParts): Uint8Array {
  const graph = message(
    ...operators.map((operator) => {
      const [name = '', domain = ''] = operator.split(':').reverse();
      return [1, message([4, name], [7, domain])] as const;
    }),
    [2, 'graph'],
    ...constants.map((constant) => [5, constant] as const),
    ...inputs.map((input) => [11, input] as const),
    ...outputs.map((output) => [12, output] as const),
  );
  return message(
    [1, 8],
    [2, 'gimbal-test'],
    ...domains.map((domain) => [8, message([1, domain], [2, 3])] as const),
    [7, graph],
    ...functions.map((one) => {
      const [name = '', domain = ''] = one.split(':').reverse();
      return [25, message([1, name], [7, message([4, 'Relu'])], [10, domain])] as const;
    }),
  );
}

export const LABEL = tensor('label', INT64, 'N');
export const PROBABILITY = tensor('probability', FLOAT, 'N');

/** A file that fits a signature of so many inputs; `salt` makes its digest differ. */
export function servableFile(inputs: number, salt = ''): Uint8Array {
  const constants = salt ? [message([8, salt])] : [];
  return onnxFile({ inputs: [tensor('features', FLOAT, 'N', inputs)], outputs: [LABEL, PROBABILITY], constants });
}
