import { z } from 'zod';

/** `predictionId` -> `prediction_id`, at the type level. */
export type SnakeCase<S extends string> = S extends `${infer Head}${infer Tail}`
  ? Head extends Lowercase<Head>
    ? `${Head}${SnakeCase<Tail>}`
    : `_${Lowercase<Head>}${SnakeCase<Tail>}`
  : S;

type SnakeShape<S extends z.ZodRawShape> = { [K in keyof S & string as SnakeCase<K>]: S[K] };

/** The codec that {@link wire} builds: snake_case JSON in, camelCase value out, and back. */
export interface WireCodec<S extends z.ZodRawShape>
  extends z.ZodCodec<
    z.ZodObject<SnakeShape<S>, z.core.$strict>,
    z.ZodCustom<z.output<z.ZodObject<S>>, z.output<z.ZodObject<S>>>
  > {}

const snakeCase = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/**
 * Describes one JSON object of the wire. `shape` is written with the names used in code (camelCase); the JSON has the same
 * names in snake_case. Unknown fields are refused. Nested `wire` objects translate themselves; the keys of a `z.record` are
 * data (feature names, metric names) and stay as they are.
 *
 * `schema.parse(json)` gives the camelCase value; {@link encodeWire} gives the JSON back and checks it on the way out.
 */
export function wire<const S extends z.ZodRawShape>(shape: S): WireCodec<S> {
  const names = Object.keys(shape).map((camel) => [camel, snakeCase(camel)] as const);
  const rename = (from: 0 | 1, to: 0 | 1) => (value: unknown) => {
    const source = value as Record<string, unknown>; // a codec only calls this after its own side was checked
    const result: Record<string, unknown> = {};
    for (const pair of names) if (source[pair[from]] !== undefined) result[pair[to]] = source[pair[from]];
    return result;
  };
  const json = z.strictObject(
    Object.fromEntries(names.map(([camel, snake]) => [snake, shape[camel]])) as SnakeShape<S>,
  ); // keys are renamed one to one
  const codec = z.codec(json, z.custom<never>(), { decode: rename(1, 0) as never, encode: rename(0, 1) as never });
  return codec as unknown as WireCodec<S>; // the two renames above are exactly the type's claim
}

/** The wire form of a value: snake_case JSON, validated. Throws a ZodError when the value breaks its own contract. */
export function encodeWire<S extends z.ZodType>(schema: S, value: z.output<S>): z.input<S> {
  return z.encode(schema, value);
}
