import { randomBytes } from 'node:crypto';
import type { PredictAnswer, PredictCall } from '@gimbal/contracts';
import { afterEach, expect, it } from '@jest/globals';
import { hearStrangers } from './hear-strangers.js';
import { openTracing } from './open-tracing.js';
import { currentTracing, useTracing } from './tracing.js';

afterEach(async () => {
  await currentTracing()?.close();
  useTracing(null);
});

const trace = (share: number) =>
  useTracing(openTracing({ service: 's', version: '1', endpoint: 'http://127.0.0.1:9', headers: {}, share }));
const answer: PredictAnswer = {
  status: 200,
  contentType: 'application/json',
  retryAfterSeconds: 0,
  body: new Uint8Array(),
};

/** What arrives of so many calls that each want a trace of their own kept. */
async function heardOf(count: number): Promise<string[]> {
  const heard: string[] = [];
  const predict = hearStrangers(async ({ headers }: PredictCall) => {
    heard.push(headers.traceparent ?? '');
    return answer;
  });
  const call = { route: 'predict', params: {}, query: [], trafficKey: null, keyId: '', requestId: 'r' } as const;
  for (let index = 0; index < count; index++) {
    const traceparent = `00-${randomBytes(16).toString('hex')}-00f067aa0ba902b7-01`;
    await predict({ ...call, headers: { traceparent }, body: new Uint8Array() });
  }
  return heard;
}

const keptOf = (heard: readonly string[]): number => heard.filter((traceparent) => traceparent.endsWith('-01')).length;

it('grants no more than a few a second of what is outside the share, and leaves every call in its trace', async () => {
  trace(0);
  const begunMs = performance.now();
  const heard = await heardOf(500);
  expect(keptOf(heard)).toBeGreaterThanOrEqual(10);
  expect(keptOf(heard)).toBeLessThanOrEqual(10 + Math.ceil((performance.now() - begunMs) / 100));
  expect(heard.every((traceparent) => /^00-[0-9a-f]{32}-00f067aa0ba902b7-0[01]$/.test(traceparent))).toBe(true);
});

it('grants all of what is in the share', async () => {
  trace(1);
  expect(keptOf(await heardOf(500))).toBe(500);
});

it('leaves alone what comes in the course of a request that is traced, and everything where nothing is traced', async () => {
  expect(keptOf(await heardOf(100))).toBe(100);
  trace(0);
  const request = currentTracing()?.begin({ name: 'request', kind: 'server', parent: '' });
  expect(keptOf(await request!.within(() => heardOf(100)))).toBe(100);
});
