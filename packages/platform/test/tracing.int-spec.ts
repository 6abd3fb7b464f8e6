import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { eventually, startTestDatabase, type TestDatabase, TraceCollector } from '@gimbal/testing';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Controller, Get, Module, Post } from '@nestjs/common';
import {
  type BuiltService,
  buildService,
  currentTracing,
  databaseConfig,
  defineConfig,
  defineService,
  JobQueue,
  JobsModule,
  OpenRoute,
  queueConfig,
  ServiceClient,
} from '../src/index.js';

const CALLER = { trace: '4bf92f3577b34da6a3ce929d0e0e4736', span: '00f067aa0ba902b7' };
const traceparent = `00-${CALLER.trace}-${CALLER.span}-01`;

const collector = new TraceCollector();
let asked: IncomingHttpHeaders | undefined;
let neighbour: Server;
let neighbourUrl: string;

@Controller()
@OpenRoute()
class WorkController {
  constructor(private readonly queue: JobQueue) {}

  @Get('asks/:id')
  async ask(): Promise<void> {
    await new ServiceClient({ service: 'registry', baseUrl: neighbourUrl, retries: 0 }).send({
      method: 'GET',
      path: '/',
    });
  }

  @Get('files/:id')
  async read(): Promise<void> {
    const neighbour = new ServiceClient({ service: 'registry', baseUrl: neighbourUrl });
    (await neighbour.open({ method: 'GET', path: '/' })).resume();
  }

  @Post('orders')
  async order(): Promise<void> {
    await this.queue.publish('assessment.due', { v: 1 }, { jobId: 'assessment-1' });
  }
}

const quiet = async (): Promise<void> => undefined;

@Module({})
class NothingModule {}

const config = defineConfig({ database: databaseConfig, queue: queueConfig });
const definition = defineService({
  name: 'monitoring',
  door: 'internal',
  config,
  module: ({ queue }) => ({
    module: class WorkModule {},
    controllers: [WorkController],
    imports: [
      JobsModule.forRoot(queue),
      JobsModule.consume({
        service: 'monitoring',
        imports: [NothingModule],
        inject: [],
        handlers: () => ({
          'prediction.logged': quiet,
          'predictions.spooled': quiet,
          'assessment.due': quiet,
          'mirror.troubled': quiet,
          'mirror.recovered': quiet,
          'assessment.requested': quiet,
        }),
      }),
    ],
  }),
});

@Controller()
class OpenController {
  @Get('open')
  ask(): string {
    return 'here';
  }
}

const publicDefinition = defineService({
  name: 'gateway',
  door: 'public',
  config: defineConfig({}),
  module: () => ({ module: class OpenModule {}, controllers: [OpenController] }),
});

let database: TestDatabase;
let service: BuiltService<typeof config>;

beforeAll(async () => {
  neighbour = createServer((request, response) => {
    asked = request.headers;
    response.end('{}');
  }).listen(0, '127.0.0.1');
  await once(neighbour, 'listening');
  const address = neighbour.address();
  neighbourUrl = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
  database = await startTestDatabase();
  service = await buildService(definition, {
    env: {
      DATABASE_URL: database.url('monitoring'),
      LOG_LEVEL: 'silent',
      OTEL_EXPORTER_OTLP_ENDPOINT: await collector.listen(),
      OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20collector-token',
      OTEL_TRACES_SAMPLER_ARG: '0',
    },
  });
});
afterAll(async () => {
  await service.app.close();
  await currentTracing()?.close();
  await collector.close();
  neighbour.closeAllConnections();
  neighbour.close();
});

it('makes a request a part of the trace that its caller names, and what is asked of others a part of it', async () => {
  await service.app.inject({ url: '/asks/7', headers: { traceparent } });
  const [server, client] = await eventually(async () => {
    const spans = [collector.find('GET /asks/:id'), collector.find('GET registry')];
    if (spans.includes(undefined)) throw new Error('not sent yet');
    return spans;
  });
  expect(server).toMatchObject({ traceId: CALLER.trace, parentSpanId: CALLER.span, service: 'monitoring' });
  expect(server?.attributes).toMatchObject({ 'http.route': '/asks/:id', 'http.response.status_code': 200 });
  expect(client).toMatchObject({ traceId: CALLER.trace, parentSpanId: server?.spanId });
  expect(asked?.['traceparent']).toBe(`00-${CALLER.trace}-${client?.spanId}-01`);
  expect(collector.headers?.['authorization']).toBe('Bearer collector-token');
});

it('asks for a file in the trace of the request that wants it', async () => {
  await service.app.inject({ url: '/files/7', headers: { traceparent } });
  const server = await eventually(() => {
    const found = collector.find('GET /files/:id');
    if (!found) throw new Error('not sent yet');
    return found;
  });
  expect(asked?.['traceparent']).toBe(`00-${CALLER.trace}-${server.spanId}-01`);
});

it('carries a trace through the queue to whoever takes the job', async () => {
  await service.app.inject({ method: 'POST', url: '/orders', headers: { traceparent } });
  const [order, added, taken] = await eventually(async () => {
    const order = collector.find('POST /orders');
    const added = collector.spans.find(({ parentSpanId }) => parentSpanId === order?.spanId);
    const taken = collector.spans.find(({ parentSpanId }) => parentSpanId === added?.spanId);
    if (!order || !added || !taken) throw new Error('not sent yet');
    return [order, added, taken];
  });
  expect([order, added, taken].map(({ traceId }) => traceId)).toEqual(Array(3).fill(CALLER.trace));
});

it('keeps all that a service wants kept, and of what strangers want kept only so much', async () => {
  const open = await buildService(publicDefinition, { env: { LOG_LEVEL: 'silent' } });
  const ask = async ({ app }: Pick<typeof open, 'app'>, url: string) => {
    const traces = Array.from({ length: 60 }, () => randomBytes(16).toString('hex'));
    for (const trace of traces) await app.inject({ url, headers: { traceparent: `00-${trace}-${CALLER.span}-01` } });
    return traces;
  };
  const begunMs = performance.now();
  const byStrangers = await ask(open, '/open');
  const seconds = (performance.now() - begunMs) / 1_000;
  const byServices = await ask(service, '/asks/11');
  const keptOf = (traces: readonly string[]) =>
    traces.filter((trace) => collector.spans.some(({ traceId }) => traceId === trace)).length;
  await eventually(() => expect(keptOf(byServices)).toBe(60));
  expect(keptOf(byStrangers)).toBeGreaterThanOrEqual(10);
  expect(keptOf(byStrangers)).toBeLessThanOrEqual(10 + Math.ceil(10 * seconds));
  await open.app.close();
});

it('keeps the chosen share of the traces that begin here, and takes what is no traceparent for none', async () => {
  const before = collector.spans.length;
  await service.app.inject({ url: '/asks/8' });
  await service.app.inject({ url: '/asks/9', headers: { traceparent: `00-${'0'.repeat(32)}-zz-01` } });
  await service.app.inject({ url: '/asks/10', headers: { traceparent } });
  await eventually(async () => {
    if (collector.spans.length === before) throw new Error('not sent yet');
  });
  expect(collector.spans.slice(before).every(({ traceId }) => traceId === CALLER.trace)).toBe(true);
});
