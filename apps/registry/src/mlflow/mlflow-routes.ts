import {
  type Actor,
  MLFLOW_ROUTES,
  type MlflowHandlers,
  type MlflowRouteDefinition,
  type MlflowRouteName,
  readQuery,
} from '@gimbal/contracts';
import { DomainError } from '@gimbal/domain';
import { ACTOR_HEADER, CONFIG, decodeActor, findCaller } from '@gimbal/platform';
import { Inject, Injectable } from '@nestjs/common';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { answerFailure } from './answer-failure.js';
import { invalidParameter } from './mlflow-error.js';
import { readJsonObject, readMessage } from './read-message.js';
import { textOf } from './written-json.js';

export const MLFLOW_HANDLERS = Symbol('registry:mlflow-handlers');

/** Any one handler; its message was read by the schema of its own route. */
type Handler = (request: unknown, actor: Actor) => Promise<object>;

/** Largest message, as the gateway takes it by default: what a run read may come with profiles of megabytes. */
const MESSAGE_BYTES_MAX = 8_388_608;

interface MlflowConfig {
  readonly serviceAuth: { readonly trustedCallers: ReadonlyMap<string, Buffer> };
  readonly http: { readonly bodyLimitBytes: number };
}

/**
 * MLflow's REST over the rows of the registry, past Nest's controllers: the message is read once, the feature's handler answers, and the
 * answer is 200 with a JSON object, which is all that MLflow's clients take for success.
 */
@Injectable()
export class MlflowRoutes {
  constructor(
    @Inject(MLFLOW_HANDLERS) private readonly handlers: MlflowHandlers<MlflowRouteName>,
    @Inject(CONFIG) private readonly config: MlflowConfig,
  ) {}

  /** Adds the routes. Call before the application is initialised. */
  mount(fastify: FastifyInstance): void {
    void fastify.register(async (scope) => {
      scope.removeAllContentTypeParsers();
      scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
      this.guard(scope);
      for (const [name, route] of Object.entries<MlflowRouteDefinition>(MLFLOW_ROUTES))
        this.add(scope, name as MlflowRouteName, route); // a constant's own keys
    });
  }

  /** What every scope needs that speaks MLflow's protocol: only the gateway may call, and failures are answered in MLflow's shape. */
  guard(scope: FastifyInstance): void {
    scope.setErrorHandler(answerFailure);
    scope.addHook('onRequest', async (request) => {
      const [scheme, key] = (request.headers.authorization ?? '').split(' ', 2);
      const caller = scheme?.toLowerCase() === 'bearer' && key ? this.callerOf(key) : undefined;
      if (caller !== 'gateway')
        throw new DomainError('caller-not-trusted', 'MLflow is spoken with the gateway of this system only.');
      request.caller = caller;
      const actor = decodeActor(request.headers[ACTOR_HEADER]);
      if (actor) request.actor = actor;
    });
  }

  private callerOf(key: string): string | undefined {
    return findCaller(this.config.serviceAuth.trustedCallers, key);
  }

  private add(scope: FastifyInstance, name: MlflowRouteName, route: MlflowRouteDefinition): void {
    const handler = this.handlers[name] as Handler; // answers this route's messages
    scope.route({
      method: [...route.methods],
      url: `/api/${route.version}/mlflow${route.path}`,
      exposeHeadRoute: false,
      bodyLimit: Math.max(MESSAGE_BYTES_MAX, this.config.http.bodyLimitBytes),
      handler: async (request, reply) => {
        const answer = await handler(readMessage(route, membersOf(request, route)), actorOf(request));
        return reply.header('content-type', 'application/json; charset=utf-8').send(textOf(answer));
      },
    });
  }
}

/** For whom the gateway called. */
export const actorOf = ({ actor }: FastifyRequest): Actor =>
  actor ?? { id: 'service:gateway', name: 'gateway', roles: [] };

/** Members of a message: of the query of a GET, else of the body; those of the path win. */
function membersOf({ method, query, body, params }: FastifyRequest, route: MlflowRouteDefinition): object {
  const inPath = params as Record<string, string>; // Fastify's router gives text
  if (method === 'GET') return { ...readQuery(route.request, query as Record<string, string | string[]>), ...inPath };
  const bytes = Buffer.isBuffer(body) ? body : Buffer.alloc(0);
  if (route.bytesMax !== undefined && bytes.length > route.bytesMax)
    throw invalidParameter(
      `Batched logging API requests must be at most ${route.bytesMax} bytes, got a request of size ${bytes.length}.`,
    );
  return { ...readJsonObject(bytes), ...inPath };
}
