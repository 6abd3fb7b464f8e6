import { request } from 'node:http';
import { eventually } from '@gimbal/testing';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { EXAMPLE_PATIENT } from '../src/welcome.js';
import { expectAllInLog, Ward } from './ward.js';

// Serving killed under load, as npm start runs it: what callers of the gateway see of it, with one process of serving and with two.
jest.setTimeout(600_000);

const CLIENTS = 16;
/** Over several connections, as many callers have. */
interface Load {
  /** Ids of what was answered with 200. */
  readonly predictions: Set<string>;
  readonly probabilities: Set<number>;
  /** Every other answer, by its status, code and Retry-After; `broken` for one that never came. */
  readonly others: Map<string, number>;
}

function post(url: URL, key: string): Promise<{ status: number; retryAfter: string | undefined; body: string }> {
  return new Promise((resolve, reject) => {
    const headers = { 'x-api-key': key, 'content-type': 'application/json' };
    const call = request(url, { method: 'POST', headers, agent: false }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('end', () =>
        resolve({
          status: answer.statusCode ?? 0,
          retryAfter: answer.headers['retry-after'],
          body: Buffer.concat(chunks).toString(),
        }),
      );
    });
    call.on('error', reject);
    call.end(JSON.stringify(EXAMPLE_PATIENT));
  });
}

/** Asks from many sides while `during` goes on. */
async function loadWhile(ward: Ward, during: (seen: Load) => Promise<void>): Promise<Load> {
  const url = new URL('/predict', (await ward.runtime()).gateway);
  const { predictor } = await ward.keys();
  const seen: Load = { predictions: new Set(), probabilities: new Set(), others: new Map() };
  let isOpen = true;
  const note = (what: string) => seen.others.set(what, (seen.others.get(what) ?? 0) + 1);
  const ask = async () => {
    while (isOpen) {
      try {
        const { status, retryAfter, body } = await post(url, predictor);
        const said = JSON.parse(body);
        if (status === 200) {
          seen.predictions.add(said.prediction_id);
          seen.probabilities.add(said.probability);
        } else note(`${status} ${said.code} ${retryAfter}`);
      } catch (error) {
        note(`broken ${error instanceof Error ? error.message : error}`);
      }
    }
  };
  const asking = Promise.all(Array.from({ length: CLIENTS }, ask));
  const more = async () => {
    const count = seen.predictions.size + 300;
    await eventually(() => expect(seen.predictions.size).toBeGreaterThanOrEqual(count), { timeoutMs: 120_000 });
  };
  try {
    await more();
    await during(seen);
    await more();
  } finally {
    isOpen = false;
    await asking;
  }
  return seen;
}

/** Until the gateway is connected to both, and each knows the model. */
async function bothAnswer(ward: Ward): Promise<void> {
  const { gateway } = await ward.runtime();
  const viewer = await ward.client('viewer');
  await eventually(
    async () => {
      const metrics = await (await fetch(new URL('/metrics', gateway))).text();
      expect(metrics).toContain('gimbal_serving_replicas{state="connected"} 2');
      for (let asked = 0; asked < 8; asked++) {
        const ready = await fetch(new URL('/v2/models/heart-disease/ready', gateway), {
          headers: { 'x-api-key': (await ward.keys()).viewer },
        });
        expect(ready.status).toBe(200);
      }
      expect((await viewer.call('servingHealth', {})).status).toBe('healthy');
    },
    { timeoutMs: 60_000 },
  );
}

const logOf = (from: string, { predictions }: Load) => ({ from, predictions, labels: new Map(), failed: new Map() });
const begin = () => new Date(Date.now() - 1_000).toISOString();

describe('one process of serving', () => {
  let ward: Ward;
  beforeAll(async () => {
    ward = await Ward.open({ PREDICT_QUEUE_BUDGET: '60000' });
    await ward.trainFirstVersion();
  });
  afterAll(() => ward?.close());

  it('killed under load: what was under way is to come again, the rest waits; none is told wrong, nothing is logged twice', async () => {
    const from = begin();
    const seen = await loadWhile(ward, () => ward.kill('serving'));
    expect([...seen.others.keys()]).toEqual(['503 service-unavailable 1']);
    expect([...seen.others.values()].reduce((sum, count) => sum + count)).toBeLessThanOrEqual(CLIENTS);
    expect(seen.probabilities.size).toBe(1);
    await expectAllInLog(ward, logOf(from, seen));
  });
});

describe('two processes of serving', () => {
  let ward: Ward;
  beforeAll(async () => {
    ward = await Ward.open({ SERVING_REPLICAS: '2' });
    await ward.trainFirstVersion();
    await bothAnswer(ward);
  });
  afterAll(() => ward?.close());

  it('are both there, each with files of its own, and are shown as one', async () => {
    const { services } = await ward.runtime();
    expect(Object.keys(services)).toEqual(expect.arrayContaining(['serving', 'serving-2']));
    const viewer = await ward.client('viewer');
    const countOf = async () =>
      (await viewer.call('servingStatistics', { query: {} })).models['heart-disease']?.prediction_count ?? 0;
    const before = await countOf();
    const seen = await loadWhile(ward, async () => {});
    await eventually(async () => expect((await countOf()) - before).toBe(seen.predictions.size));
    const answer = await fetch(new URL('/health', (await ward.runtime()).gateway));
    expect(await answer.json()).toMatchObject({ services: { serving: { status: 'healthy' } } });
  });

  it.each(['SIGKILL', 'SIGTERM'] as const)(
    'one ended by %s under load: no caller notices, and nothing is logged twice',
    async (signal) => {
      const from = begin();
      const seen = await loadWhile(ward, async () => {
        for (const name of ['serving', 'serving-2'] as const) {
          const pid = (await ward.runtime()).services[name]?.pid ?? 0;
          process.kill(pid, signal);
          await eventually(async () => expect([0, pid]).not.toContain((await ward.runtime()).services[name]?.pid), {
            timeoutMs: 60_000,
          });
          await bothAnswer(ward);
        }
      });
      expect(Object.fromEntries(seen.others)).toEqual({});
      expect(seen.probabilities.size).toBe(1);
      await expectAllInLog(ward, logOf(from, seen));
    },
  );
});
