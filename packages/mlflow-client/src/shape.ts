/** Reads a JSON value as a T, or throws a {@link ShapeError} that says where it is not one. */
export type Read<T> = (value: unknown, at: string) => T;

/** What a reader reads. */
export type Shaped<R> = R extends Read<infer T> ? T : never;

/** JSON that has not the agreed form. */
export class ShapeError extends Error {
  override readonly name = 'ShapeError';
}

const refuse = (at: string, expected: string): never => {
  throw new ShapeError(`${at === '' ? 'the answer' : at} is not ${expected}`);
};

export const text: Read<string> = (value, at) => (typeof value === 'string' ? value : refuse(at, 'a text'));

/** A 64-bit integer: Protocol Buffers write it as text or as a number. */
export const int64: Read<bigint> = (value, at) => {
  const isWhole = typeof value === 'number' ? Number.isSafeInteger(value) : /^-?\d{1,19}$/.test(String(value));
  return isWhole ? BigInt(value as number | string) : refuse(at, 'an integer');
};

/** An integer that fits a double, such as milliseconds since 1970. */
export const integer: Read<number> = (value, at) => Number(int64(value, at));

/** A number; those that JSON has no word for are written as texts. */
export const real: Read<number> = (value, at) => {
  if (typeof value === 'number') return value;
  return /^(NaN|-?Infinity|-?\d+)$/.test(String(value)) ? Number(value) : refuse(at, 'a number');
};

export const flag: Read<boolean> = (value, at) => (typeof value === 'boolean' ? value : refuse(at, 'true or false'));

/** A field that MLflow leaves out when it has its default. */
export const orElse =
  <T, D>(read: Read<T>, fallback: D): Read<T | D> =>
  (value, at) =>
    value === undefined || value === null ? fallback : read(value, at);

export const listOf =
  <T>(read: Read<T>): Read<T[]> =>
  (value, at) => {
    if (value === undefined || value === null) return []; // an empty list is left out
    if (!Array.isArray(value)) return refuse(at, 'a list');
    return value.map((entry, index) => read(entry, `${at}[${index}]`));
  };

const snakeCase = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

type Shape = Readonly<Record<string, Read<unknown>>>;

/** An object whose fields have these names in snake_case; what else it has is ignored, as newer servers say more. */
export const object = <S extends Shape>(shape: S): Read<{ readonly [K in keyof S]: Shaped<S[K]> }> => {
  const fields = Object.entries(shape).map(([name, read]) => ({ name, wire: snakeCase(name), read }));
  return (value, at) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return refuse(at, 'an object');
    const source = value as Record<string, unknown>;
    const entries = fields.map(({ name, wire, read }) => [
      name,
      read(source[wire], at === '' ? wire : `${at}.${wire}`),
    ]);
    return Object.fromEntries(entries) as { readonly [K in keyof S]: Shaped<S[K]> }; // each field was read by its own reader
  };
};

const pair = object({ key: text, value: orElse(text, '') });

/** `[{key, value}]` as a record. */
export const keyValues: Read<Readonly<Record<string, string>>> = (value, at) =>
  Object.fromEntries(listOf(pair)(value, at).map((entry) => [entry.key, entry.value]));

/** A record as `[{key, value}]`. */
export const toKeyValues = (record: Readonly<Record<string, string>>): { key: string; value: string }[] =>
  Object.entries(record).map(([key, value]) => ({ key, value }));
