import { ROUTES, type RouteDefinition, type RouteName } from '@gimbal/contracts';
import type { z } from 'zod';
import { refusalOf } from './gimbal-error.js';

type Routes = typeof ROUTES;
type Params<R> = R extends { params: infer P }
  ? { params: { [K in keyof P]: P[K] extends z.ZodType ? z.output<P[K]> : never } }
  : { params?: never };
type Query<R> = R extends { query: infer Q extends z.ZodType } ? { query?: z.input<Q> } : { query?: never };
type Body<R> = R extends { body: infer B extends z.ZodType } ? { body: z.input<B> } : { body?: never };
/** What a route is called with: path parameters, query and body in the form of the wire (snake_case, defaults may be left out). */
export type CallInput<N extends RouteName> = Params<Routes[N]> &
  Query<Routes[N]> &
  Body<Routes[N]> & { readonly ifMatch?: string; readonly idempotencyKey?: string };
/** What it answers: parsed, camelCase. `html` and `file` routes answer text. */
export type CallOutput<N extends RouteName> = Routes[N]['response'] extends infer S
  ? S extends z.ZodType
    ? z.output<S>
    : string
  : never;

const ANSWER_TIMEOUT_MS = 30_000;
const FILE_TIMEOUT_MS = 600_000;

export interface ClientOptions {
  /** Address of the gateway, e.g. `http://127.0.0.1:8000`. */
  readonly url: string;
  readonly apiKey: string;
  /** Milliseconds until an answer is given up, default 30 000; of an upload or a download 600 000. */
  readonly timeoutMs?: number;
}

/** Typed access to every route of the gateway: request and answer have the very schemas the gateway checks. */
export class GimbalClient {
  constructor(private readonly options: ClientOptions) {}

  /** Address of the gateway. */
  get url(): string {
    return this.options.url;
  }

  /** Calls a route by its name. @throws GimbalError when the gateway answers a problem. */
  async call<N extends RouteName>(name: N, input: CallInput<N>): Promise<CallOutput<N>> {
    const route: RouteDefinition = ROUTES[name];
    const { params, query, body, ifMatch, idempotencyKey } = input as {
      // the union of all routes' inputs, seen as one
      params?: Record<string, unknown>;
      query?: Record<string, unknown>;
      body?: unknown;
      ifMatch?: string;
      idempotencyKey?: string;
    };
    const headers: Record<string, string> = {};
    if (ifMatch !== undefined) headers['if-match'] = ifMatch;
    if (idempotencyKey !== undefined) headers['idempotency-key'] = idempotencyKey;
    const response = await this.request(route.method, fillPath(route.path, params ?? {}, query ?? {}), {
      headers,
      body,
    });
    if (typeof route.response === 'string') return (await response.text()) as CallOutput<N>; // html and files are text to the caller
    if (route.status === 204) return null as unknown as CallOutput<N>; // nothing follows a 204
    return route.response.parse(await response.json()) as CallOutput<N>; // parsed by the route's own schema
  }

  /** All items of a list route, page by page. */
  async *each<N extends RouteName>(
    name: N,
    input: CallInput<N>,
  ): AsyncGenerator<CallOutput<N> extends { items: (infer I)[] } ? I : never> {
    let cursor: string | null = null;
    do {
      const query = { ...(input.query ?? {}), ...(cursor === null ? {} : { cursor }) };
      const page = (await this.call(name, { ...input, query } as CallInput<N>)) as unknown as {
        items: never[];
        nextCursor: string | null;
      }; // only list routes have items
      yield* page.items;
      cursor = page.nextCursor;
    } while (cursor !== null);
  }

  /** Predicts rows with a model; one result per row, in order (JSON as the wire has it). */
  async predict(path: string, body: unknown): Promise<unknown> {
    return (await this.request('POST', path, { headers: {}, body })).json();
  }

  /** The bytes of a `file` route as they come, however many. */
  async download<N extends RouteName>(
    name: N,
    params: Record<string, string | number>,
  ): Promise<ReadableStream<Uint8Array>> {
    const route: RouteDefinition = ROUTES[name];
    const path = fillPath(route.path, params, {});
    const { body } = await this.request(route.method, path, {
      headers: {},
      body: undefined,
      timeoutMs: FILE_TIMEOUT_MS,
    });
    return body ?? new ReadableStream();
  }

  /** Sends a form, e.g. an ONNX file to register or a table to learn from. */
  async upload<N extends RouteName>(
    name: N,
    params: Record<string, string | number>,
    form: FormData,
  ): Promise<CallOutput<N>> {
    const route: RouteDefinition = ROUTES[name];
    const response = await this.request(route.method, fillPath(route.path, params, {}), { headers: {}, body: form });
    return (
      typeof route.response === 'string' ? await response.text() : route.response.parse(await response.json())
    ) as CallOutput<N>; // by the route's own schema
  }

  private async request(
    method: string,
    path: string,
    { headers, body, timeoutMs }: { headers: Record<string, string>; body: unknown; timeoutMs?: number },
  ): Promise<Response> {
    const isForm = body instanceof FormData;
    const patienceMs = timeoutMs ?? (isForm ? FILE_TIMEOUT_MS : ANSWER_TIMEOUT_MS);
    const response = await fetch(new URL(path, this.options.url), {
      method,
      headers: {
        ...headers,
        'x-api-key': this.options.apiKey,
        ...(body === undefined || isForm ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: isForm ? body : JSON.stringify(body) }),
      signal: AbortSignal.timeout(this.options.timeoutMs ?? patienceMs),
    });
    if (response.ok) return response;
    throw refusalOf(response, await response.text());
  }
}

function fillPath(path: string, params: Record<string, unknown>, query: Record<string, unknown>): string {
  const filled = path.replace(/:([a-z]+)/gi, (_, name: string) => encodeURIComponent(String(params[name])));
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) if (value !== undefined) search.set(key, String(value));
  return search.size > 0 ? `${filled}?${search}` : filled;
}
