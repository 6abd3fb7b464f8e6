import type { Actor, ROUTES, RouteName } from '@gimbal/contracts';
import type { z } from 'zod';

type Routes = typeof ROUTES;

/** Routes that the gateway answers itself. */
type OwnRouteName = { [N in RouteName]: Routes[N]['owner'] extends 'gateway' ? N : never }[RouteName];
/** Those of them that answer with one JSON value; the event stream has its own controller. */
export type OwnJsonRouteName = {
  [N in OwnRouteName]: Routes[N]['response'] extends z.ZodType ? N : never;
}[OwnRouteName];

type Parsed<R, K extends string> =
  R extends Record<K, infer S> ? (S extends z.ZodType ? z.output<S> : undefined) : undefined;
type ParsedParams<R> = R extends { params: infer P }
  ? { [K in keyof P]: P[K] extends z.ZodType ? z.output<P[K]> : never }
  : undefined;
type Answer<R> = R extends { response: infer S } ? (S extends z.ZodType ? z.output<S> : never) : never;

/** A request that was admitted and has the agreed form. */
export interface OwnCall<N extends OwnRouteName> {
  readonly params: ParsedParams<Routes[N]>;
  readonly query: Parsed<Routes[N], 'query'>;
  readonly body: Parsed<Routes[N], 'body'>;
  readonly actor: Actor;
}

/** Answers of the gateway itself, in code's names; a route without one does not compile. */
export type OwnHandlers = {
  readonly [N in OwnJsonRouteName]: (call: OwnCall<N>) => Promise<Answer<Routes[N]>>;
};

/** Injects the handlers of all features together. */
export const OWN_HANDLERS = Symbol('gateway:own-handlers');
