import { currentTracing } from '@gimbal/platform';
import { eventually, TraceCollector } from '@gimbal/testing';
import { Client, credentials, Metadata, status } from '@grpc/grpc-js';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { GrpcDoor } from '../src/grpc/grpc.module.js';
import { type GatewayFixture, SECRETS, startGateway } from './gateway-fixture.js';

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

it('makes an inference over gRPC a part of the trace that its caller names, answered or not', async () => {
  await gateway.listen();
  const client = new Client(`127.0.0.1:${gateway.service.app.get(GrpcDoor).port}`, credentials.createInsecure());
  const metadata = new Metadata();
  metadata.set('traceparent', traceparent);
  metadata.set('x-api-key', SECRETS.predictor);
  const asBytes = (bytes: Buffer): Buffer => bytes;
  const path = '/inference.GRPCInferenceService/ModelInfer';
  const failure = await new Promise((resolve) =>
    client.makeUnaryRequest(path, asBytes, asBytes, Buffer.alloc(0), metadata, resolve),
  );
  client.close();
  expect(failure).toMatchObject({ code: status.UNAVAILABLE }); // serving is not there
  const span = await eventually(() => {
    const found = collector.find('predict grpcModelInfer');
    if (!found) throw new Error('not sent yet');
    return found;
  });
  expect(span).toMatchObject({ traceId: CALLER.trace, parentSpanId: CALLER.span, service: 'gateway' });
});
