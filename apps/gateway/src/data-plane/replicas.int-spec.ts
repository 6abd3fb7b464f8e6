import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  decodePredictCall,
  encodePredictAnswer,
  type PredictAnswer,
  type PredictCall,
  type PredictRoute,
} from '@gimbal/contracts';
import { FrameServer, parseConfig } from '@gimbal/platform';
import { eventually } from '@gimbal/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { dataPlaneConfig } from './data-plane.config.js';
import { DataPlane } from './data-plane.service.js';

const silent = () => undefined;
const logger = { info: silent, warn: silent };
const KEY = 'a-service-key-of-length';

type Take = (call: PredictCall, answer: (status: number) => void) => void;

/** A serving process as far as frames go. */
class Stub {
  readonly calls: PredictCall[] = [];
  take: Take = (_call, answer) => answer(200);
  private server: FrameServer | undefined;

  constructor(
    readonly name: string,
    readonly address: string,
  ) {}

  async start(): Promise<void> {
    this.server = new FrameServer({
      address: { path: this.address },
      logger,
      admit: (_name, key) => key === KEY,
      take: (item, answer) => {
        const call = decodePredictCall(Buffer.from(item));
        this.calls.push(call);
        this.take(call, (status) => answer(encodePredictAnswer(this.answerOf(status))));
      },
    });
    await this.server.listen();
  }

  /** @param drainMs 0: as when it is killed */
  async stop(drainMs = 0): Promise<void> {
    await this.server?.close(drainMs);
    this.server = undefined;
  }

  private answerOf(status: number): PredictAnswer {
    const retryAfterSeconds = status === 503 ? 1 : 0;
    return { status, contentType: 'application/json', retryAfterSeconds, body: Buffer.from(this.name) };
  }
}

let folder: string;
let stubs: Stub[] = [];
let dataPlane: DataPlane | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'replicas-'));
});
afterEach(async () => {
  dataPlane?.onModuleDestroy();
  for (const stub of stubs.splice(0)) await stub.stop();
  await rm(folder, { recursive: true });
});

const startStubs = async (...names: string[]): Promise<Stub[]> => {
  stubs = names.map((name) => new Stub(name, join(folder, name)));
  for (const stub of stubs) await stub.start();
  return stubs;
};

const open = async (settings: Record<string, string> = {}, serving = stubs.map(({ address }) => address).join(',')) => {
  const { dataPlane: config } = parseConfig({ dataPlane: dataPlaneConfig }, { SERVING_FRAMES: serving, ...settings });
  dataPlane = new DataPlane({ config, serviceKey: KEY, logger });
  dataPlane.onModuleInit();
  return dataPlane;
};

const ask = async (more: Partial<PredictCall> = {}): Promise<{ status: number; by: string }> => {
  const call: PredictCall = {
    ...{ route: 'predict', params: {}, query: [], trafficKey: null, keyId: '', requestId: 'r', headers: {} },
    body: new Uint8Array(),
    ...more,
  };
  if (!dataPlane) throw new Error('not open');
  const { status, body } = await dataPlane.predict(call);
  return { status, by: Buffer.from(body).toString() };
};
const codeOf = (error: { code?: string }) => error.code ?? 'none';
/** Until each of them answers. */
const connected = (...names: string[]) =>
  eventually(async () => {
    const answers = await Promise.all(Array.from({ length: 4 * names.length }, () => ask()));
    expect([...new Set(answers.map(({ by }) => by))].sort()).toEqual(names);
  });

describe('which replica is asked', () => {
  it('they take turns, and one that is slow gets less', async () => {
    const [a, b] = await startStubs('a', 'b');
    await open();
    await connected('a', 'b');
    const held: (() => void)[] = [];
    a!.take = (_call, answer) => held.push(() => answer(200));
    const count = () => a!.calls.length + b!.calls.length;
    const before = b!.calls.length;
    const asked: Promise<unknown>[] = [];
    for (let round = 0; round < 40; round++) {
      const [held0, count0] = [held.length, count()];
      const one = ask();
      asked.push(one);
      await eventually(() => expect(count()).toBe(count0 + 1), { intervalMs: 1 });
      if (held.length === held0) await one;
    }
    expect(held.length).toBe(1);
    expect(b!.calls.length - before).toBe(39);
    for (const release of held) release();
    await Promise.all(asked);
  });

  it('a host name stands for all its addresses', async () => {
    const server = new FrameServer({
      address: { host: '127.0.0.1', port: 0 },
      logger,
      admit: () => true,
      take: (_item, answer) =>
        answer(
          encodePredictAnswer({
            status: 200,
            contentType: 'application/json',
            retryAfterSeconds: 0,
            body: Buffer.from('n'),
          }),
        ),
    });
    const address = await server.listen();
    if ('path' in address) throw new Error('a port was asked for');
    await open({}, `localhost:${address.port},no-such-host.invalid:1`);
    await eventually(async () => expect((await ask()).by).toBe('n'));
    await server.close(0);
  });

  it('what changes a serving process is told to each of them', async () => {
    const [a, b] = await startStubs('a', 'b');
    await open();
    await connected('a', 'b');
    const told = (stub: Stub) => stub.calls.filter(({ route }) => route === 'openSetLogging').length;
    expect((await ask({ route: 'openSetLogging' })).status).toBe(200);
    expect([told(a!), told(b!)]).toEqual([1, 1]);
    b!.take = (_call, answer) => answer(400);
    expect(await ask({ route: 'openSetLogging' })).toEqual({ status: 400, by: 'b' });
  });
});

