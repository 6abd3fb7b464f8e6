/** A minimal ONNX writer: only what is needed to make graphs that are wrong in some way. Field numbers: onnx.proto. */
type Part = readonly number[];

const text = (value: string): Part => [...Buffer.from(value, 'utf8')];
/** A negative number is written as 64 bits, of which the highest is set. */
const varint = (value: number | bigint): Part => {
  const bits = BigInt.asUintN(64, BigInt(value));
  return bits < 128n ? [Number(bits)] : [Number(bits % 128n) + 128, ...varint(bits / 128n)];
};
const field = (number: number, bytes: Part): Part => [...varint(number * 8 + 2), ...varint(bytes.length), ...bytes];
const scalar = (number: number, value: number): Part => [...varint(number * 8), ...varint(value)];

export const TYPE = { float: 1, int64: 7, bool: 9 } as const;

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
  readonly attributes?: Readonly<Record<string, number | readonly number[] | Graph>>;
  /** Of ONNX itself unless it is told. */
  readonly domain?: string;
}

/** A constant of which only the form is written: it has no numbers, or says that they lie in another file. */
interface Initializer {
  readonly name: string;
  readonly type: number;
  readonly dims: readonly number[];
  readonly location?: string;
}

const valueInfo = ({ name, type, shape }: Value): Part => {
  const dimensions = shape.flatMap((size) =>
    field(1, typeof size === 'string' ? field(2, text(size)) : scalar(1, size)),
  );
  return [...field(1, text(name)), ...field(2, field(1, [...scalar(1, type), ...field(2, dimensions)]))];
};

function attribute(name: string, value: number | readonly number[] | Graph): Part {
  if (typeof value === 'number') return [...field(1, text(name)), ...scalar(3, value), ...scalar(20, 2)];
  if ('operations' in value) return [...field(1, text(name)), ...field(6, graphPart(value)), ...scalar(20, 5)];
  return [...field(1, text(name)), ...value.flatMap((one) => scalar(8, one)), ...scalar(20, 7)];
}

const EXTERNAL = 1;

const initializer = ({ name, type, dims, location }: Initializer): Part => [
  ...dims.flatMap((size) => scalar(1, size)),
  ...scalar(2, type),
  ...field(8, text(name)),
  ...(location === undefined
    ? []
    : [...field(13, [...field(1, text('location')), ...field(2, text(location))]), ...scalar(14, EXTERNAL)]),
];

const operation = ({ operator, inputs, outputs, attributes = {}, domain }: Operation): Part => [
  ...inputs.flatMap((name) => field(1, text(name))),
  ...outputs.flatMap((name) => field(2, text(name))),
  ...field(4, text(operator)),
  ...Object.entries(attributes).flatMap(([name, value]) => field(5, attribute(name, value))),
  ...(domain === undefined ? [] : field(7, text(domain))),
];

export interface Graph {
  readonly inputs: readonly Value[];
  readonly outputs: readonly Value[];
  readonly operations: readonly Operation[];
  readonly initializers?: readonly Initializer[];
}

const graphPart = ({ inputs, outputs, operations, initializers = [] }: Graph): Part => [
  ...operations.flatMap((one) => field(1, operation(one))),
  ...field(2, text('g')),
  ...initializers.flatMap((one) => field(5, initializer(one))),
  ...inputs.flatMap((value) => field(11, valueInfo(value))),
  ...outputs.flatMap((value) => field(12, valueInfo(value))),
];

/** The bytes of an ONNX file with operator set 13. */
export function writeGraph(graph: Graph): Uint8Array {
  const operatorSet = [...field(1, []), ...scalar(2, 13)];
  return Uint8Array.from([...scalar(1, 8), ...field(7, graphPart(graph)), ...field(8, operatorSet)]);
}
