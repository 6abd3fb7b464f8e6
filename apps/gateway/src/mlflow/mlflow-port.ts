import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { mlflowFailureOf } from '@gimbal/contracts';
import { allowLongStreams, CONFIG, LOGGER, type Logger } from '@gimbal/platform';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyAdapter } from '@nestjs/platform-fastify';
import { isMlflowPath } from './mlflow-paths.js';
import { MLFLOW_OPTIONS, type MlflowOptions } from './mlflow-routes.js';

/** Time that requests under way have to end. */
const DRAIN_MS = 5_000;

interface HttpSettings {
  readonly process: { readonly version: string };
  readonly http: { readonly requestTimeoutMs: number };
}

/** A second way in, for clients that expect a server of MLflow's own: the same routes, and what its server says of itself. */
@Injectable()
export class MlflowPort implements OnApplicationBootstrap, OnModuleDestroy {
  private server: Server | undefined;

  constructor(
    @Inject(MLFLOW_OPTIONS) private readonly options: MlflowOptions,
    @Inject(CONFIG) private readonly config: HttpSettings,
    @Inject(LOGGER) private readonly logger: Pick<Logger, 'info'>,
    private readonly host: HttpAdapterHost<FastifyAdapter>,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const { port, host } = this.options;
    if (port === 0) return;
    const fastify = this.host.httpAdapter.getInstance();
    await fastify.ready();
    const server = createServer({ requestTimeout: this.config.http.requestTimeoutMs }, (request, response) => {
      if (isMlflowPath(pathOf(request))) fastify.routing(request, response);
      else this.answer(request, response);
    });
    allowLongStreams(server);
    this.server = server;
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(port, host, resolve);
    });
    this.logger.info({ port }, "MLflow's REST is served on its own port");
  }

  async onModuleDestroy(): Promise<void> {
    const { server } = this;
    if (!server) return;
    // A kept-alive connection becomes idle when its last request is answered; one that does not end is cut off.
    const idle = setInterval(() => server.closeIdleConnections(), 50);
    const late = setTimeout(() => server.closeAllConnections(), DRAIN_MS);
    await new Promise((resolve) => server.close(resolve));
    clearInterval(idle);
    clearTimeout(late);
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    const path = pathOf(request);
    const text = path === '/health' ? 'OK' : path === '/version' ? this.config.process.version : undefined;
    if (text === undefined) {
      const detail = 'This port speaks the REST API of MLflow only.';
      const { status, body } = mlflowFailureOf({ code: 'route-not-found', status: 404, detail });
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    } else response.writeHead(200, { 'content-type': 'text/plain; charset=utf-8' }).end(text);
  }
}

const pathOf = ({ url = '/' }: IncomingMessage): string => url.split('?', 1)[0] ?? '/';
