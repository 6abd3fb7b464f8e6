/** A minimal ONNX writer: only what is needed to make graphs that are wrong in some way. Field numbers: onnx.proto. */
type Part = readonly number[];

const text = (value: string): Part => [...Buffer.from(value, 'utf8')];
const varint = (value: number): Part =>
  value < 128 ? [value] : [(value % 128) + 128, ...varint(Math.floor(value / 128))];
const field = (number: number, bytes: Part): Part => [...varint(number * 8 + 2), ...varint(bytes.length), ...bytes];
const scalar = (number: number, value: number): Part => [...varint(number * 8), ...varint(value)];

export const TYPE = { float: 1, int64: 7 } as const;

export interface Value {
  readonly name: string;
  readonly type: number;
  /** A word is a dimension of any size. */
  readonly shape: readonly (number | string)[];
}

export interface Operation {
  readonly operator: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes?: Readonly<Record<string, number | readonly number[]>>;
}

const valueInfo = ({ name, type, shape }: Value): Part => {
  const dimensions = shape.flatMap((size) =>
    field(1, typeof size === 'string' ? field(2, text(size)) : scalar(1, size)),
  );
  return [...field(1, text(name)), ...field(2, field(1, [...scalar(1, type), ...field(2, dimensions)]))];
};

const attribute = (name: string, value: number | readonly number[]): Part =>
  typeof value === 'number'
    ? [...field(1, text(name)), ...scalar(3, value), ...scalar(20, 2)]
    : [...field(1, text(name)), ...value.flatMap((one) => scalar(8, one)), ...scalar(20, 7)];

const operation = ({ operator, inputs, outputs, attributes = {} }: Operation): Part => [
  ...inputs.flatMap((name) => field(1, text(name))),
  ...outputs.flatMap((name) => field(2, text(name))),
  ...field(4, text(operator)),
  ...Object.entries(attributes).flatMap(([name, value]) => field(5, attribute(name, value))),
];

export interface Graph {
  readonly inputs: readonly Value[];
  readonly outputs: readonly Value[];
  readonly operations: readonly Operation[];
}

/** The bytes of an ONNX file with operator set 13. */
export function writeGraph({ inputs, outputs, operations }: Graph): Uint8Array {
  const graph = [
    ...operations.flatMap((one) => field(1, operation(one))),
    ...field(2, text('g')),
    ...inputs.flatMap((value) => field(11, valueInfo(value))),
    ...outputs.flatMap((value) => field(12, valueInfo(value))),
  ];
  return Uint8Array.from([...scalar(1, 8), ...field(7, graph), ...field(8, [...field(1, []), ...scalar(2, 13)])]);
}
