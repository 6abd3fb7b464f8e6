import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { OpenSpan, Tracing } from './tracing.js';

const spans = new WeakMap<FastifyRequest, OpenSpan>();

/** The span of a request; undefined when requests are not traced, or not this one. */
export const spanOf = (request: FastifyRequest): OpenSpan | undefined => spans.get(request);

const NO_SERVER_FAULT = 500;

/**
 * Traces every request of a server, by the semantic conventions of HTTP: a part of the caller's trace when it names one. Neither the
 * query nor the path as it came is told, which may hold what no trace should: only the route's pattern.
 */
export function traceRequests(fastify: FastifyInstance, tracing: Tracing, isQuiet: (route: string) => boolean): void {
  fastify.addHook('onRequest', (request, _reply, done) => {
    const route = request.routeOptions.url ?? 'unmatched';
    if (!isQuiet(route)) spans.set(request, beginRequest(tracing, request, route));
    done();
  });
  fastify.addHook('onResponse', (request, { statusCode }, done) => {
    const span = spans.get(request);
    span?.describe({ 'http.response.status_code': statusCode });
    span?.end(statusCode >= NO_SERVER_FAULT ? `answered ${statusCode}` : undefined);
    done();
  });
}

function beginRequest(tracing: Tracing, { method, headers, id }: FastifyRequest, route: string): OpenSpan {
  const { traceparent } = headers;
  return tracing.begin({
    name: `${method} ${route}`,
    kind: 'server',
    parent: typeof traceparent === 'string' ? traceparent : '',
    attributes: { 'http.request.method': method, 'http.route': route, 'gimbal.request_id': id },
  });
}
