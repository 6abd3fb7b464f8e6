import type { LoggerService } from '@nestjs/common';

/** Nest tells of every module and route it sets up; that is for debugging. */
const CHATTY = new Set(['NestFactory', 'InstanceLoader', 'RoutesResolver', 'RouterExplorer', 'NestApplication']);

/** Nest's own logger with its start-up chatter at debug level. */
export function quietFramework(
  logger: Required<Pick<LoggerService, 'log' | 'error' | 'warn' | 'fatal'>> & {
    debug(message: unknown, ...rest: unknown[]): void;
  },
): LoggerService {
  return {
    log: (message, ...rest) =>
      CHATTY.has(String(rest.at(-1))) ? logger.debug(message, ...rest) : logger.log(message, ...rest),
    debug: (message, ...rest) => logger.debug(message, ...rest),
    error: (message, ...rest) => logger.error(message, ...rest),
    warn: (message, ...rest) => logger.warn(message, ...rest),
    fatal: (message, ...rest) => logger.fatal(message, ...rest),
  };
}
