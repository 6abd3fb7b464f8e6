import { acceptUploads, allowLongStreams, defineService } from '@gimbal/platform';
import { registryConfig } from './config.js';
import { FileRoutes } from './mlflow/artifacts/file-routes.js';
import { MlflowRoutes } from './mlflow/mlflow-routes.js';
import { RegistrationMetrics } from './registration/registration-metrics.js';
import { RegistryModule } from './registry.module.js';

/** How the registry is started. */
export const registryService = defineService({
  name: 'registry',
  config: registryConfig,
  door: 'internal',
  module: (config) => RegistryModule.of(config),
  prepare: async (app, { modelFiles }) => {
    await acceptUploads(app, modelFiles.maxBytes);
    const fastify = app.getHttpAdapter().getInstance();
    // Not read here: the route passes the bytes to the artifact store as they come, which bounds and checks them.
    fastify.addContentTypeParser('application/octet-stream', (_request, payload, done) => done(null, payload));
    app.get(RegistrationMetrics).watch(fastify);
    const mlflow = app.get(MlflowRoutes);
    mlflow.mount(fastify);
    app.get(FileRoutes).mount(fastify, (scope) => mlflow.guard(scope));
    allowLongStreams(fastify.server);
  },
});
