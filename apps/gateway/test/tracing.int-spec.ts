import { currentTracing } from '@gimbal/platform';
import { eventually, TraceCollector } from '@gimbal/testing';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type GatewayFixture, startGateway } from './gateway-fixture.js';

const CALLER = { trace: '4bf92f3577b34da6a3ce929d0e0e4736', span: '00f067aa0ba902b7' };
const traceparent = `00-${CALLER.trace}-${CALLER.span}-01`;
const collector = new TraceCollector();
let gateway: GatewayFixture;

beforeAll(async () => {
  const endpoint = await collector.listen();
  gateway = await startGateway({ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_TRACES_SAMPLER_ARG: '0' });
});
afterAll(async () => {
  await gateway.dispose();
  await currentTracing()?.close();
  await collector.close();
});

it('hands the trace of a request on to the service that answers it', async () => {
  expect((await gateway.ask('viewer', 'GET', '/api/v1/models', { headers: { traceparent } })).status).toBe(200);
  const own = await eventually(() => {
    const found = collector.find('GET /api/v1/models');
    if (!found) throw new Error('not sent yet');
    return found;
  });
  expect(own).toMatchObject({ traceId: CALLER.trace, parentSpanId: CALLER.span, service: 'gateway' });
  expect(gateway.owner.seen.at(-1)?.headers['traceparent']).toBe(`00-${CALLER.trace}-${own.spanId}-01`);
});
