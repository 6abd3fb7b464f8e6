import { ProtobufReader, ProtobufWriter, WIRE } from './protobuf-bytes.js';

/** A type that a field may have. */
export interface ProtobufType<T, G = T> {
  /** As a .proto file names it; messages and enums by their own name. */
  readonly name: string;
  readonly wire: number;
  /** What a field has that was not sent. */
  readonly zero: T;
  read(from: ProtobufReader): T;
  write(out: ProtobufWriter, value: G): void;
  /** Set for messages and enums. */
  readonly definition?: MessageType<unknown, unknown> | EnumType;
}

/** A field of a message: T as it is read, G as it may be given. */
export interface Field<T, G = T> {
  readonly number: number;
  readonly label: 'one' | 'choice' | 'many' | 'map';
  readonly type: ProtobufType<unknown, unknown>;
  initial(): T;
  /** @param before what was read of the field until now */
  read(from: ProtobufReader, wire: number, before: T): T;
  write(out: ProtobufWriter, value: G): void;
}

type Fields = Readonly<Record<string, Field<unknown, unknown>>>;
type ReadOf<F extends Fields> = { readonly [K in keyof F]: F[K] extends Field<infer T, infer _G> ? T : never };
type GivenOf<F extends Fields> = {
  readonly [K in keyof F]?: (F[K] extends Field<infer _T, infer G> ? G : never) | undefined;
};

export interface MessageType<T, G = T> extends ProtobufType<T | undefined, G> {
  readonly fields: Fields;
  /** @throws RangeError when the bytes are no such message */
  decode(bytes: Uint8Array): T;
  encode(value: G): Uint8Array;
}

export interface EnumType {
  readonly name: string;
  readonly values: Readonly<Record<string, number>>;
}

/** What a message looks like to who reads it, and to who writes it. */
export type MessageOf<M> = M extends MessageType<infer T, infer _G> ? T : never;
export type MessageInput<M> = M extends MessageType<infer _T, infer G> ? G : never;

const scalar = <T>(
  name: string,
  wire: number,
  zero: T,
  read: (from: ProtobufReader) => T,
  write: (out: ProtobufWriter, value: T) => void,
): ProtobufType<T> => ({ name, wire, zero, read, write });

const writeVarint = (out: ProtobufWriter, value: number): void => out.varint(value);
const whole = (name: string, read: (from: ProtobufReader) => number): ProtobufType<number> =>
  scalar(name, WIRE.varint, 0, read, writeVarint);

export const bool = scalar(
  'bool',
  WIRE.varint,
  false,
  (from) => from.uint64() !== 0,
  (out, value) => out.varint(Number(value)),
);
export const int32 = whole('int32', (from) => from.varint() | 0);
export const uint32 = whole('uint32', (from) => from.varint());
export const int64 = whole('int64', (from) => from.int64());
export const uint64 = whole('uint64', (from) => from.uint64());
export const float = scalar(
  'float',
  WIRE.fixed32,
  0,
  (from) => from.float(),
  (out, value) => out.float(value),
);
export const double = scalar(
  'double',
  WIRE.fixed64,
  0,
  (from) => from.double(),
  (out, value) => out.double(value),
);
export const string = scalar(
  'string',
  WIRE.bytes,
  '',
  (from) => from.text(),
  (out, value) => out.text(value),
);
/** Views of the message. */
export const bytes = scalar(
  'bytes',
  WIRE.bytes,
  new Uint8Array(),
  (from) => from.byteString(),
  (out, value) => out.byteString(value),
);

/** Values go by name; one that is not known is read as the first. */
export function enumeration<N extends string>(name: string, values: Readonly<Record<N, number>>): ProtobufType<N> {
  const entries = Object.entries(values) as [N, number][]; // the keys of this very object
  const nameOf = new Map(entries.map(([one, number]) => [number, one]));
  const zero = nameOf.get(0);
  if (zero === undefined) throw new RangeError(`The enum ${name} has no 0.`);
  return {
    name,
    wire: WIRE.varint,
    zero,
    read: (from) => nameOf.get(from.varint()) ?? zero,
    write: (out, value) => out.varint(values[value]),
    definition: { name, values },
  };
}

const writeTag = (out: ProtobufWriter, number: number, wire: number): void => out.varint(number * 8 + wire);

const checkWire = (wire: number, type: ProtobufType<unknown, unknown>): void => {
  if (wire !== type.wire) throw new RangeError('A field has another type than its message says.');
};

/** @param presence `one`: a value like its zero is not written; `choice`: it is, and one that was not sent is undefined */
function single<T, G>(
  number: number,
  type: ProtobufType<T, G>,
  label: 'one' | 'choice',
  initial: () => T,
): Field<T, G> {
  return {
    number,
    label,
    type,
    initial,
    read: (from, wire) => {
      checkWire(wire, type);
      return type.read(from);
    },
    write: (out, value) => {
      if (label === 'one' && (value as unknown) === type.zero) return; // of scalars both are the same
      writeTag(out, number, type.wire);
      type.write(out, value);
    },
  };
}

