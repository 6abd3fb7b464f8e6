import {
  allowLongStreams,
  defineService,
  endUnusedConnections,
  hearStrangers,
  installFastPath,
  isLoopback,
  LOGGER,
  mountPredictRoutes,
  readRefusedBodies,
  takePlainPredictions,
  traceCalls,
} from '@gimbal/platform';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { headersOfEveryAnswer, installBrowserHeaders } from './browser/browser-headers.js';
import { gatewayConfig } from './config.js';
import { ControlPlaneRoutes } from './control-plane/control-plane.routes.js';
import { DataPlane } from './data-plane/index.js';
import { DocsRoutes } from './docs/docs.routes.js';
import { Door } from './door/door.service.js';
import { type GatewayConfig, GatewayModule } from './gateway.module.js';
import { MlflowFileRoutes } from './mlflow/mlflow-file-routes.js';
import { renderMlflowFailure } from './mlflow/mlflow-paths.js';
import { MlflowRoutes } from './mlflow/mlflow-routes.js';

/** Time that a plain prediction has to arrive; only uploads may take longer. */
const PREDICTION_BODY_MS = 30_000;

/** Adds to Fastify what does not go through Nest: headers for browsers, and all routes behind the door. */
function mountRoutes(app: NestFastifyApplication, config: GatewayConfig): void {
  const fastify = app.getHttpAdapter().getInstance();
  const door = app.get(Door);
  endUnusedConnections(fastify);
  readRefusedBodies(fastify);
  installBrowserHeaders(fastify, config.browser.origins);
  fastify.addHook('onRequest', async (request, reply) => {
    if (request.routeOptions.url !== '/metrics') return;
    // A proxy on this machine makes every caller look local: only a direct call is open.
    const isDirect = request.headers['x-forwarded-for'] === undefined && request.headers['forwarded'] === undefined;
    if (isDirect && isLoopback(request.socket.remoteAddress)) return;
    await door.admit(request, reply, 'viewer');
  });
  const dataPlane = app.get(DataPlane);
  const { bodyLimitBytes } = config.dataPlane;
  const predict = hearStrangers(traceCalls('client', dataPlane.predict.bind(dataPlane)));
  mountPredictRoutes(fastify, {
    predict,
    bodyLimitBytes,
    admit: (request, reply, role) => door.admit(request, reply, role),
  });
  app.get(ControlPlaneRoutes).mount(fastify);
  app.get(MlflowRoutes).mount(fastify);
  app.get(MlflowFileRoutes).mount(fastify);
  allowLongStreams(fastify.server);
  app.get(DocsRoutes).mount(fastify, config.process.version);
  installFastPath(fastify, {
    bodyMs: Math.min(PREDICTION_BODY_MS, config.http.requestTimeoutMs),
    headers: headersOfEveryAnswer(config.browser.origins),
    route: takePlainPredictions({
      predict,
      bodyLimitBytes,
      admit: (caller, role) => door.admitKnown(caller, role),
      logger: app.get(LOGGER),
    }),
  });
}

/** The one public door. */
export const gatewayService = defineService({
  name: 'gateway',
  config: gatewayConfig,
  door: 'public',
  module: (config: GatewayConfig) => GatewayModule.of(config),
  prepare: mountRoutes,
  renderProblem: renderMlflowFailure,
});
