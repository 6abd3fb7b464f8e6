import { createRandom } from '@gimbal/learning';

const varint = (value: number): number[] =>
  value < 128 ? [value] : [(value % 128) + 128, ...varint(Math.floor(value / 128))];
const field = (number: number, ...parts: readonly Uint8Array[]): Buffer => {
  const bytes = Buffer.concat(parts);
  return Buffer.concat([Buffer.from([...varint(number * 8 + 2), ...varint(bytes.length)]), bytes]);
};
const text = (number: number, value: string): Buffer => field(number, Buffer.from(value));
const scalar = (number: number, value: number): Buffer => Buffer.from([...varint(number * 8), ...varint(value)]);

const FLOAT = 1;
const INT64 = 7;

const weights = (name: string, rows: number, columns: number, next: () => number): Buffer => {
  const values = Float32Array.from({ length: rows * columns }, () => (next() - 0.5) / Math.sqrt(rows));
  const bytes = Buffer.from(values.buffer);
  return field(5, scalar(1, rows), scalar(1, columns), scalar(2, FLOAT), text(8, name), field(9, bytes));
};

const node = (operator: string, inputs: readonly string[], output: string, ...attributes: readonly Buffer[]): Buffer =>
  field(1, ...inputs.map((name) => text(1, name)), text(2, output), text(4, operator), ...attributes);

const value = (number: 11 | 12, name: string, type: number, columns: number): Buffer => {
  const shape = field(2, field(1, text(2, 'N')), field(1, scalar(1, columns)));
  return field(number, text(1, name), field(2, field(1, scalar(1, type), shape)));
};

/**
 * An ONNX file (operator set 13) of a network with two layers and random weights, that answers with a probability. Field numbers: onnx.proto.
 * @param width of the hidden layers; the file has about 4 * width * (width + inputs) bytes
 */
export function writeNetwork(inputs: number, width: number): Uint8Array {
  const random = createRandom(width);
  const next = () => random.nextFloat();
  const toInt64 = field(5, text(1, 'to'), scalar(3, INT64), scalar(20, 2));
  const graph = field(
    7,
    node('MatMul', ['features', 'w1'], 'a'),
    node('Relu', ['a'], 'b'),
    node('MatMul', ['b', 'w2'], 'c'),
    node('Relu', ['c'], 'd'),
    node('MatMul', ['d', 'w3'], 'e'),
    node('Sigmoid', ['e'], 'probability'),
    node('Cast', ['probability'], 'label', toInt64),
    text(2, 'network'),
    weights('w1', inputs, width, next),
    weights('w2', width, width, next),
    weights('w3', width, 1, next),
    value(11, 'features', FLOAT, inputs),
    value(12, 'label', INT64, 1),
    value(12, 'probability', FLOAT, 1),
  );
  return Buffer.concat([scalar(1, 8), graph, field(8, text(1, ''), scalar(2, 13))]);
}
