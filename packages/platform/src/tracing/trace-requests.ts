import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { OpenSpan, Tracing } from './tracing.js';

const spans = new WeakMap<FastifyRequest, OpenSpan>();

/** The span of a request; undefined when requests are not traced, or not this one. */
export const spanOf = (request: FastifyRequest): OpenSpan | undefined => spans.get(request);

const NO_SERVER_FAULT = 500;

export interface TracedServer {
  /** Who may ask it: the services, which are followed in what they keep, or anybody. */
  readonly door: 'internal' | 'public';
  /** Routes that are not traced. */
  readonly isQuiet: (route: string) => boolean;
}

/**
 * Traces every request of a server, by the semantic conventions of HTTP: a part of the caller's trace when it names one. Neither the
 * query nor the path as it came is told, which may hold what no trace should: only the route's pattern.
 */
export function traceRequests(fastify: FastifyInstance, tracing: Tracing, { door, isQuiet }: TracedServer): void {
  const parentOf = ({ headers: { traceparent } }: FastifyRequest): string => {
    if (typeof traceparent !== 'string') return '';
    return door === 'public' ? tracing.hear(traceparent) : traceparent;
  };
  fastify.addHook('onRequest', (request, _reply, done) => {
    const route = request.routeOptions.url ?? 'unmatched';
    if (!isQuiet(route)) spans.set(request, beginRequest(tracing, request, route, parentOf(request)));
    done();
  });
  fastify.addHook('onResponse', (request, { statusCode }, done) => {
    const span = spans.get(request);
    span?.describe({ 'http.response.status_code': statusCode });
    span?.end(statusCode >= NO_SERVER_FAULT ? `answered ${statusCode}` : undefined);
    done();
  });
}

function beginRequest(tracing: Tracing, { method, id }: FastifyRequest, route: string, parent: string): OpenSpan {
  return tracing.begin({
    name: `${method} ${route}`,
    kind: 'server',
    parent,
    attributes: { 'http.request.method': method, 'http.route': route, 'gimbal.request_id': id },
  });
}