describe('another replica takes what the first could not', () => {
  it.each<[string, Take]>([
    ['not ready', (_call, answer) => answer(503)],
    ['killed under it', () => undefined],
  ])('%s: nobody notices, and both were given the same ids', async (what, take) => {
    const [a, b] = await startStubs('a', 'b');
    await open();
    await connected('a', 'b');
    const seeds = new Map<string, string>();
    const note = (call: PredictCall) => {
      const seed = Buffer.from(call.idSeed ?? []).toString('hex');
      expect(seeds.get(call.requestId) ?? seed).toBe(seed);
      seeds.set(call.requestId, seed);
    };
    let taken = 0;
    a!.take = (call, answer) => {
      taken += 1;
      note(call);
      take(call, answer);
    };
    b!.take = (call, answer) => {
      note(call);
      answer(200);
    };
    const asked = Array.from({ length: 60 }, (_, index) => ask({ requestId: `request-${index}` }));
    await eventually(() => expect(taken).toBeGreaterThan(0));
    if (what === 'killed under it') await a!.stop();
    expect(new Set((await Promise.all(asked)).map(({ status, by }) => `${status} ${by}`))).toEqual(new Set(['200 b']));
    expect(new Set(seeds.values()).size).toBe(60);
    expect([...seeds.values()].every((seed) => seed.length === 32)).toBe(true);
  });

  it('one that says goodbye is asked no more, answers what it has, and comes back', async () => {
    const [a, b] = await startStubs('a', 'b');
    await open();
    await connected('a', 'b');
    let release: (() => void) | undefined;
    a!.take = (_call, answer) => {
      release = () => answer(200);
    };
    const held = [ask(), ask()];
    await eventually(() => expect(release).toBeDefined());
    const stopped = a!.stop(60_000);
    const before = a!.calls.length;
    await eventually(async () => {
      expect((await ask()).by).toBe('b');
      expect((await ask()).by).toBe('b');
    });
    expect(a!.calls.length).toBe(before);
    release?.();
    expect((await Promise.all(held)).map(({ by }) => by).sort()).toEqual(['a', 'b']);
    await stopped;
    a!.take = (_call, answer) => answer(200);
    await a!.start();
    await connected('a', 'b');
    expect(b!.calls.length).toBeGreaterThan(0);
  });

  it('after five refusals in a row it rests, and is tried again by one request at a time', async () => {
    const [a] = await startStubs('a', 'b');
    await open();
    await connected('a', 'b');
    a!.take = (_call, answer) => answer(503);
    const before = a!.calls.length;
    for (let count = 0; count < 40; count++) expect((await ask()).by).toBe('b');
    const refusals = a!.calls.length - before;
    expect(refusals).toBeGreaterThanOrEqual(5);
    expect(refusals).toBeLessThan(15); // half of all without a rest; with it one more each time the rest has doubled
    a!.take = (_call, answer) => answer(200);
    await connected('a', 'b');
  });

  it('retries are a share of the traffic: when all refuse, callers are told so soon', async () => {
    const [a, b] = await startStubs('a', 'b');
    await open({ PREDICT_REQUESTS_MAX: '20' });
    await connected('a', 'b');
    for (const stub of [a!, b!]) stub.take = (_call, answer) => answer(503);
    const before = a!.calls.length + b!.calls.length;
    for (let count = 0; count < 400; count++) expect((await ask()).status).toBe(503);
    const tries = a!.calls.length + b!.calls.length - before;
    expect(tries).toBeGreaterThanOrEqual(400);
    expect(tries).toBeLessThanOrEqual(400 * 1.2 + 21);
  });

  it('with one replica nothing is sent twice, and what was under way fails as unavailable', async () => {
    const [a] = await startStubs('a');
    await open();
    await connected('a');
    const before = a!.calls.length;
    a!.take = () => undefined;
    const asked = Array.from({ length: 20 }, () => ask().then(() => 'answered', codeOf));
    await eventually(() => expect(a!.calls.length).toBe(before + 20));
    await a!.stop();
    expect(new Set(await Promise.all(asked))).toEqual(new Set(['service-unavailable']));
    expect(a!.calls.length).toBe(before + 20);
  });
});

