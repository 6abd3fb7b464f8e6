import { z } from 'zod';

/**
 * The kinds of values in MLflow's messages, read by the JSON mapping of Protocol Buffers (protobuf.dev, "ProtoJSON format"): integers of
 * 64 bits come as numbers or as text, a double may be `"NaN"` or `"Infinity"`, null stands for a field that is not set, unknown fields are
 * passed over. Messages are `z.object`s with the names of the protocol: a list of a query is wrapped by {@link readQuery}.
 */

const INT64_MIN = -(2n ** 63n);
const INT64_MAX = 2n ** 63n - 1n;
/** Milliseconds since 1970 of the year 1, and of the last moment that a `Date` can hold; PostgreSQL holds both. */
const MILLIS = { min: -62_135_596_800_000, max: 8_640_000_000_000_000 };
const INT32 = { min: -(2 ** 31), max: 2 ** 31 - 1 };
const DECIMAL = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i;
const SPECIAL_DOUBLES: Readonly<Record<string, number>> = { NaN: Number.NaN, Infinity, '-Infinity': -Infinity };

/** A value that `read` understands; what it answers undefined for is refused with `expected`. */
const scalar = <T>(expected: string, read: (value: unknown) => T | undefined) =>
  z.unknown().transform((value, context): T => {
    const result = read(value);
    if (result !== undefined) return result;
    context.addIssue({ code: 'custom', message: expected, input: value });
    return z.NEVER;
  });

function readInteger(value: unknown): bigint | undefined {
  if (typeof value !== 'string') return Number.isInteger(value) ? inRange(BigInt(value as number)) : undefined; // isInteger says so
  return /^[-+]?\d{1,19}$/.test(value) ? inRange(BigInt(value.replace('+', ''))) : undefined;
}

const inRange = (value: bigint): bigint | undefined => (value >= INT64_MIN && value <= INT64_MAX ? value : undefined);

function readSmallInteger(value: unknown, { min, max }: { min: number; max: number }): number | undefined {
  const number = Number(readInteger(value) ?? Number.NaN);
  return number >= min && number <= max ? number : undefined;
}

function readDouble(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string') return undefined;
  return SPECIAL_DOUBLES[value] ?? (DECIMAL.test(value) ? Number(value) : undefined);
}

/** PostgreSQL keeps neither NUL nor half a surrogate pair. */
const isStorable = (text: string): boolean => !text.includes('\0') && text.isWellFormed();

/** Text of any length, perhaps empty. */
export const text = z.string().refine(isStorable, 'must not contain NUL or half of a surrogate pair');
/** Text that must be there; the empty text stands for a field that is not set. */
export const requiredText = text.min(1);
export const int64 = scalar('must be an integer of 64 bits', readInteger);
export const int32 = scalar('must be an integer of 32 bits', (value) => readSmallInteger(value, INT32));
/** A point in time, in milliseconds since 1970. */
export const millis = scalar('must be a time in milliseconds since 1970', (value) => readSmallInteger(value, MILLIS));
export const double = scalar('must be a number', readDouble);
export const bool = scalar('must be true or false', (value) =>
  typeof value === 'boolean' ? value : value === 'true' ? true : value === 'false' ? false : undefined,
);

/** The value of an enum, by its name or by its number. */
export const enumOf = <const Names extends Readonly<Record<string, number>>>(names: Names) => {
  const expected = `must be one of ${Object.keys(names).join(', ')}`;
  return scalar(expected, (value) =>
    Object.keys(names).find((name): name is keyof Names & string => value === name || value === names[name]),
  );
};

/** A field that need not be set. */
export const optional = <S extends z.ZodType>(schema: S) =>
  schema.nullish().transform((value) => (value === null ? undefined : value));

const LISTS = new WeakSet<z.ZodType>();

/** A repeated field; without a value it is empty. */
export const list = <S extends z.ZodType>(item: S) => {
  const schema = z
    .array(item)
    .nullish()
    .transform((items) => items ?? []);
  LISTS.add(schema);
  return schema;
};

/** A message of the protocol. Fields that are not named are passed over. */
export type Message = z.ZodObject;

/** The parameters of a query as the members of a message: a list takes every value of its name, anything else the first. */
export function readQuery(message: Message, query: Readonly<Record<string, string | string[] | undefined>>): object {
  const members: Record<string, unknown> = {};
  for (const [name, schema] of Object.entries(message.shape)) {
    const value = query[name];
    if (value === undefined) continue;
    const values = Array.isArray(value) ? value : [value];
    members[name] = LISTS.has(schema as z.ZodType) ? values : values[0]; // a shape holds zod's types
  }
  return members;
}
