import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '@gimbal/testing';
import { afterEach, expect, it } from '@jest/globals';
import { CloudEvent } from 'cloudevents';
import type { LoggedRow } from '../prediction-log/prediction-log.repository.js';
import { PayloadLog, type PayloadLogOptions } from './payload-log.js';
import type { PayloadEvent } from './to-cloud-events.js';

/** A sink that takes events over HTTP, and does as it is told. */
class Sink {
  readonly events: PayloadEvent[] = [];
  readonly headers: IncomingHttpHeaders[] = [];
  status = 202;
  delayMs = 0;
  private server: Server | undefined;

  async open(port = 0): Promise<number> {
    this.server = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk);
      this.headers.push(request.headers);
      await sleep(this.delayMs);
      if (this.status < 300) this.events.push(...JSON.parse(Buffer.concat(chunks).toString()));
      response.writeHead(this.status, { location: '/elsewhere' }).end();
    });
    this.server.listen(port, '127.0.0.1');
    await once(this.server, 'listening');
    return (this.server.address() as AddressInfo).port; // it listens on TCP
  }

  async close(): Promise<void> {
    this.server?.closeAllConnections();
    this.server?.close();
  }
}

class Counts {
  readonly events = { sent: 0, refused: 0, dropped: 0 };
  readonly failures: string[] = [];
  readonly countEvents = (outcome: 'sent' | 'refused' | 'dropped', events: number): void => {
    this.events[outcome] += events;
  };
  readonly countFailure = (reason: string): number => this.failures.push(reason);
}

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const make = async (more: Partial<PayloadLogOptions> = {}) => {
  const sink = new Sink();
  const port = await sink.open();
  const counts = new Counts();
  const lines: unknown[] = [];
  const write = (...line: unknown[]) => void lines.push(line);
  const log = new PayloadLog({
    url: `http://127.0.0.1:${port}/events`,
    samplingPercent: 100,
    rowsMax: 1_000,
    timeoutMs: 10_000,
    logger: { info: write, warn: write },
    counters: counts,
    ...more,
  });
  cleanups.push(
    () => sink.close(),
    () => log.close(),
  );
  return { sink, port, counts, log, lines };
};

const makeRow = (more: Partial<LoggedRow> = {}): LoggedRow => ({
  id: randomUUID(),
  modelVersionId: randomUUID(),
  modelName: 'heart-disease',
  modelVersion: 3,
  features: { age: 63, thal: 'fixed', chol: null },
  prediction: 1,
  probability: 0.75,
  threshold: 0.43,
  latencyMs: 1.5,
  warnings: [],
  requestId: `request-${randomUUID()}`,
  createdAt: '2026-05-09T08:53:20.123Z',
  ...more,
});
const makeRows = (count: number) => Array.from({ length: count }, () => makeRow());
const idsOf = (events: readonly { readonly id: string }[]) => [...new Set(events.map(({ id }) => id))];

it('tells of each prediction in two valid CloudEvents: the question, which can be asked again, and the answer', async () => {
  const { sink, log } = await make({ token: 'the-token-of-the-sink' });
  const row = makeRow({ classProbabilities: [0.25, 0.75] });
  log.add([row]);
  await eventually(() => expect(sink.events).toHaveLength(2));
  for (const event of sink.events) expect(new CloudEvent({ ...event }, true).validate()).toBe(true);
  const [question, answer] = sink.events;
  expect(question).toMatchObject({
    ...{ specversion: '1.0', type: 'org.kubeflow.serving.inference.request', id: row.id, time: row.createdAt },
    ...{ inferenceservicename: 'heart-disease', component: 'predictor', endpoint: '3', requestid: row.requestId },
    data: {
      id: row.id,
      inputs: [
        { name: 'age', shape: [1], datatype: 'FP64', data: [63] },
        { name: 'thal', shape: [1], datatype: 'BYTES', data: ['fixed'] },
      ],
    },
  });
  expect(answer).toMatchObject({
    ...{ type: 'org.kubeflow.serving.inference.response', id: row.id },
    data: {
      ...{ model_name: 'heart-disease', model_version: '3', parameters: { prediction_id: row.id, threshold: 0.43 } },
      outputs: [
        { name: 'prediction', data: [1] },
        { name: 'probability', data: [0.75] },
        { name: 'probabilities', shape: [1, 2], data: [0.25, 0.75] },
      ],
    },
  });
  expect(answer?.source).not.toBe(question?.source);
  expect(sink.headers[0]).toMatchObject({
    ...{ 'content-type': 'application/cloudevents-batch+json', authorization: 'Bearer the-token-of-the-sink' },
  });
});

