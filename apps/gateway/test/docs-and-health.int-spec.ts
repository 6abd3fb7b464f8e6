import { Script } from 'node:vm';
import { HTTP_PREDICT_ROUTES, PATH_PARAMETER, ROUTES, type RouteDefinition } from '@gimbal/contracts';
import { eventually } from '@gimbal/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Validator } from '@seriousme/openapi-schema-validator';
import { type GatewayFixture, startGateway } from './gateway-fixture.js';

let gateway: GatewayFixture;
beforeAll(async () => {
  gateway = await startGateway({ CORS_ORIGINS: 'https://dashboard.example', APP_VERSION: '9.9.9' });
});
afterAll(() => gateway.dispose());

describe('/openapi.json', () => {
  it('is a valid OpenAPI 3.1 document', async () => {
    const { status, json } = await gateway.ask(null, 'GET', '/openapi.json');
    expect([status, json.openapi, json.info.version]).toEqual([200, '3.1.0', '9.9.9']);
    expect(await new Validator().validate(json)).toEqual({ valid: true });
  });

  it('lists every route, with its role, and every reference leads somewhere', async () => {
    const { json, text } = await gateway.ask(null, 'GET', '/openapi.json');
    const listed = Object.entries<Record<string, { operationId?: string }>>(json.paths).flatMap(([path, operations]) =>
      Object.entries(operations).map(([method, { operationId }]) => `${method.toUpperCase()} ${path} ${operationId}`),
    );
    const routes = [
      ...Object.entries<RouteDefinition>(ROUTES).map(([name, { method, path }]) => ({ name, method, path })),
      ...Object.entries(HTTP_PREDICT_ROUTES).map(([name, { method, path }]) => ({ name, method, path })),
    ];
    for (const { name, method, path } of routes)
      expect(listed).toContain(`${method} ${path.replaceAll(PATH_PARAMETER, '{$1}').replace('::', ':')} ${name}`);
    for (const [, name] of text.matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g))
      expect(json.components.schemas).toHaveProperty([name ?? '']);
    expect(text).not.toContain('#/$defs');
    expect(json.paths['/api/v1/api-keys'].post.description).toContain('admin');
  });

  it('speaks the names of the wire, with bounds', async () => {
    const { json } = await gateway.ask(null, 'GET', '/openapi.json');
    expect(Object.keys(json.components.schemas.CreateApiKey.properties)).toContain('expires_at');
    const { parameters } = json.paths['/api/v1/audit'].get;
    expect(parameters.find(({ name }: { name: string }) => name === 'limit')).toMatchObject({
      in: 'query',
      required: false,
      schema: { type: 'integer', minimum: 1, maximum: 1_000, default: 50 },
    });
  });
});

describe('/docs', () => {
  it('is a page whose every part comes from here, under a policy that lets nothing else in', async () => {
    const page = await gateway.ask(null, 'GET', '/docs');
    expect(page.headers['content-security-policy']).toContain("script-src 'self'");
    const parts = [...page.text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, part]) => part ?? '');
    expect(parts.length).toBe(3);
    for (const part of parts) {
      expect(part.startsWith('/docs/')).toBe(true);
      const answer = await gateway.ask(null, 'GET', part);
      expect([answer.status, answer.text.length > 50]).toEqual([200, true]);
    }
  });
});

describe("a model's page", () => {
  it('is open, tells nothing by itself, and fetches what it shows with the key of its reader', async () => {
    for (const path of ['/v2/models/any/docs', '/v2/models/any/versions/1/docs']) {
      const page = await gateway.ask(null, 'GET', path);
      expect([page.status, page.headers['content-security-policy']]).toEqual([200, expect.stringContaining("'self'")]);
      expect(page.text).not.toContain('any');
      for (const [, part] of page.text.matchAll(/(?:src|href)="([^"]+)"/g))
        expect((await gateway.ask(null, 'GET', part ?? '')).status).toBe(200);
      expect((await gateway.ask(null, 'GET', `${path}/dataplane.json`)).status).toBe(401);
    }
    const { text } = await gateway.ask(null, 'GET', '/docs/start-model.js');
    expect(() => new Script(text)).not.toThrow();
    expect(text).toContain(String.raw`replace(/\/?$/, '/dataplane.json')`);
  });
});

