import { Writable } from 'node:stream';
import { wire } from '@gimbal/contracts';
import { DomainError } from '@gimbal/domain';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Body, Controller, Get, Module, Post, Query } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import { z } from 'zod';
import { HealthRegistry } from '../health/health-registry.js';
import { OpenRoute } from '../service-auth/open-route.js';
import { type BuiltService, buildService } from './build-service.js';
import { defineService } from './service-definition.js';

const Patient = wire({ patientAge: z.int().min(0).max(130), note: z.string().optional() });
const Paging = wire({ limit: z.coerce.number().pipe(z.int().min(1)).default(50) });

@Controller('patients')
@OpenRoute()
class PatientController {
  constructor(private readonly logger: PinoLogger) {}

  @Post()
  add(@Body({ schema: Patient }) patient: z.output<typeof Patient>) {
    this.logger.info({ features: { age: patient.patientAge }, deep: { er: { rows: [1] } } }, 'patient seen');
    return { keys: Object.keys(patient) };
  }

  @Get()
  list(@Query({ schema: Paging }) paging: z.output<typeof Paging>) {
    return paging;
  }

  @Get('conflict')
  conflict() {
    throw new DomainError('promotion-conflict', 'Read the live version again.');
  }

  @Get('closed')
  closed() {
    throw new DomainError('circuit-open', 'It is left alone.', { retryAfterSeconds: 17 });
  }

  @Get('bug')
  bug() {
    throw new Error('password=hunter2 in /srv/app');
  }

  @Get('unknown-code')
  unknownCode() {
    throw new DomainError('no-such-code', 'secret detail');
  }

  @Get('own-data')
  ownData() {
    return z.object({ id: z.number() }).parse({ id: 'text' });
  }
}

@Module({ controllers: [PatientController] })
class PatientModule {}

const lines: string[] = [];
const logDestination = new Writable({
  write(chunk, _encoding, done) {
    lines.push(...String(chunk).split('\n').filter(Boolean));
    done();
  },
});

let service: BuiltService<Record<never, never>>;
const inject = (options: object) => service.app.inject(options);

beforeAll(async () => {
  const definition = defineService({
    name: 'registry',
    config: {},
    door: 'internal',
    module: () => PatientModule,
    renderProblem: (problem, path) => (path.startsWith('/v2') ? { error: problem.detail } : undefined),
  });
  service = await buildService(definition, { env: { HTTP_BODY_LIMIT: '2048', LOG_LEVEL: 'DEBUG' }, logDestination });
});
afterAll(() => service.app.close());