/** A field that has a value: its zero when it was not sent; undefined for a message. */
export const one = <T, G>(number: number, type: ProtobufType<T, G>): Field<T, G> =>
  single(number, type, 'one', () => type.zero);

/** One of several that exclude each other, or none. */
export const choice = <T, G>(number: number, type: ProtobufType<T, G>): Field<T | undefined, G> =>
  single<T | undefined, G>(number, type, 'choice', () => undefined);

/** Packed numbers and one by one, as both may be sent; numbers are written packed. */
export function many<T, G>(number: number, type: ProtobufType<T, G>): Field<readonly NonNullable<T>[], ArrayLike<G>> {
  const isPacked = type.wire !== WIRE.bytes;
  return {
    number,
    label: 'many',
    type,
    initial: () => [],
    read: (from, wire, before) => {
      const values = before as NonNullable<T>[]; // begun by initial()
      const take = () => values.push(type.read(from) as NonNullable<T>); // what was read is there
      if (isPacked && wire === WIRE.bytes)
        from.within(() => {
          while (!from.isAtEnd) take();
        });
      else {
        checkWire(wire, type);
        take();
      }
      return values;
    },
    write: (out, values) => {
      if (values.length === 0) return;
      const write = (): void => {
        for (let index = 0; index < values.length; index++) type.write(out, values[index] as G); // within its length
      };
      if (isPacked) {
        writeTag(out, number, WIRE.bytes);
        out.measured(write);
        return;
      }
      for (let index = 0; index < values.length; index++) {
        writeTag(out, number, WIRE.bytes);
        type.write(out, values[index] as G); // within its length
      }
    },
  };
}

/**
 * Numbers of 4 or 8 bytes: a typed array, made in one step, when they come packed and in one piece, as everybody sends them.
 * @param make of a copy of their bytes; little-endian, as on every machine that Node runs on
 */
export function manyFixed(
  number: number,
  type: ProtobufType<number>,
  make: (bytes: ArrayBuffer) => ArrayLike<number>,
): Field<ArrayLike<number>> {
  const general = many(number, type);
  const width = type.wire === WIRE.fixed32 ? 4 : 8;
  return {
    ...general,
    read: (from, wire, before) => {
      if (wire !== WIRE.bytes || before.length > 0)
        return general.read(from, wire, Array.isArray(before) ? before : Array.from(before));
      const packed = from.byteString();
      if (packed.byteLength % width !== 0) throw new RangeError('A list of numbers is cut off.');
      return packed.byteLength === 0 ? [] : make(new Uint8Array(packed).buffer);
    },
  };
}

/** By name; where one comes twice the last counts. */
export function map<T, G>(
  number: number,
  type: ProtobufType<T, G>,
): Field<ReadonlyMap<string, NonNullable<T>>, Readonly<Record<string, G>>> {
  const entry = message('', { key: one(1, string), value: choice(2, type) });
  return {
    number,
    label: 'map',
    type,
    initial: () => new Map(),
    read: (from, wire, before) => {
      checkWire(wire, entry);
      const read = entry.read(from);
      if (read?.value !== undefined && read.value !== null)
        (before as Map<string, NonNullable<T>>).set(read.key, read.value); // begun by initial()
      return before;
    },
    write: (out, values) => {
      for (const [key, value] of Object.entries(values)) {
        writeTag(out, number, WIRE.bytes);
        entry.write(out, { key, value });
      }
    },
  };
}

/** @param name within its package; `Outer.Inner` for one that stands in another */
export function message<F extends Fields>(name: string, fields: F): MessageType<ReadOf<F>, GivenOf<F>> {
  const entries = Object.entries<Field<unknown, unknown>>(fields);
  const byNumber: (readonly [string, Field<unknown, unknown>] | undefined)[] = [];
  for (const entry of entries) byNumber[entry[1].number] = entry;
  const readAll = (from: ProtobufReader): ReadOf<F> => {
    const value: Record<string, unknown> = {};
    for (const [key, field] of entries) value[key] = field.initial();
    while (!from.isAtEnd) {
      const tag = from.varint();
      const wire = tag & 7;
      const found = byNumber[tag >>> 3];
      if (tag < 8) throw new RangeError('A field has no number.');
      if (found) value[found[0]] = found[1].read(from, wire, value[found[0]]);
      else from.skipField(wire);
    }
    return value as ReadOf<F>; // every field was set
  };
  const writeAll = (out: ProtobufWriter, given: GivenOf<F>): void => {
    for (const [key, field] of entries) {
      const value = given[key];
      if (value !== undefined) field.write(out, value);
    }
  };
  const type: MessageType<ReadOf<F>, GivenOf<F>> = {
    name,
    wire: WIRE.bytes,
    zero: undefined,
    fields,
    read: (from) => from.within(() => readAll(from)),
    write: (out, value) => out.measured(() => writeAll(out, value)),
    decode: (from) => readAll(new ProtobufReader(from)),
    encode: (value) => {
      const out = new ProtobufWriter(ENCODED_BYTES);
      writeAll(out, value);
      return out.finish();
    },
  };
  return Object.assign(type, { definition: type });
}

/** Room for nearly all answers; a larger one is written all the same. */
const ENCODED_BYTES = 256;