describe('/health', () => {
  const services = Object.fromEntries(
    ['registry', 'training', 'monitoring', 'agent', 'serving'].map((name) => [
      name,
      { status: 'healthy', latency_ms: expect.any(Number) },
    ]),
  );

  it('shows every service and every storage; without serving connected it is unhealthy and not ready', async () => {
    gateway.owner.answer = () => ({
      status: 'healthy',
      service: 'x',
      version: '1',
      checks: { artifacts: { status: 'up', latency_ms: 1 } },
    });
    await eventually(async () => {
      const { status, json } = await gateway.ask(null, 'GET', '/health');
      expect({ status, json }).toEqual({
        status: 503,
        json: {
          status: 'unhealthy',
          version: '9.9.9',
          services,
          storage: { postgres: 'healthy', queue: 'healthy', artifacts: 'healthy', mlflow: 'off' },
        },
      });
    });
    expect(await gateway.ask(null, 'GET', '/health/ready')).toMatchObject({
      status: 503,
      json: { code: 'service-unavailable' },
    });
    expect(await gateway.ask(null, 'GET', '/health/live')).toMatchObject({ status: 200 });
  });

  it('says which service is away', async () => {
    await gateway.owner.close();
    await eventually(async () => {
      const { json } = await gateway.ask(null, 'GET', '/health');
      expect(json.services.agent).toEqual({ status: 'unreachable', latency_ms: null });
    });
    await gateway.owner.reopen();
  });
});

describe('/metrics', () => {
  it('is open to this machine, and to a viewer from elsewhere', async () => {
    await gateway.ask('viewer', 'GET', '/api/v1/audit');
    const local = await gateway.ask(null, 'GET', '/metrics');
    expect(local.status).toBe(200);
    expect(local.text).toContain('ml_requests_total{action="listAudit",status="200"}');
    expect((await gateway.ask(null, 'GET', '/metrics', { remoteAddress: '192.0.2.1' })).status).toBe(401);
    expect((await gateway.ask('viewer', 'GET', '/metrics', { remoteAddress: '192.0.2.1' })).status).toBe(200);
  });

  it('is not open to the world through a proxy on this machine', async () => {
    const headers = { 'x-forwarded-for': '192.0.2.1' };
    expect((await gateway.ask(null, 'GET', '/metrics', { headers })).status).toBe(401);
  });
});

describe('pages of other origins', () => {
  const preflight = (origin: string) =>
    gateway.ask(null, 'OPTIONS', '/api/v1/models', { headers: { origin, 'access-control-request-method': 'GET' } });

  it('may call when their origin is listed', async () => {
    expect(await preflight('https://dashboard.example')).toMatchObject({
      status: 204,
      headers: {
        'access-control-allow-origin': 'https://dashboard.example',
        'access-control-allow-headers': expect.stringContaining('x-api-key'),
      },
    });
    const { headers } = await gateway.ask('viewer', 'GET', '/api/v1/audit', {
      headers: { origin: 'https://dashboard.example' },
    });
    expect(headers).toMatchObject({
      'access-control-allow-origin': 'https://dashboard.example',
      vary: expect.stringContaining('origin'),
    });
    expect(headers).not.toHaveProperty('access-control-allow-credentials');
  });

  it('may not when it is not', async () => {
    for (const origin of ['https://evil.example', 'https://dashboard.example.evil.example', 'null']) {
      const answer = await preflight(origin);
      expect(answer.status).toBe(404);
      expect(answer.headers).not.toHaveProperty('access-control-allow-origin');
    }
  });
});