describe('what a caller sends', () => {
  it('is parsed by the schema of the route: snake_case in, camelCase in code', async () => {
    const reply = await inject({ method: 'POST', url: '/patients', payload: { patient_age: 60 } });
    expect(reply.statusCode).toBe(201);
    expect(reply.json()).toEqual({ keys: ['patientAge'] });
    expect((await inject({ url: '/patients?limit=7' })).json()).toEqual({ limit: 7 });
  });

  it('is refused with every fault when it is garbage: 400 validation-failed', async () => {
    const reply = await inject({
      method: 'POST',
      url: '/patients',
      payload: { patient_age: 'sixty', extra: 1 },
      headers: { 'x-request-id': 'request-0001' },
    });
    expect(reply.statusCode).toBe(400);
    expect(reply.headers['content-type']).toBe('application/problem+json; charset=utf-8');
    const problem = reply.json();
    expect(problem).toMatchObject({
      status: 400,
      code: 'validation-failed',
      instance: 'request-0001',
      type: 'urn:gimbal:problem:validation-failed',
    });
    expect(problem.errors).toEqual(
      expect.arrayContaining([
        { path: 'patient_age', message: expect.stringContaining('number') },
        { path: 'extra', message: 'is not a known field' },
      ]),
    );
    expect(reply.body).not.toContain('sixty');
    expect((await inject({ url: '/patients?limit=zero' })).json().code).toBe('validation-failed');
  });

  it.each([
    [
      'broken JSON',
      { payload: '{"patient_age": ', headers: { 'content-type': 'application/json' } },
      400,
      'malformed-json',
    ],
    ['an empty JSON body', { payload: '', headers: { 'content-type': 'application/json' } }, 400, 'malformed-json'],
    [
      'a poisoned prototype',
      { payload: '{"__proto__": {"a": 1}}', headers: { 'content-type': 'application/json' } },
      400,
      'malformed-json',
    ],
    ['plain text', { payload: 'hello', headers: { 'content-type': 'text/plain' } }, 415, 'unsupported-media-type'],
    [
      'a form',
      { payload: 'a=1', headers: { 'content-type': 'application/x-www-form-urlencoded' } },
      415,
      'unsupported-media-type',
    ],
    [
      'a body above the limit',
      { payload: JSON.stringify({ note: 'x'.repeat(4096) }), headers: { 'content-type': 'application/json' } },
      413,
      'payload-too-large',
    ],
    ['no body at all', {}, 400, 'validation-failed'],
    ['an array for an object', { payload: [1] }, 400, 'validation-failed'],
  ])('%s is answered as a problem', async (_what, request, status, code) => {
    const reply = await inject({ method: 'POST', url: '/patients', ...request });
    expect({ status: reply.statusCode, code: reply.json().code }).toEqual({ status, code });
    expect(reply.json()).toMatchObject({ status, title: expect.any(String), detail: expect.any(String) });
  });

  it('to an unknown route, method or path is a 404 problem', async () => {
    for (const request of [{ url: '/nothing' }, { method: 'DELETE', url: '/patients' }, { url: '/%zz' }]) {
      const reply = await inject(request);
      expect({ status: reply.statusCode, code: reply.json().code }).toEqual({ status: 404, code: 'route-not-found' });
    }
  });

  it('fails in the shape of a foreign protocol where one is spoken', async () => {
    const reply = await inject({ url: '/v2/models/none' });
    expect(reply.statusCode).toBe(404);
    expect(reply.json()).toEqual({ error: expect.any(String) });
    expect(reply.headers['content-type']).toContain('application/json');
  });
});

describe('a failure inside', () => {
  it('with a known code gets the status of the table', async () => {
    const reply = await inject({ url: '/patients/conflict' });
    expect(reply.statusCode).toBe(409);
    expect(reply.json()).toMatchObject({ code: 'promotion-conflict', detail: 'Read the live version again.' });
  });

  it('says when another try makes sense, where that is known', async () => {
    expect((await inject({ url: '/patients/closed' })).headers['retry-after']).toBe('17');
    expect((await inject({ url: '/patients/conflict' })).headers['retry-after']).toBeUndefined();
  });

  it.each(['bug', 'unknown-code', 'own-data'])('that is a bug (%s) says nothing of itself', async (path) => {
    const reply = await inject({ url: `/patients/${path}` });
    expect(reply.statusCode).toBe(500);
    expect(reply.json()).toMatchObject({ code: 'internal-error', instance: reply.headers['x-request-id'] });
    expect(reply.body).not.toMatch(/hunter2|srv|secret detail|at .*\.ts/);
    expect(lines.some((line) => line.includes(String(reply.headers['x-request-id'])) && line.includes('"stack"'))).toBe(
      true,
    );
  });
});

describe('the request id', () => {
  it('is the one of the caller when well-formed, else a new one, and in the logs of the request', async () => {
    expect(
      (await inject({ url: '/patients', headers: { 'x-request-id': 'abc-12345678' } })).headers['x-request-id'],
    ).toBe('abc-12345678');
    for (const bad of ['short', 'x'.repeat(200), 'has space in it', '"},{"level":"fatal']) {
      expect((await inject({ url: '/patients', headers: { 'x-request-id': bad } })).headers['x-request-id']).toMatch(
        /^[0-9a-f-]{36}$/,
      );
    }
    await inject({
      method: 'POST',
      url: '/patients',
      payload: { patient_age: 61 },
      headers: { 'x-request-id': 'logged-000001' },
    });
    const logged = lines.map((line) => JSON.parse(line)).filter((line) => line.request_id === 'logged-000001');
    expect(logged.map((line) => line.msg)).toEqual(['patient seen', 'request answered']);
    expect(logged[1]).toMatchObject({
      level: 'info',
      service: 'registry',
      method: 'POST',
      route: '/patients',
      status: 201,
      duration_ms: expect.any(Number),
    });
  });
});

