import { z } from 'zod';
import type { Actor } from '../http/fields.js';
import { ARTIFACTS_ROUTES } from './artifacts.routes.js';
import { EXPERIMENTS_ROUTES } from './experiments.routes.js';
import { LOGGED_MODELS_ROUTES } from './logged-models.routes.js';
import { MODEL_VERSIONS_ROUTES } from './model-versions.routes.js';
import { REGISTERED_MODELS_ROUTES } from './registered-models.routes.js';
import type { MlflowRouteDefinition } from './route-definition.js';
import { RUNS_ROUTES } from './runs.routes.js';
import { WEBHOOKS_ROUTES } from './webhooks.routes.js';

/** What newer clients ask first, to learn what the server can do. */
const SERVER_ROUTES = {
  getServerInfo: {
    methods: ['GET'],
    path: '/server-info',
    version: '3.0',
    role: 'viewer',
    request: z.object({}),
  },
} as const satisfies Record<string, MlflowRouteDefinition>;

/**
 * Every call of MLflow's REST that is answered with JSON. The gateway admits it, the registry answers it; names are those of MLflow's
 * protocol. Each route is served below `/api/<version>/mlflow` and `/ajax-api/<version>/mlflow`.
 */
export const MLFLOW_ROUTES = {
  ...EXPERIMENTS_ROUTES,
  ...RUNS_ROUTES,
  ...LOGGED_MODELS_ROUTES,
  ...REGISTERED_MODELS_ROUTES,
  ...MODEL_VERSIONS_ROUTES,
  ...ARTIFACTS_ROUTES,
  ...WEBHOOKS_ROUTES,
  ...SERVER_ROUTES,
} as const satisfies Record<string, MlflowRouteDefinition>;

export type MlflowRouteName = keyof typeof MLFLOW_ROUTES;
/** The message of a call, read. */
export type MlflowRequest<N extends MlflowRouteName> = z.output<(typeof MLFLOW_ROUTES)[N]['request']>;
/** What answers some of the calls: the JSON object of the answer, in the protocol's names. */
export type MlflowHandlers<N extends MlflowRouteName> = {
  readonly [Name in N]: (request: MlflowRequest<Name>, actor: Actor) => Promise<object>;
};
