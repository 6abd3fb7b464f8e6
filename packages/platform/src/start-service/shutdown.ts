import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Logger } from 'pino';
import { currentTracing } from '../tracing/tracing.js';

/** Exit code of a service that had to be cut off. */
export const EXIT_DEADLINE = 124;

export interface ShutdownOptions {
  readonly app: NestFastifyApplication;
  readonly logger: Logger;
  /** Time for all of it, > 0 ms. Half of it belongs to requests under way; then their connections are closed. */
  readonly deadlineMs: number;
}

/**
 * Ends the process in order on SIGTERM and SIGINT: no new requests, finish those under way, close modules, flush logs, exit 0.
 * A second signal, or the deadline, ends it at once with 124. An error nobody caught ends it in order, too, with 1.
 * @returns the same shutdown, to be called with a reason and an exit code
 */
export function installShutdown({
  app,
  logger,
  deadlineMs,
}: ShutdownOptions): (reason: string, exitCode: number) => void {
  let ending = false;
  const shutdown = (reason: string, exitCode: number): void => {
    if (ending) return;
    ending = true;
    logger.info({ reason, deadline_ms: deadlineMs }, 'shutting down');
    const server = app.getHttpServer();
    // A kept-alive connection becomes idle when its last request is answered: without this the server waits for the client to hang up.
    setInterval(() => server.closeIdleConnections(), 50).unref();
    setTimeout(() => server.closeAllConnections(), deadlineMs / 2).unref();
    setTimeout(() => {
      logger.fatal({ reason }, 'shutdown deadline passed');
      process.exit(EXIT_DEADLINE);
    }, deadlineMs).unref();
    const end = async (): Promise<void> => {
      await app.close();
      await currentTracing()?.close();
    };
    end().then(
      () => process.exit(exitCode),
      (error: unknown) => {
        logger.error({ err: error }, 'shutdown failed');
        process.exit(exitCode === 0 ? 1 : exitCode);
      },
    );
  };
  const onSignal = (signal: string): void => {
    if (ending) process.exit(EXIT_DEADLINE);
    shutdown(signal, 0);
  };
  process.on('SIGTERM', onSignal).on('SIGINT', onSignal);
  const onBug = (error: unknown): void => {
    logger.fatal({ err: error }, 'nobody caught this');
    shutdown('uncaught error', 1);
  };
  process.on('uncaughtException', onBug).on('unhandledRejection', onBug);
  return shutdown;
}
