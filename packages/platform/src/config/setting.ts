import { z } from 'zod';

/** What a person who sets a variable must know about it. */
export interface SettingNotes {
  /** One sentence: what it decides. */
  readonly description: string;
  /** Unit of a number: `ms`, `s`, `bytes`, `rows`. */
  readonly unit?: string;
}

interface SettingMeta extends SettingNotes {
  readonly secret: boolean;
  readonly kind: string;
}

/** One environment variable: its name, how its text is read, and what it means. */
export interface Setting<S extends z.ZodType = z.ZodType> {
  readonly variable: string;
  readonly schema: S;
  readonly meta: SettingMeta;
}

const kinds = z.registry<{ kind: string }>();
const named = <S extends z.ZodType>(schema: S, kind: string): S => {
  kinds.add(schema, { kind });
  return schema;
};

const kindOf = (schema: z.ZodType): string => {
  let inner: z.ZodType = schema;
  for (;;) {
    const kind = kinds.get(inner)?.kind;
    if (kind) return kind;
    if (inner instanceof z.ZodDefault || inner instanceof z.ZodOptional || inner instanceof z.ZodNullable) {
      inner = inner.unwrap() as z.ZodType; // zod types the inner schema by its core interface only
      continue;
    }
    if (inner instanceof z.ZodEnum) return inner.options.join(' | ');
    return 'text';
  }
};

/** A variable whose value may be shown. */
export function setting<S extends z.ZodType>(variable: string, schema: S, notes: SettingNotes): Setting<S> {
  return { variable, schema, meta: { ...notes, secret: false, kind: kindOf(schema) } };
}

/** A variable whose value never appears in a message, a log or a document. */
export function secretSetting<S extends z.ZodType>(variable: string, schema: S, notes: SettingNotes): Setting<S> {
  return { variable, schema, meta: { ...notes, secret: true, kind: kindOf(schema) } };
}

/** A whole number written in decimal, `minimum` and `maximum` included. */
export function integerText(minimum: number, maximum: number) {
  const schema = z
    .string()
    .regex(/^-?\d{1,15}$/, 'must be a whole number')
    .transform(Number)
    .refine((value) => value >= minimum && value <= maximum, `must be between ${minimum} and ${maximum}`);
  return named(schema, `integer ${minimum} to ${maximum}`);
}

/** A decimal number, `minimum` and `maximum` included; no exponent, no NaN, no Infinity. */
export function numberText(minimum: number, maximum: number) {
  const schema = z
    .string()
    .regex(/^-?\d{1,15}(\.\d{1,15})?$/, 'must be a number')
    .transform(Number)
    .refine((value) => value >= minimum && value <= maximum, `must be between ${minimum} and ${maximum}`);
  return named(schema, `number ${minimum} to ${maximum}`);
}

/** `true`/`false`, `1`/`0`, `yes`/`no`, `on`/`off`. */
export function flagText() {
  return named(z.stringbool({ error: 'must be true or false' }), 'true | false');
}

/** A URL with one of the given protocols (written with their colon: `http:`). */
export function urlText(...protocols: readonly [string, ...string[]]) {
  const schema = z.string().refine((text) => URL.canParse(text) && protocols.includes(new URL(text).protocol), {
    error: `must be a URL that starts with ${protocols.map((protocol) => `${protocol}//`).join(' or ')}`,
  });
  return named(schema, 'URL');
}

const URLS_MAX = 256;

/** Addresses as {@link urlText} takes them, comma-separated, at least one, each once: of the replicas of one service. */
export function urlsText(...protocols: readonly [string, ...string[]]) {
  const schema = z
    .string()
    .transform((text) => [...new Set(text.split(',').map((part) => part.trim()))].filter(Boolean))
    .pipe(
      z
        .array(urlText(...protocols))
        .min(1, 'must name one at least')
        .max(URLS_MAX),
    );
  return named(schema, 'URLs, comma-separated');
}