it.each([500, 503, 429])(
  'a sink that answers %d is asked again until it takes the events, in order',
  async (status) => {
    const { sink, log, counts } = await make();
    sink.status = status;
    const rows = makeRows(250);
    log.add(rows);
    await eventually(() => expect(counts.failures).toContain(String(status)));
    sink.status = 200;
    await eventually(() => expect(counts.events.sent).toBe(500));
    expect(idsOf(sink.events)).toEqual(idsOf(rows));
    expect(counts.events).toEqual({ sent: 500, refused: 0, dropped: 0 });
  },
);

it('a sink that is away gets what fits into the queue once it is back; what does not is counted', async () => {
  const { sink, port, log, counts } = await make({ rowsMax: 30 });
  await sink.close();
  const rows = makeRows(50);
  log.add(rows);
  expect(counts.events.dropped).toBe(40);
  await eventually(() => expect(counts.failures).toContain('unreachable'));
  await sink.open(port);
  await eventually(() => expect(idsOf(sink.events)).toEqual(idsOf(rows.slice(0, 30))));
});

it('a sink that is too slow is given up and asked again; nobody waits for it', async () => {
  const { sink, log, counts } = await make({ timeoutMs: 100 });
  sink.delayMs = 400;
  const begun = performance.now();
  log.add(makeRows(10));
  expect(performance.now() - begun).toBeLessThan(100);
  await eventually(() => expect(counts.failures).toContain('unreachable'));
  sink.delayMs = 0;
  await eventually(() => expect(counts.events.sent).toBe(20));
});

it.each([400, 302])(
  'what the sink refuses for good (%d) is counted, and does not stop what comes after it',
  async (status) => {
    const { sink, log, counts } = await make();
    sink.status = status;
    log.add(makeRows(3));
    await eventually(() => expect(counts.events.refused).toBe(6));
    sink.status = 200;
    log.add(makeRows(2));
    await eventually(() => expect(counts.events.sent).toBe(4));
    expect(sink.headers).toHaveLength(2); // a redirection was not followed
  },
);

it('sends a share of the requests: all rows of one or none, and the same ones again', async () => {
  const { sink, log } = await make({ samplingPercent: 20, rowsMax: 10_000 });
  const rows = makeRows(1_000).flatMap((row) => [row, makeRow({ requestId: row.requestId })]);
  log.add(rows);
  log.add(rows);
  const requests = () => sink.events.filter(({ type }) => type.endsWith('request'));
  await eventually(() => {
    expect(requests().length).toBeGreaterThan(4 * 130);
    expect(requests().length).toBe(4 * new Set(requests().map(({ requestid }) => requestid)).size);
  });
  expect(requests().length).toBeLessThan(4 * 270);
});

it('ends within its time when the sink does not answer, counts what was not sent, and logs no token', async () => {
  const { sink, log, counts, lines } = await make({ token: 'secret-of-the-sink' });
  sink.status = 500;
  log.add(makeRows(5));
  await eventually(() => expect(counts.failures).not.toEqual([]));
  const begun = performance.now();
  await log.close();
  expect(performance.now() - begun).toBeLessThan(10_000);
  expect(counts.events.dropped).toBe(10);
  expect(JSON.stringify(lines)).not.toContain('secret-of-the-sink');
});
