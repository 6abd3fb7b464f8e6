import 'reflect-metadata';
import type { Problem } from '@gimbal/contracts';
import { Module, StandardSchemaValidationPipe, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { type FastifyServerOptions, LogController } from 'fastify';
import { Logger as NestLogger, PinoLogger } from 'nestjs-pino';
import type { DestinationStream, Logger } from 'pino';
import { type ConfigDefinition, parseConfig } from '../config/define-config.js';
import { spanOf, type TracedServer, traceRequests } from '../tracing/trace-requests.js';
import { currentTracing, useTracing } from '../tracing/tracing.js';
import { createLogger } from './create-logger.js';
import { buildProblem } from './describe-problem.js';
import { quietFramework } from './framework-logger.js';
import { toInvalidInput } from './parse-input.js';
import { PlatformModule } from './platform.module.js';
import { ProblemFilter, sendProblem } from './problem.filter.js';
import { inRequest } from './request-context.js';
import { acceptRequestId } from './request-id.js';
import { completeConfig, type ServiceConfig, type ServiceDefinition } from './service-definition.js';

/** A service that is complete but does not listen: `app.inject(...)` talks to it. */
export interface BuiltService<D extends ConfigDefinition> {
  readonly app: NestFastifyApplication;
  readonly config: ServiceConfig<D>;
  readonly logger: Logger;
}

export interface BuildOptions {
  /** Where settings come from. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Where log lines go instead of stdout. */
  readonly logDestination?: DestinationStream;
}

type BaseServiceConfig = ServiceConfig<Record<never, never>>;

const refuseSchemas = () => (): never => {
  throw new Error('Inputs are parsed by zod: a route has no JSON schema.');
};
/** What Fastify would compile JSON schemas with takes longer to load than Fastify itself. */
const NO_SCHEMAS = { compilersFactory: { buildValidator: refuseSchemas, buildSerializer: refuseSchemas } };

const createAdapter = (
  config: BaseServiceConfig,
  logger: Logger,
  render: ServiceDefinition['renderProblem'],
): FastifyAdapter => {
  const options: FastifyServerOptions = {
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'request_id' }),
    genReqId: (request) => acceptRequestId(request.headers['x-request-id']),
    bodyLimit: config.http.bodyLimitBytes,
    requestTimeout: config.http.requestTimeoutMs,
    trustProxy: false,
    forceCloseConnections: 'idle',
    return503OnClosing: true,
    routerOptions: { maxParamLength: 300 },
    schemaController: NO_SCHEMAS,
    // A path that is not a URL never reaches the router, nor the filter.
    frameworkErrors: (_error, request, reply) => {
      const problem: Problem = buildProblem('route-not-found', 'The path is not a valid URL path.', request.id);
      sendProblem(reply, problem, request.url, render);
    },
  };
  return new FastifyAdapter(options);
};

declare module 'fastify' {
  interface FastifyContextConfig {
    /** At which level an answer below 400 is logged, default `info`; `debug` where there are too many to read. */
    answered?: 'debug' | 'info';
  }
}

const QUIET_PATHS = /^\/(health(\/|$)|metrics$)/;

const levelOf = (status: number, answered: 'debug' | 'info' = 'info') =>
  status >= 500 ? 'warn' : status >= 400 ? 'info' : answered;

const installHooks = (app: NestFastifyApplication, loggers: PinoLogger, door: TracedServer['door']): void => {
  const fastify = app.getHttpAdapter().getInstance();
  const tracing = currentTracing();
  if (tracing) traceRequests(fastify, tracing, { door, isQuiet: (route) => QUIET_PATHS.test(route) });
  fastify.removeContentTypeParser('text/plain');
  fastify.addHook('onRequest', (request, reply, done) => {
    void reply.header('x-request-id', request.id).header('x-content-type-options', 'nosniff');
    done();
  });
  // After the body: events of a socket belong to the connection, and a context entered before them would be lost for POST.
  fastify.addHook('preValidation', (request, _reply, done) => {
    const proceed = () =>
      inRequest(request, () => loggers.runInContext(done, { bindings: { request_id: request.id } }));
    const span = spanOf(request);
    if (span) span.within(proceed);
    else proceed();
  });
  fastify.addHook('onResponse', (request, reply, done) => {
    // The route's pattern, not the URL: a query may hold what no log should.
    const route = request.routeOptions.url ?? 'unmatched';
    const level = QUIET_PATHS.test(route) ? 'debug' : levelOf(reply.statusCode, request.routeOptions.config.answered);
    request.log[level](
      {
        method: request.method,
        route,
        status: reply.statusCode,
        duration_ms: Math.round(reply.elapsedTime * 10) / 10,
        caller: request.caller,
      },
      'request answered',
    );
    done();
  });
};

/** The libraries are loaded only where traces are wanted. */
const startTracing = async (service: string, { tracing, process }: BaseServiceConfig): Promise<void> => {
  const { endpoint, headers, share } = tracing;
  if (endpoint === undefined || currentTracing()) return;
  const { openTracing } = await import('../tracing/open-tracing.js');
  useTracing(openTracing({ service, version: process.version, endpoint, headers, share }));
};

/** Nest tells services apart by module class; a fresh root for each build keeps two of them in one process independent. */
const rootModule = (imports: NonNullable<Parameters<typeof Module>[0]['imports']>): Type => {
  class ServiceRoot {}
  Module({ imports })(ServiceRoot);
  return ServiceRoot;
};

/**
 * Builds and initialises a service without listening. Tests use it with `app.inject`; {@link startService} adds the process around it.
 * @throws ConfigError naming every mistake in `env`
 */
export async function buildService<D extends ConfigDefinition>(
  definition: ServiceDefinition<D>,
  options: BuildOptions,
): Promise<BuiltService<D>> {
  // The intersection of both groups is what completeConfig returns; TypeScript can't see it through the generic Omit.
  const config = parseConfig(completeConfig(definition.config), options.env) as unknown as ServiceConfig<D>;
  const base = config as unknown as BaseServiceConfig; // an app's own group of the same name has the same keys
  const logger = createLogger({
    service: definition.name,
    level: base.process.logLevel,
    ...(options.logDestination && { destination: options.logDestination }),
  });
  await startTracing(definition.name, base);
  const root = rootModule([
    await PlatformModule.of({ name: definition.name, config: base, logger, door: definition.door }),
    definition.module(config),
  ]);
  const adapter = createAdapter(base, logger, definition.renderProblem);
  const app = await NestFactory.create<NestFastifyApplication>(root, adapter, {
    bufferLogs: true,
    abortOnError: false,
    bodyParser: false,
  });
  app.useLogger(quietFramework(app.get(NestLogger)));
  app.useGlobalPipes(new StandardSchemaValidationPipe({ exceptionFactory: toInvalidInput }));
  app.useGlobalFilters(new ProblemFilter(definition.renderProblem));
  installHooks(app, await app.resolve(PinoLogger), definition.door);
  await definition.prepare?.(app, config);
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
  return { app, config, logger };
}
