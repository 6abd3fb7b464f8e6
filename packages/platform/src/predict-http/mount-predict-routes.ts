import {
  type CallHeaders,
  type ErrorCode,
  HTTP_PREDICT_ROUTES,
  type HttpPredictRoute,
  type HttpProtocol,
  type PredictAnswer,
  type PredictCall,
  type PredictRouteDefinition,
  type QueryPair,
  wordRefusal,
} from '@gimbal/contracts';
import { DomainError } from '@gimbal/domain';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from 'fastify';
import { describeProblem } from '../start-service/describe-problem.js';
import type { Admitted } from './predict-caller.js';
import { CONTENT_TYPES, carryHeaders, readTimeLeft, readTrafficKey, retryAfterSecondsOf } from './predict-request.js';
import { type FetchPart, sendEvents } from './send-events.js';

export interface PredictRoutesOptions {
  /**
   * Answers a call.
   * @param after the part of a stream that the call goes on from; it goes where that came from
   * @throws DomainError
   */
  readonly predict: (call: PredictCall, after?: PredictAnswer) => Promise<PredictAnswer>;
  /**
   * Decides whether a caller may come in, before the body is read: key, role, rate limit. May set headers on the reply.
   * @throws DomainError `missing-api-key`, `invalid-api-key`, `role-required`, `rate-limited` …
   */
  readonly admit: (
    request: FastifyRequest,
    reply: FastifyReply,
    role: PredictRouteDefinition['role'],
  ) => Admitted | Promise<Admitted>;
  readonly bodyLimitBytes: number;
}

const CODE_OF_FAULT: Readonly<Record<string, ErrorCode>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'payload-too-large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'unsupported-media-type',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'malformed-json',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'malformed-json',
};

const toDomainError = (error: unknown, bodyLimitBytes: number): unknown => {
  const code =
    error instanceof Error && 'code' in error ? CODE_OF_FAULT[String((error as FastifyError).code)] : undefined; // looked up, not trusted
  if (code === 'payload-too-large') return new DomainError(code, `At most ${bodyLimitBytes} bytes are read.`);
  if (code === 'unsupported-media-type') return new DomainError(code, 'Send application/json.');
  if (code === 'malformed-json') return new DomainError(code, 'The body is empty or cut off.');
  return error;
};

const NO_BODY = new Uint8Array();

/**
 * The call for the next part of a stream, or for its end: without a body, in what is left of the caller's time.
 * @throws DomainError `timeout` when nothing is left of it
 */
function continueCall(call: PredictCall, headers: CallHeaders, begunMs: number): PredictCall {
  const next = { ...call, headers, body: NO_BODY };
  if (call.timeLeftMs === undefined || headers['stream-end'] !== undefined) return next;
  const timeLeftMs = Math.trunc(call.timeLeftMs - (performance.now() - begunMs));
  if (timeLeftMs < 1) throw new DomainError('timeout', 'The time that the caller gave is over.');
  return { ...next, timeLeftMs };
}

/** Fastify's parser gives a text, or a list of those that came under one name. */
function queryOf({ query }: FastifyRequest): QueryPair[] {
  const pairs: QueryPair[] = [];
  const given = query as Readonly<Record<string, string | readonly string[]>>; // as the parser promises
  for (const name in given) {
    const value = given[name] ?? '';
    if (typeof value === 'string') pairs.push([name, value]);
    else for (const one of value) pairs.push([name, one]);
  }
  return pairs;
}

/**
 * Adds the routes of HTTP_PREDICT_ROUTES to Fastify, past Nest: admitted by key, their bodies are handed on as bytes and the answer is passed
 * back as it is. Refusals have the form of the route's protocol. Call before the application is initialised.
 */
export function mountPredictRoutes(fastify: FastifyInstance, options: PredictRoutesOptions): void {
  const routes = Object.entries<PredictRouteDefinition<HttpProtocol>>(HTTP_PREDICT_ROUTES);
  for (const protocol of Object.keys(CONTENT_TYPES)) {
    const own = routes.filter(([, route]) => route.protocol === protocol);
    void fastify.register(async (scope) => mountProtocol(scope, protocol as HttpProtocol, own, options)); // its keys
  }
}

/**
 * The specification of Open Inference writes `/v2/`, its clients `/v2`. A parameter before a colon must say where it ends, or the router
 * takes the colon for a part of it.
 */
function urlsOf(path: string, protocol: HttpProtocol): readonly string[] {
  if (protocol === 'open-inference') return [path, `${path}/`];
  return [path.replace(/(:\w+)(?=::)/, '$1(^[^:]+)')];
}

function mountProtocol(
  scope: FastifyInstance,
  protocol: HttpProtocol,
  routes: ReadonlyArray<readonly [string, PredictRouteDefinition<HttpProtocol>]>,
  { predict, admit, bodyLimitBytes }: PredictRoutesOptions,
): void {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser(
    CONTENT_TYPES[protocol] ?? '*',
    { parseAs: 'buffer', bodyLimit: bodyLimitBytes },
    (_request: FastifyRequest, body: Buffer, done: (error: null, body: Buffer) => void) => done(null, body),
  );
  const refuse = (error: unknown, request: FastifyRequest): PredictAnswer => {
    const { problem, expected } = describeProblem(toDomainError(error, bodyLimitBytes), request.id);
    if (!expected) request.log.error({ err: error, code: problem.code }, 'request failed');
    return { ...wordRefusal(protocol, problem), retryAfterSeconds: retryAfterSecondsOf(problem) };
  };
  scope.setErrorHandler((error, request, reply) => {
    const { status, contentType, body, retryAfterSeconds } = refuse(error, request);
    if (retryAfterSeconds > 0 && !reply.hasHeader('retry-after')) void reply.header('retry-after', retryAfterSeconds);
    void reply.status(status).header('content-type', contentType).send(Buffer.from(body));
  });
  const keyIds = new WeakMap<FastifyRequest, string>();
  for (const [name, { method, path, role }] of routes) {
    const route = name as HttpPredictRoute; // the keys of a constant
    const options: Omit<RouteOptions, 'url'> = {
      method,
      bodyLimit: bodyLimitBytes,
      config: { answered: 'debug' },
      onRequest: async (request, reply) => {
        const { key } = await admit(request, reply, role);
        if (key) keyIds.set(request, key.id);
      },
      handler: async (request, reply) => {
        const call: PredictCall = {
          route,
          params: request.params as Record<string, string>, // Fastify's router gives text
          query: queryOf(request),
          trafficKey: readTrafficKey(request.headers),
          keyId: keyIds.get(request) ?? '',
          requestId: request.id,
          timeLeftMs: readTimeLeft(request.headers),
          headers: carryHeaders(request.headers, protocol),
          body: Buffer.isBuffer(request.body) ? request.body : NO_BODY,
        };
        const begunMs = performance.now();
        const answer = await predict(call);
        if (answer.headers?.['stream-cursor'] !== undefined) {
          const fetch: FetchPart = async (after, headers) => {
            try {
              return await predict(continueCall(call, headers, begunMs), after);
            } catch (error) {
              return refuse(error, request);
            }
          };
          return sendEvents(reply, answer, fetch);
        }
        if (answer.retryAfterSeconds > 0) void reply.header('retry-after', answer.retryAfterSeconds);
        return reply
          .status(answer.status)
          .headers({ ...answer.headers })
          .header('content-type', answer.contentType)
          .send(answer.body);
      },
    };
    for (const url of urlsOf(path, protocol)) scope.route({ ...options, url });
  }
}
