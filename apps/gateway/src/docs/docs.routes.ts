import { createReadStream } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Injectable } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';
import { Door } from '../door/door.service.js';

const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Gimbal API</title>
<link rel="stylesheet" href="/docs/swagger-ui.css">
</head>
<body>
<div id="swagger-ui"></div>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script>
</body>
</html>
`;
const START = `SwaggerUIBundle({ url: '/openapi.json', dom_id: '#swagger-ui', deepLinking: true, persistAuthorization: false });
`;
/** Everything comes from here: no other host learns who reads the documentation. Swagger UI sets styles on its elements. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'";
const require = createRequire(import.meta.url);
const FILES = { 'swagger-ui.css': 'text/css', 'swagger-ui-bundle.js': 'text/javascript' } as const;

/** `/openapi.json` and `/docs`: open to everybody, counted per address like all else. */
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
    scope.get('/docs/start.js', async (_request, reply) =>
      reply.headers(headers).header('content-type', script).send(START),
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
