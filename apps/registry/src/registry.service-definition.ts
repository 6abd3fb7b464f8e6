import multipart from '@fastify/multipart';
import { defineService } from '@gimbal/platform';
import { registryConfig } from './config.js';
import { METADATA_BYTES_MAX } from './registration/read-upload.js';
import { RegistryModule } from './registry.module.js';

/** How the registry is started. */
export const registryService = defineService({
  name: 'registry',
  config: registryConfig,
  door: 'internal',
  module: (config) => RegistryModule.of(config),
  prepare: async (app, { modelFiles }) => {
    await app.register(multipart, {
      limits: {
        fieldSize: METADATA_BYTES_MAX,
        fields: 1,
        files: 2,
        parts: 2,
        fileSize: modelFiles.maxBytes + 1,
        headerPairs: 50,
      },
      throwFileSizeLimit: true,
    });
    const fastify = app.getHttpAdapter().getInstance();
    // Not read here: the route passes the bytes to the artifact store as they come, which bounds and checks them.
    fastify.addContentTypeParser('application/octet-stream', (_request, payload, done) => done(null, payload));
  },
});