describe('while the only replica is away', () => {
  it('for a moment, requests wait for it; for longer, they are refused at once', async () => {
    const [a] = await startStubs('a');
    await open({ PREDICT_QUEUE_BUDGET: '20000' });
    await connected('a');
    await a!.stop();
    await eventually(() => expect(dataPlane?.ready).toBe(false));
    const waiting = Array.from({ length: 10 }, () => ask());
    await a!.start();
    expect(new Set((await Promise.all(waiting)).map(({ status }) => status))).toEqual(new Set([200]));
    await a!.stop();
    await eventually(() => expect(dataPlane?.ready).toBe(false));
    await expect(ask({ timeLeftMs: 50 })).rejects.toMatchObject({ code: 'service-unavailable' });
  });

  it('no more wait for it than may be under way at one', async () => {
    const [a] = await startStubs('a');
    await open({ PREDICT_QUEUE_BUDGET: '20000', PREDICT_REQUESTS_MAX: '10' });
    await connected('a');
    await a!.stop();
    await eventually(() => expect(dataPlane?.ready).toBe(false));
    const waiting = Array.from({ length: 10 }, () => ask());
    await expect(ask()).rejects.toMatchObject({ code: 'overloaded' });
    await expect(ask({ timeLeftMs: 1 })).rejects.toMatchObject({ code: 'overloaded' });
    await a!.start();
    expect(new Set((await Promise.all(waiting)).map(({ status }) => status))).toEqual(new Set([200]));
  });

  it('one that was never there is not waited for', async () => {
    await open({}, join(folder, 'nobody'));
    const begunMs = performance.now();
    await expect(ask()).rejects.toMatchObject({ code: 'service-unavailable' });
    expect(performance.now() - begunMs).toBeLessThan(1_000);
  });
});

describe('time', () => {
  it('the time that is left travels with the call, and the caller waits no longer', async () => {
    const [a] = await startStubs('a');
    await open({ PREDICT_TIMEOUT: '30000' });
    await connected('a');
    expect(a!.calls.at(-1)?.timeLeftMs).toBe(30_000);
    a!.take = () => undefined;
    await expect(ask({ timeLeftMs: 120 })).rejects.toMatchObject({ code: 'timeout' });
    expect(a!.calls.at(-1)?.timeLeftMs).toBe(120);
  });

  it('a late answer is not asked for anywhere else', async () => {
    const [a, b] = await startStubs('a', 'b');
    await open();
    await connected('a', 'b');
    for (const stub of [a!, b!]) stub.take = () => undefined;
    const before = a!.calls.length + b!.calls.length;
    await expect(ask({ timeLeftMs: 100 })).rejects.toMatchObject({ code: 'timeout' });
    expect(a!.calls.length + b!.calls.length).toBe(before + 1);
  });
});

describe('more than serving can answer', () => {
  it('twice as much: what is admitted is answered within the budget or so, the rest is refused at once, and no time is wasted', async () => {
    const [a] = await startStubs('a');
    const budgetMs = 300;
    await open({ PREDICT_QUEUE_BUDGET: String(budgetMs) });
    await connected('a');
    // One after the other, four a turn of the clock.
    const queue: (() => void)[] = [];
    a!.take = (_call, answer) => queue.push(() => answer(200));
    let answered = 0;
    const works = setInterval(() => {
      for (const release of queue.splice(0, 4)) {
        release();
        answered += 1;
      }
    }, 5);
    const admitted: number[] = [];
    const refused: number[] = [];
    const params = { model: 'm' };
    const asked: Promise<void>[] = [];
    const askOnce = async () => {
      const begunMs = performance.now();
      await ask({ route: 'predictModel' satisfies PredictRoute, params }).then(
        () => admitted.push(performance.now() - begunMs),
        (error) => {
          expect(codeOf(error)).toBe('overloaded');
          refused.push(performance.now() - begunMs);
        },
      );
    };
    const begunMs = performance.now();
    while (answered < 3_000 && performance.now() - begunMs < 60_000) {
      for (let count = 0; count < 8; count++) asked.push(askOnce());
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    await Promise.all(asked);
    clearInterval(works);
    const p99 = (values: number[]) => values.sort((one, other) => one - other)[Math.floor(values.length * 0.99)] ?? 0;
    expect(refused.length).toBeGreaterThan(admitted.length / 4);
    expect(p99(refused)).toBeLessThan(budgetMs);
    // Without a budget the last would wait as long as all of it took, 3.75 s and more.
    expect(p99(admitted)).toBeLessThan(budgetMs * 4);
    // Another model is not concerned.
    a!.take = (_call, answer) => answer(200);
    expect((await ask({ route: 'predictModel', params: { model: 'other' } })).status).toBe(200);
  });
});
