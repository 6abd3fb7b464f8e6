import { type ErrorCode, PREDICT_ROUTES, type PredictRoute } from '@gimbal/contracts';
import { DomainError } from '@gimbal/domain';
import { describeProblem } from '@gimbal/platform';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { DataPlane } from './data-plane.service.js';

export interface PredictRoutesOptions {
  readonly dataPlane: Pick<DataPlane, 'predict'>;
  /**
   * Decides whether a caller may predict, before the body is read: key, role, rate limit. May set headers on the reply.
   * @returns who calls, by the id of the key
   * @throws DomainError `missing-api-key`, `invalid-api-key`, `role-required`, `rate-limited` …
   */
  readonly admit: (request: FastifyRequest, reply: FastifyReply) => string | Promise<string>;
  readonly bodyLimitBytes: number;
}

/** Keeps one unit on one side of a canary or an A/B test. */
const TRAFFIC_KEY_HEADER = 'x-traffic-key';
const TRAFFIC_KEY_LENGTH_MAX = 200;

const CODE_OF_FAULT: Readonly<Record<string, ErrorCode>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'payload-too-large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'unsupported-media-type',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'malformed-json',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'malformed-json',
};

const trafficKeyOf = ({ headers }: FastifyRequest): string | null => {
  const key = headers[TRAFFIC_KEY_HEADER];
  if (typeof key !== 'string' || key === '') return null;
  if (key.length <= TRAFFIC_KEY_LENGTH_MAX) return key;
  throw new DomainError(
    'validation-failed',
    `The header ${TRAFFIC_KEY_HEADER} has more than ${TRAFFIC_KEY_LENGTH_MAX} characters.`,
  );
};

const toDomainError = (error: unknown, bodyLimitBytes: number): unknown => {
  const code =
    error instanceof Error && 'code' in error ? CODE_OF_FAULT[String((error as FastifyError).code)] : undefined; // looked up, not trusted
  if (code === 'payload-too-large') return new DomainError(code, `At most ${bodyLimitBytes} bytes are read.`);
  if (code === 'unsupported-media-type') return new DomainError(code, 'Send application/json.');
  if (code === 'malformed-json') return new DomainError(code, 'The body is empty or cut off.');
  return error;
};

/**
 * Adds the routes of PREDICT_ROUTES to the gateway's Fastify, past Nest: admitted by key, their bodies are handed on as bytes and the
 * answer is passed back as it is. Call before the application is initialised.
 */
export function mountPredictRoutes(
  fastify: FastifyInstance,
  { dataPlane, admit, bodyLimitBytes }: PredictRoutesOptions,
): void {
  void fastify.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser(
      'application/json',
      { parseAs: 'buffer', bodyLimit: bodyLimitBytes },
      (_request: FastifyRequest, body: Buffer, done: (error: null, body: Buffer) => void) => done(null, body),
    );
    const keyIds = new WeakMap<FastifyRequest, string>();
    scope.addHook('onRequest', async (request, reply) => {
      keyIds.set(request, await admit(request, reply));
    });
    scope.setErrorHandler((error, request, reply) => {
      const { problem, expected } = describeProblem(toDomainError(error, bodyLimitBytes), request.id);
      if (!expected) request.log.error({ err: error, code: problem.code }, 'request failed');
      void reply
        .status(problem.status)
        .header('content-type', 'application/problem+json; charset=utf-8')
        .send(JSON.stringify(problem));
    });
    for (const [name, { path }] of Object.entries(PREDICT_ROUTES)) {
      const route = name as PredictRoute; // the keys of a constant
      scope.post(path, { bodyLimit: bodyLimitBytes }, async (request, reply) => {
        const answer = await dataPlane.predict({
          route,
          params: { ...(request.params as Record<string, string>) }, // Fastify's router gives text
          query: { ...(request.query as Record<string, string | string[]>) }, // Fastify's parser gives text or a list of it
          trafficKey: trafficKeyOf(request),
          keyId: keyIds.get(request) ?? '',
          requestId: request.id,
          body: Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0),
        });
        if (answer.retryAfterSeconds > 0) void reply.header('retry-after', answer.retryAfterSeconds);
        return reply.status(answer.status).header('content-type', answer.contentType).send(answer.body);
      });
    }
  });
}
