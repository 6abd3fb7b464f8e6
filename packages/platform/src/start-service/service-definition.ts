import type { Problem, ServiceName } from '@gimbal/contracts';
import type { DynamicModule, Type } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { type ConfigDefinition, type ConfigOf, defineConfig } from '../config/define-config.js';
import { httpConfig } from '../config/http.config.js';
import { processConfig } from '../config/process.config.js';
import { serviceAuthConfig } from '../config/service-auth.config.js';
import { tracingConfig } from '../config/tracing.config.js';

const baseConfig = { http: httpConfig, process: processConfig, serviceAuth: serviceAuthConfig, tracing: tracingConfig };
type BaseConfig = typeof baseConfig;

/** The app's own groups and, where it does not define them itself, `http`, `process`, `serviceAuth` and `tracing`. */
export type ServiceConfig<D extends ConfigDefinition> = ConfigOf<Omit<BaseConfig, keyof D>> & ConfigOf<D>;

/** All that `startService` must know of an app. */
export interface ServiceDefinition<D extends ConfigDefinition = ConfigDefinition> {
  readonly name: ServiceName;
  /** The app's groups of settings. A group named `http` replaces the default one and must have the same keys. */
  readonly config: D;
  /** The app's root module, told its configuration. */
  readonly module: (config: ServiceConfig<D>) => Type | DynamicModule;
  /** `internal`: only trusted services may call (the guard is on); `public`: the app guards its own door. */
  readonly door: 'internal' | 'public';
  /** Runs before the application initialises: Fastify plugins, hooks, content types. */
  readonly prepare?: (app: NestFastifyApplication, config: ServiceConfig<D>) => void | Promise<void>;
  /** Another shape of failures for a foreign protocol; undefined keeps problem+json. `path` is without its query. */
  readonly renderProblem?: (problem: Problem, path: string) => object | undefined;
}

/** Checks nothing at run time; it lets TypeScript infer the configuration's type. */
export function defineService<const D extends ConfigDefinition>(
  definition: ServiceDefinition<D>,
): ServiceDefinition<D> {
  return definition;
}

/** The complete definition that is parsed: the platform's groups and the app's. Also what documents the service. */
export function completeConfig<D extends ConfigDefinition>(own: D): Omit<BaseConfig, keyof D> & D {
  return defineConfig({ ...baseConfig, ...own });
}
