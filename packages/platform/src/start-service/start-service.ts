import { writeSync } from 'node:fs';
import { type ConfigDefinition, ConfigError } from '../config/define-config.js';
import { type BuiltService, buildService } from './build-service.js';
import { errorCode } from './error-facts.js';
import type { ServiceConfig, ServiceDefinition } from './service-definition.js';
import { installShutdown } from './shutdown.js';
import { followSupervisor, tellSupervisor } from './supervisor-link.js';

/** Exit code of a service that cannot start as configured (EX_CONFIG): starting it again would not help. */
export const EXIT_CONFIG = 78;

const giveUp = (lines: readonly string[]): never => {
  writeSync(2, `${lines.join('\n')}\n`);
  process.exit(EXIT_CONFIG);
};

const LISTEN_FAULTS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'is in use already; choose another port, or 0 for a free one',
  EACCES: 'may not be opened by this user; choose a port above 1023',
  EADDRNOTAVAIL: 'is not an address of this machine',
  ENOTFOUND: 'is not an address of this machine',
};

const listen = async <D extends ConfigDefinition>(
  { app, logger }: BuiltService<D>,
  http: { host: string; port: number },
): Promise<string> => {
  try {
    await app.listen(http.port, http.host);
  } catch (error) {
    const fault = LISTEN_FAULTS[errorCode(error)];
    if (!fault) throw error;
    giveUp([`${http.host}:${http.port}: ${fault}`]);
  }
  const address = app.getHttpServer().address();
  const port = typeof address === 'object' && address ? address.port : http.port;
  const host = http.host === '0.0.0.0' || http.host === '::' ? '127.0.0.1' : http.host;
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
  logger.info({ url, pid: process.pid, uptime_ms: Math.round(performance.now()) }, 'service ready');
  return url;
};

/**
 * The whole of an app's `main.ts`: reads the environment, builds, listens, tells the supervisor, and ends on SIGTERM, SIGINT or when the
 * supervisor is gone. Exits 78 when the configuration is wrong (every mistake on stderr), 1 when it can't start, 124 when it
 * does not finish within `SHUTDOWN_DEADLINE`.
 */
export async function startService<D extends ConfigDefinition>(definition: ServiceDefinition<D>): Promise<void> {
  let built: BuiltService<D>;
  try {
    built = await buildService(definition, { env: process.env });
  } catch (error) {
    if (error instanceof ConfigError) giveUp(error.lines);
    throw error;
  }
  const { app, logger } = built;
  const config = built.config as unknown as ServiceConfig<Record<never, never>>; // an app's own group of the same name has the same keys
  const shutdown = installShutdown({ app, logger, deadlineMs: config.process.shutdownDeadlineMs });
  if (config.process.supervised) followSupervisor(() => shutdown('supervisor is gone', 0));
  tellSupervisor({ type: 'ready', url: await listen(built, config.http) });
}
