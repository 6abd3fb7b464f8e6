import { Readable } from 'node:stream';
import { MLFLOW_FILE_ROUTES, type MlflowFileRoute, PUBLIC_URL_HEADER } from '@gimbal/contracts';
import { expectSteadyStream, InjectMetric } from '@gimbal/platform';
import { Inject, Injectable } from '@nestjs/common';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Counter } from 'prom-client';
import { MLFLOW_OPTIONS, type MlflowOptions, MlflowRoutes } from './mlflow-routes.js';

const PASSED_HEADERS = ['content-type', 'content-length', 'range', 'if-range', 'if-none-match'] as const;

/** Files of MLflow's clients: admitted before a byte is read, then passed on as they come, either way. */
@Injectable()
export class MlflowFileRoutes {
  constructor(
    private readonly routes: MlflowRoutes,
    @Inject(MLFLOW_OPTIONS) private readonly options: MlflowOptions,
    @InjectMetric('ml_requests_total') private readonly requests: Counter<'action' | 'status'>,
  ) {}

  /** Adds the routes. Call before the application is initialised. */
  mount(fastify: FastifyInstance): void {
    void fastify.register(async (scope) => {
      scope.removeAllContentTypeParsers();
      scope.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
      for (const [name, route] of Object.entries<MlflowFileRoute>(MLFLOW_FILE_ROUTES))
        for (const url of route.paths) this.add(scope, name, url, route);
    });
  }

  private add(scope: FastifyInstance, name: string, url: string, { methods, role }: MlflowFileRoute): void {
    scope.route({
      method: [...methods],
      url,
      exposeHeadRoute: false,
      onRequest: (request, reply) => this.routes.admit(request, reply, role, role === null ? 'signed' : 'tracking'),
      onResponse: async (_request, reply) => this.requests.inc({ action: name, status: String(reply.statusCode) }),
      handler: (request, reply) => this.pass(request, reply),
    });
  }

  private async pass(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const end = expectSteadyStream(request.raw, this.options.idleMs);
    const body = request.body instanceof Readable ? request.body : null;
    // While the registry puts parts together nothing passes: only what arrives or leaves is watched.
    if (body) body.once('close', end);
    else reply.raw.once('close', end);
    try {
      await this.routes.forward(request, reply, {
        path: request.url,
        body,
        headers: this.headersOf(request),
        pace: 'stream',
      });
    } finally {
      // The rest of a refused file is not read; on a connection that stays open it would never end.
      if (body && !request.raw.complete) void reply.header('connection', 'close');
    }
    return reply;
  }

  private headersOf({ headers }: FastifyRequest): Record<string, string> {
    const passed: Record<string, string> = {
      [PUBLIC_URL_HEADER]: this.options.publicUrl ?? `http://${headers.host ?? 'localhost'}`,
    };
    for (const name of PASSED_HEADERS) {
      const value = headers[name];
      if (typeof value === 'string') passed[name] = value;
    }
    return passed;
  }
}
