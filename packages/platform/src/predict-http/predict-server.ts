import type { PredictAnswer, PredictCall, PredictRouteDefinition } from '@gimbal/contracts';
import Fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from 'fastify';
import type { Logger } from 'pino';
import { installFastPath } from '../fast-path/fast-path.js';
import { endUnusedConnections } from '../fast-path/unused-connections.js';
import { buildProblem } from '../start-service/describe-problem.js';
import { acceptRequestId } from '../start-service/request-id.js';
import { mountPredictRoutes } from './mount-predict-routes.js';
import { type Admitted, callerOf, type PredictCaller } from './predict-caller.js';
import { readRefusedBodies } from './read-refused-bodies.js';
import { takePlainPredictions } from './take-plain-predictions.js';

interface PredictServerOptions {
  /** Answers a call. @throws DomainError */
  readonly predict: (call: PredictCall, after?: PredictAnswer) => Promise<PredictAnswer>;
  /** @throws DomainError `missing-api-key`, `invalid-api-key`, `role-required` */
  readonly admit: (caller: PredictCaller, role: PredictRouteDefinition['role']) => Admitted;
  readonly bodyLimitBytes: number;
  /** Most connections at once; one more is closed as soon as it is there. */
  readonly connectionsMax: number;
  /** After this long without a request a connection is closed, ms. */
  readonly idleMs: number;
  /** Time that a request has to arrive as a whole, ms. */
  readonly requestMs: number;
  readonly logger: Logger;
}

const HEADERS = { 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' };

function sayNotFound({ id }: FastifyRequest, reply: FastifyReply, detail: string): void {
  const problem = buildProblem('route-not-found', detail, id);
  void reply.status(problem.status).type('application/problem+json; charset=utf-8').send(JSON.stringify(problem));
}

/** The routes of the data plane on a port of their own: plain requests past `node:http`, all others by Fastify. */
export class PredictServer {
  private readonly fastify: FastifyInstance;

  constructor({ predict, admit, bodyLimitBytes, connectionsMax, idleMs, requestMs, logger }: PredictServerOptions) {
    this.fastify = Fastify({
      loggerInstance: logger as FastifyBaseLogger, // else the whole instance would be typed by pino's
      logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'request_id' }),
      genReqId: ({ headers }) => acceptRequestId(headers['x-request-id']),
      bodyLimit: bodyLimitBytes,
      requestTimeout: requestMs,
      keepAliveTimeout: idleMs,
      forceCloseConnections: 'idle',
      return503OnClosing: true,
      routerOptions: { maxParamLength: 300 },
      // A path that is not a URL never reaches the router.
      frameworkErrors: (_error, request, reply) => sayNotFound(request, reply, 'The path is not a valid URL path.'),
    });
    const { fastify } = this;
    fastify.server.maxConnections = connectionsMax;
    endUnusedConnections(fastify);
    readRefusedBodies(fastify);
    fastify.addHook('onRequest', (request, reply, done) => {
      void reply.headers(HEADERS).header('x-request-id', request.id);
      done();
    });
    fastify.setNotFoundHandler((request, reply) => sayNotFound(request, reply, 'There is nothing at this path.'));
    mountPredictRoutes(fastify, {
      predict,
      bodyLimitBytes,
      admit: (request, reply, role) => admit(callerOf(request, reply), role),
    });
    installFastPath(fastify, {
      bodyMs: requestMs,
      headers: HEADERS,
      route: takePlainPredictions({ predict, admit, bodyLimitBytes, logger }),
    });
  }

  /** @returns the URL, with the port that was taken when 0 was asked for. @throws the system's error (`EADDRINUSE` …) */
  listen(address: { readonly host: string; readonly port: number }): Promise<string> {
    return this.fastify.listen(address);
  }

  /** Takes no more, answers what is under way, closes. */
  close(): Promise<void> {
    return this.fastify.close();
  }
}
