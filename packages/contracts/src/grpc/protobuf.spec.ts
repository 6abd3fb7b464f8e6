import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { INFERENCE_METHODS } from './open-inference.messages.js';
import {
  bool,
  bytes,
  double,
  enumeration,
  float,
  int32,
  int64,
  many,
  map,
  message,
  one,
  string,
  uint64,
} from './protobuf.js';

const { request: Infer } = INFERENCE_METHODS.ModelInfer;

const Inner = message('Inner', { name: one(1, string), sizes: many(2, int64) });
const All = message('All', {
  flag: one(1, bool),
  small: one(2, int32),
  large: one(3, int64),
  counts: many(4, uint64),
  single: one(5, float),
  precise: one(6, double),
  text: one(7, string),
  raw: many(8, bytes),
  inner: one(9, Inner),
  inners: many(10, Inner),
  byName: map(11, Inner),
  kind: one(2_000, enumeration('Kind', { NONE: 0, SOME: 7 })),
});

const safe = fc.maxSafeInteger();
const inner = fc.record({ name: fc.string({ unit: 'binary' }), sizes: fc.array(safe) });
const all = fc.record({
  flag: fc.boolean(),
  small: fc.integer(),
  large: safe,
  counts: fc.array(fc.maxSafeNat()),
  single: fc.float({ noNaN: true }).map((value) => value + 0), // -0 is its zero, too
  precise: fc.double({ noNaN: true }).map((value) => value + 0),
  text: fc.string({ unit: 'binary', maxLength: 200 }),
  raw: fc.array(fc.uint8Array({ maxLength: 300 })),
  inner,
  inners: fc.array(inner),
  byName: fc.dictionary(fc.string({ minLength: 1 }), inner, { noNullPrototype: true }),
  kind: fc.constantFrom('NONE' as const, 'SOME' as const),
});

it('reads what it wrote', () => {
  fc.assert(
    fc.property(all, (value) => {
      const { byName, ...rest } = All.decode(All.encode(value));
      expect({ ...rest, byName: Object.fromEntries(byName) }).toEqual(value);
    }),
  );
});

/** Bytes by hand: https://protobuf.dev/programming-guides/encoding */
const read = (...given: readonly (number | string)[]) =>
  All.decode(Uint8Array.from(given.flatMap((part) => (typeof part === 'string' ? [...Buffer.from(part)] : [part]))));

it('reads the examples of the specification, packed and one by one, in any order, past what it does not know', () => {
  expect(read(0x10, 0x96, 0x01).small).toBe(150);
  expect(read(0x3a, 7, 'testing').text).toBe('testing');
  expect(read(0x22, 6, 0x03, 0x8e, 0x02, 0x9e, 0xa7, 0x05).counts).toEqual([3, 270, 86_942]);
  expect(read(0x20, 3, 0x20, 0x8e, 0x02).counts).toEqual([3, 270]);
  expect(read(0x18, ...Array<number>(9).fill(0xff), 0x01).large).toBe(-1);
  expect(read(0x10, 1, 0x08, 1, 0x10, 2)).toMatchObject({ small: 2, flag: true }); // the last one counts
  const unknown = [0xf8, 0x07, 1, 0xf9, 0x07, ...Array<number>(8).fill(9), 0xfa, 0x07, 2, 8, 8, 0xfd, 0x07, 1, 2, 3, 4];
  expect(read(...unknown, 0x08, 1).flag).toBe(true);
});

it.each([
  ['cut off in a number', [0x08]],
  ['cut off in a text', [0x3a, 7, 0x61]],
  ['a length of 2^63', [0x3a, ...Array<number>(8).fill(0xff), 0x7f]],
  ['a number of eleven bytes', [0x08, ...Array<number>(11).fill(0x80)]],
  ['another wire type than the field has', [0x09, 0, 0, 0, 0, 0, 0, 0, 0]],
  ['a group', [0x0b, 0x0c]],
  ['field number 0', [0x00, 0x00]],
  ['text that is not UTF-8', [0x3a, 2, 0xc3, 0x28]],
  ['an inner message that ends beyond its own length', [0x4a, 2, 0x0a, 5, 0x61, 0x61, 0x61, 0x61, 0x61]],
])('refuses %s', (_name, given) => {
  expect(() => All.decode(Uint8Array.from(given))).toThrow();
});

it('reads or refuses any bytes within their size, and never hangs', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (given) => {
      try {
        Infer.decode(given);
      } catch (error) {
        expect(error).toBeInstanceOf(RangeError);
      }
    }),
    { numRuns: 2_000 },
  );
});

it('makes no endless objects of two bytes each', () => {
  const inputs = Buffer.alloc(2 * 300_000, Buffer.from([0x2a, 0])); // field 5, empty
  expect(() => Infer.decode(inputs)).toThrow(/parts/);
});

it('takes packed float32 in one step, and in several', () => {
  const floats = Float32Array.of(1, 0.5, -3e38);
  const whole = Infer.decode(INPUT_OF([...new Uint8Array(floats.buffer)]));
  expect(whole.inputs[0]?.contents?.fp32_contents).toEqual(floats);
  const contents = [0x32, 4, 0, 0, 0x80, 0x3f, 0x32, 4, 0, 0, 0, 0x3f, 0x35, 0, 0, 0, 0x40];
  const pieces = Infer.decode(Uint8Array.of(0x2a, contents.length + 2, 0x2a, contents.length, ...contents));
  expect(pieces.inputs[0]?.contents?.fp32_contents).toEqual([1, 0.5, 2]);
});

const INPUT_OF = (packed: readonly number[]): Uint8Array =>
  Uint8Array.of(0x2a, packed.length + 4, 0x2a, packed.length + 2, 0x32, packed.length, ...packed);