describe('logs', () => {
  it('hold neither secrets nor feature values', async () => {
    lines.length = 0;
    const headers = { authorization: 'Bearer top-secret-key', 'x-api-key': 'another-secret' };
    await inject({ method: 'POST', url: '/patients?token=query-secret', payload: { patient_age: 99 }, headers });
    const err = Object.assign(new Error('Invalid call\n\n{ age: 63, chol: 233 }\n\nUnique constraint failed'), {
      name: 'PrismaClientError',
    });
    service.logger.error({ err }, 'failed');
    (await service.app.resolve(PinoLogger)).error({ err }, 'failed again');
    service.logger.info({ req: { headers }, body: { features: { chol: 233 } } }, 'careless');
    const all = lines.join('\n');
    expect(all).toContain('patient seen');
    expect(all.match(/Unique constraint failed/g)).toHaveLength(2);
    expect(all).not.toMatch(/top-secret-key|another-secret|query-secret|"age":99|chol: 233|"chol":233|\[1\]/);
  });
});

describe('health and metrics', () => {
  it('are open and tell alive from ready from degraded', async () => {
    const registry = service.app.get(HealthRegistry, { strict: false });
    let database = true;
    registry.register({
      name: 'database',
      whenDown: 'unready',
      check: async () => {
        if (!database) throw new Error('refused by 10.0.0.1');
      },
    });
    registry.register({
      name: 'mlflow',
      whenDown: 'degraded',
      check: async () => {
        throw new Error('down');
      },
    });
    expect((await inject({ url: '/health/live' })).json()).toEqual({ status: 'ok' });
    expect((await inject({ url: '/health/ready' })).statusCode).toBe(200);
    const degraded = await inject({ url: '/health' });
    expect(degraded.statusCode).toBe(200);
    expect(degraded.json()).toMatchObject({
      status: 'degraded',
      service: 'registry',
      version: '0.1.0',
      checks: { database: { status: 'up' }, mlflow: { status: 'degraded' } },
    });
    database = false;
    const deadline = Date.now() + 60_000;
    let ready = await inject({ url: '/health/ready' });
    while (ready.statusCode === 200 && Date.now() < deadline) ready = await inject({ url: '/health/ready' });
    expect(ready.statusCode).toBe(503);
    expect(ready.json()).toMatchObject({ code: 'service-unavailable', detail: 'Not ready: database.' });
    const unhealthy = await inject({ url: '/health' });
    expect(unhealthy.statusCode).toBe(503);
    expect(unhealthy.body).not.toContain('10.0.0.1');
  });

  it('publish the agreed metric names', async () => {
    const reply = await inject({ url: '/metrics', remoteAddress: '127.0.0.1' });
    expect(reply.statusCode).toBe(200);
    expect(reply.headers['content-type']).toContain('text/plain');
    for (const name of [
      'ml_requests_total',
      'ml_prediction_total',
      'ml_prediction_latency_seconds',
      'ml_prediction_confidence',
      'ml_model_cache_hits_total',
      'ml_model_cache_misses_total',
      'ml_circuit_breaker_state',
      'ml_invalid_input_total',
      'process_cpu_user_seconds_total',
    ]) {
      expect(reply.body).toContain(`# TYPE ${name} `);
    }
    expect((await inject({ url: '/metrics', remoteAddress: '10.1.2.3' })).statusCode).toBe(401);
  });
});

it('names every wrong setting at once, and no secret value', async () => {
  const definition = defineService({ name: 'registry', config: {}, door: 'internal', module: () => PatientModule });
  const env = {
    PORT: '99999',
    LOG_LEVEL: 'loud',
    GIMBAL_SERVICE_KEY: 'tooshort',
    GIMBAL_TRUSTED_CALLERS: 'gateway=plain-text-key',
  };
  const failure = await buildService(definition, { env }).then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(failure).toMatchObject({ name: 'ConfigError' });
  const message = String(failure);
  for (const name of ['PORT', 'LOG_LEVEL', 'GIMBAL_SERVICE_KEY', 'GIMBAL_TRUSTED_CALLERS'])
    expect(message).toContain(`${name}: `);
  expect(message).not.toContain('tooshort');
});
