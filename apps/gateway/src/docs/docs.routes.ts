import { createReadStream } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Injectable } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';
import { Door } from '../door/door.service.js';
import { MODEL_PAGE, MODEL_PAGES, PAGE, START, START_MODEL } from './pages.js';

/** Everything comes from here: no other host learns who reads the documentation. Swagger UI sets styles on its elements. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'";
const require = createRequire(import.meta.url);
const FILES = { 'swagger-ui.css': 'text/css', 'swagger-ui-bundle.js': 'text/javascript' } as const;

/** `/openapi.json`, `/docs` and the page of each model: open to everybody, counted per address like all else. */
@Injectable()
export class DocsRoutes {
  private document: string | undefined;

  constructor(private readonly door: Door) {}

  /** Adds the routes. Call before the application is initialised. */
  mount(fastify: FastifyInstance, version: string): void {
    void fastify.register(async (scope) => {
      scope.addHook('onRequest', async (request, reply) => {
        await this.door.admit(request, reply, null);
      });
      const json = 'application/json; charset=utf-8';
      scope.get('/openapi.json', async (_request, reply) =>
        reply.header('content-type', json).send(await this.openApi(version)),
      );
      this.addPage(scope);
    });
  }

  private addPage(scope: FastifyInstance): void {
    const html = 'text/html; charset=utf-8';
    const script = 'text/javascript; charset=utf-8';
    const headers = { 'content-security-policy': POLICY, 'cache-control': 'public, max-age=3600' };
    scope.get('/docs', async (_request, reply) => reply.headers(headers).header('content-type', html).send(PAGE));
    for (const path of MODEL_PAGES)
      scope.get(path, async (_request, reply) => reply.headers(headers).header('content-type', html).send(MODEL_PAGE));
    for (const [file, text] of Object.entries({ 'start.js': START, 'start-model.js': START_MODEL }))
      scope.get(`/docs/${file}`, async (_request, reply) =>
        reply.headers(headers).header('content-type', script).send(text),
      );
    for (const [file, type] of Object.entries(FILES)) {
      scope.get(`/docs/${file}`, async (_request, reply) => {
        const folder = dirname(require.resolve('swagger-ui-dist/package.json'));
        return reply
          .headers(headers)
          .header('content-type', `${type}; charset=utf-8`)
          .send(createReadStream(join(folder, file)));
      });
    }
  }

  /** Built when first asked for: most processes never are. */
  private async openApi(version: string): Promise<string> {
    if (this.document === undefined) {
      const { buildOpenApi } = await import('./build-openapi.js');
      this.document = JSON.stringify(buildOpenApi(version));
    }
    return this.document;
  }
}
