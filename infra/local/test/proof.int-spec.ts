import { randomUUID } from 'node:crypto';
import { Prediction } from '@gimbal/contracts';
import { eventually, TraceCollector } from '@gimbal/testing';
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { EXAMPLE_PATIENT } from '../src/welcome.js';
import { MODEL, Ward } from './ward.js';

jest.setTimeout(600_000);

const collector = new TraceCollector();
let ward: Ward;

beforeAll(async () => {
  ward = await Ward.open({
    OTEL_EXPORTER_OTLP_ENDPOINT: await collector.listen(),
    OTEL_TRACES_SAMPLER_ARG: '0', // of all there is to trace only what the test asks for
  });
  await ward.trainFirstVersion();
});
afterAll(async () => {
  await ward?.close();
  await collector.close();
});

const predict = async (query = '') => {
  const predictor = await ward.client('predictor');
  return Prediction.parse(await predictor.predict(`/predict${query}`, EXAMPLE_PATIENT));
};

const replay = async (id: string, receipt?: string) => {
  const viewer = await ward.client('viewer');
  return eventually(() => viewer.call('replayPrediction', { params: { id }, body: { receipt } }), {
    timeoutMs: 60_000,
  });
};

it('rebuilds an answer bit for bit, knows its receipt, and does so when its version has been archived', async () => {
  const said = await predict('?receipt=true');
  const expected = {
    predictionId: said.predictionId,
    modelVersion: 1,
    identical: true,
    replayed: { prediction: said.prediction, probability: said.probability },
    receipt: { authentic: true, differs: [] },
  };
  expect(await replay(said.predictionId, said.receipt)).toMatchObject(expected);

  const run = await ward.endedTraining(await ward.requestTraining({ seed: 7, promote: 'never' }));
  const version = run.outcome?.version ?? 0;
  const operator = await ward.client('operator');
  await operator.call('promoteVersion', {
    params: { model: MODEL, version },
    body: {
      stage: 'production',
      decision_id: randomUUID(),
      expected_live_version: 1,
      reason: 'the test goes on with another version',
    },
  });
  const former = await operator.call('getVersion', { params: { model: MODEL, version: 1 } });
  expect(former.stage).toBe('archived');
  await eventually(async () => expect((await predict()).modelVersion).toBe(version));
  expect(await replay(said.predictionId, said.receipt)).toMatchObject(expected);
});

it('takes a receipt of another prediction for authentic, and names what differs', async () => {
  const [one, other] = [await predict('?receipt=true'), await predict('?receipt=true')];
  const { receipt } = await replay(one.predictionId, other.receipt);
  expect(receipt).toEqual({ authentic: true, differs: ['predictionId'] });
  expect((await replay(one.predictionId, `${one.receipt?.slice(0, -8)}AAAAAAAA`)).receipt).toMatchObject({
    authentic: false,
  });
});

it('shows one trace from the caller over gateway and serving to the prediction log and its writer', async () => {
  const trace = 'af92f3577b34da6a3ce929d0e0e4736a';
  const { gateway } = await ward.runtime();
  const answer = await fetch(`${gateway}/predict`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-api-key': (await ward.keys()).predictor,
      traceparent: `00-${trace}-00f067aa0ba902b7-01`,
    },
    body: JSON.stringify(EXAMPLE_PATIENT),
  });
  expect(answer.status).toBe(200);
  const spans = await eventually(
    () => {
      const own = collector.spans.filter(({ traceId }) => traceId === trace);
      expect(new Set(own.map(({ service }) => service))).toEqual(new Set(['gateway', 'serving', 'monitoring']));
      expect(own.map(({ name }) => name)).toContain('prediction log ship'); // each service sends by its own clock
      return own;
    },
    { timeoutMs: 60_000 },
  );
  const named = (name: string, service: string) => spans.find((span) => span.name === name && span.service === service);
  const inGateway = named('predict predict', 'gateway');
  const inServing = named('predict predict', 'serving');
  const logged = named('prediction log append', 'serving');
  const shipped = named('prediction log ship', 'serving');
  // The gateway's span stands below that of the request where the request was not a plain one.
  const request = named('POST /predict', 'gateway');
  expect((request ?? inGateway)?.parentSpanId).toBe('00f067aa0ba902b7');
  expect(inGateway?.parentSpanId).toBe(request?.spanId ?? '00f067aa0ba902b7');
  expect(inServing).toMatchObject({ parentSpanId: inGateway?.spanId, attributes: { 'gimbal.model': MODEL } });
  expect(logged?.parentSpanId).toBe(inServing?.spanId);
  expect(shipped).toMatchObject({ parentSpanId: logged?.spanId, links: [logged?.spanId] });
});
