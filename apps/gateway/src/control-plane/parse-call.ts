import type { RouteDefinition } from '@gimbal/contracts';
import { DomainError } from '@gimbal/domain';
import { InvalidInputError, parseInput } from '@gimbal/platform';
import { z } from 'zod';

/** A request as the router and the body parser give it. */
export interface RawCall {
  readonly params: unknown;
  readonly query: unknown;
  /** Bytes of a JSON body; null when there is none. */
  readonly body: Buffer | null;
}

/** A request that has the agreed form, in code's names. */
export interface ParsedCall {
  readonly params: unknown;
  readonly query: unknown;
  readonly body: unknown;
  /** The body as sent, to tell one request from another; null when there is none. */
  readonly json: unknown;
}

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const Nothing = z.strictObject({});

/** The JSON of a body. @throws DomainError `malformed-json` */
export function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(UTF8.decode(bytes));
  } catch {
    // The parser's own message quotes the text.
    throw new DomainError('malformed-json', 'The body cannot be read as JSON.');
  }
}

/** Builds the parser of a route; its schemas are put together once. */
export function callParser(route: RouteDefinition): (raw: RawCall) => ParsedCall {
  const params = z.object({ ...route.params });
  const query = route.query ?? Nothing;
  const body = route.body ?? Nothing;
  return (raw) => {
    const json = raw.body === null || raw.body.length === 0 ? null : parseJson(raw.body);
    const faults: InvalidInputError[] = [];
    const attempt = <S extends z.ZodType>(schema: S, value: unknown): z.output<S> | undefined => {
      try {
        return parseInput(schema, value);
      } catch (error) {
        if (!(error instanceof InvalidInputError)) throw error;
        faults.push(error);
        return undefined;
      }
    };
    const parsed = {
      params: attempt(params, raw.params),
      query: attempt(query, raw.query),
      // A write whose body may hold nothing may come without one.
      body: attempt(body, json ?? {}),
      json,
    };
    if (faults.length > 0) throw new InvalidInputError(faults.flatMap(({ errors }) => errors));
    return parsed;
  };
}

/** The path of a request again, from checked parameters: nothing that only looked like the route is handed on. */
export function buildPath(path: string, params: Readonly<Record<string, string>>, url: string): string {
  const query = url.indexOf('?');
  const filled = path.replace(/:([a-zA-Z]+)/g, (_, name: string) => encodeURIComponent(params[name] ?? ''));
  return query < 0 ? filled : `${filled}${url.slice(query)}`;
}
