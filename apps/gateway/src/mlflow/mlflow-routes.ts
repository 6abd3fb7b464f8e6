import type { Readable } from 'node:stream';
import { MLFLOW_ROUTES, type MlflowRouteDefinition, type Role } from '@gimbal/contracts';
import { DomainError } from '@gimbal/domain';
import { InjectMetric } from '@gimbal/platform';
import { Inject, Injectable } from '@nestjs/common';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Counter } from 'prom-client';
import type { KnownKey } from '../access/key-ring.service.js';
import { OwnerClient, type OwnerRequest } from '../control-plane/owner.client.js';
import { sendStream } from '../control-plane/send-answer.js';
import { ANYBODY, actorOf, Door, type Traffic } from '../door/door.service.js';
import { MLFLOW_PREFIXES } from './mlflow-paths.js';

export const MLFLOW_OPTIONS = Symbol('gateway:mlflow-options');
export interface MlflowOptions {
  readonly port: number;
  readonly host: string;
  readonly bodyLimitBytes: number;
  /** Where callers reach this gateway; undefined: under the host they name. */
  readonly publicUrl: string | undefined;
  /** How long a file may stand still on its way. */
  readonly idleMs: number;
}

/** What is handed on of an admitted call. */
export interface MlflowCall {
  /** Path and query at the registry. */
  readonly path: string;
  readonly body: Buffer | Readable | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly pace: OwnerRequest['pace'];
}

/** MLflow's REST: admitted before a body is read, then handed to the registry as it is, which reads and answers it. */
@Injectable()
export class MlflowRoutes {
  private readonly keys = new WeakMap<FastifyRequest, KnownKey>();

  constructor(
    private readonly door: Door,
    private readonly owners: OwnerClient,
    @Inject(MLFLOW_OPTIONS) private readonly options: MlflowOptions,
    @InjectMetric('ml_requests_total') private readonly requests: Counter<'action' | 'status'>,
  ) {}

  /** Adds the routes. Call before the application is initialised. */
  mount(fastify: FastifyInstance): void {
    void fastify.register(async (scope) => {
      scope.removeAllContentTypeParsers();
      scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
      for (const [name, route] of Object.entries<MlflowRouteDefinition>(MLFLOW_ROUTES))
        for (const prefix of MLFLOW_PREFIXES) this.add(scope, name, prefix, route);
      for (const prefix of MLFLOW_PREFIXES)
        for (const version of ['2.0', '3.0']) scope.all(`${prefix}/${version}/*`, { onRequest: refuse }, refuse);
    });
  }

  /** For `onRequest`: admits a call; one of an open route (null) is nobody's in particular. @throws DomainError as {@link Door.admit} */
  async admit(
    request: FastifyRequest,
    reply: FastifyReply,
    role: Role | null,
    traffic: Traffic = 'tracking',
  ): Promise<void> {
    const { key } = await this.door.admit(request, reply, role, traffic);
    this.keys.set(request, key ?? ANYBODY);
  }

  /** Hands an admitted call to the registry, and its answer back as it comes. */
  async forward(request: FastifyRequest, reply: FastifyReply, call: MlflowCall): Promise<void> {
    const key = this.keys.get(request);
    if (!key) throw new DomainError('missing-api-key', 'This route needs a key.');
    const gone = new AbortController();
    // A write goes on when its caller leaves: what it does must not depend on who still listens.
    if (request.method === 'GET') reply.raw.once('close', () => gone.abort());
    try {
      const method = request.method as OwnerRequest['method']; // one of the route's
      const told = { actor: actorOf(key), requestId: request.id, signal: gone.signal };
      sendStream(reply, await this.owners.send('registry', { ...call, ...told, method }));
    } catch (error) {
      if (!gone.signal.aborted) throw error;
      void reply.hijack();
    }
  }

  private add(scope: FastifyInstance, name: string, prefix: string, route: MlflowRouteDefinition): void {
    scope.route({
      method: [...route.methods],
      url: `${prefix}/${route.version}/mlflow${route.path}`,
      bodyLimit: this.options.bodyLimitBytes,
      exposeHeadRoute: false,
      onRequest: (request, reply) => this.admit(request, reply, route.role),
      onResponse: async (_request, reply) => this.requests.inc({ action: name, status: String(reply.statusCode) }),
      handler: async (request, reply) => {
        await this.forward(request, reply, {
          path: `/api${escapeUrl(request.url.slice(prefix.length))}`,
          body: Buffer.isBuffer(request.body) ? request.body : null,
          headers: { 'content-type': 'application/json' },
          pace: 'answer',
        });
        return reply;
      },
    });
  }
}

const refuse = async (request: FastifyRequest): Promise<never> => {
  throw new DomainError('route-not-found', `No API found for ${request.method} of this path.`);
};

/** The URL with every byte escaped that may not stand in one: Node's parser lets them through. */
const escapeUrl = (url: string): string =>
  url.replace(/[^\x21-\x7e]/g, (character) => `%${character.charCodeAt(0).toString(16).padStart(2, '0')}`);
