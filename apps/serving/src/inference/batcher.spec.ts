import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { BatchLimit } from './batch-limit.js';
import { Batcher, type BatcherOptions, ORDINARY, type Urgency } from './batcher.js';
import type { Scorer } from './scorer.js';
import { VersionStatistics } from './version-statistics.js';
import { WaitingRows } from './waiting-rows.js';

const POISON = -1;

/** A graph of one input whose answer is the input; it fails as a whole when the poison is among its rows. */
class EchoScorer implements Scorer {
  readonly shape = {
    task: 'binary-classification',
    samples: [{ values: null, low: 0, high: 1, mayMiss: false, categories: null }],
    width: 1,
    lowest: 0,
    highest: 1,
  } as const;
  readonly batchRowsMax: number;
  readonly features: Float32Array;
  readonly runs: number[][] = [];
  private running = false;

  constructor(batchRowsMax: number) {
    this.batchRowsMax = batchRowsMax;
    this.features = new Float32Array(batchRowsMax);
  }

  async run(rows: number): Promise<Float32Array> {
    if (this.running) throw new Error('two runs at once');
    this.running = true;
    await new Promise((resolve) => setImmediate(resolve));
    this.running = false;
    const seen = this.features.slice(0, rows);
    this.runs.push([...seen]);
    if (seen.includes(POISON)) throw new Error('poisoned');
    return seen;
  }

  async close(): Promise<void> {}
}

const makeBatcher = (batchRowsMax = 4, waitingRowsMax = 100_000, more: Partial<BatcherOptions> = {}) => {
  const scorer = new EchoScorer(batchRowsMax);
  const outcomes: string[] = [];
  const statistics = new VersionStatistics();
  const batcher = new Batcher({
    ...{ scorer, waitingRowsMax, statistics },
    limit: new BatchLimit(batchRowsMax, Number.POSITIVE_INFINITY, [[batchRowsMax, 0]]),
    waiting: new WaitingRows(Number.POSITIVE_INFINITY),
    queueTimeoutMs: Number.POSITIVE_INFINITY,
    onOutcome: (outcome) => outcomes.push(outcome),
    ...more,
  });
  const ask = (...rows: number[]) => batcher.score(Float32Array.from(rows), rows.length);
  const askAt = (row: number, urgency: Partial<Urgency>) =>
    batcher.score(Float32Array.of(row), 1, null, { ...ORDINARY, ...urgency });
  return { scorer, batcher, outcomes, statistics, ask, askAt };
};
const faultOf = (work: Promise<unknown>) =>
  work.then(
    () => 'answered',
    (error) => error.code,
  );

it('runs together what is asked within one turn, and alone what comes alone', async () => {
  const { scorer, ask } = makeBatcher();
  await Promise.all([ask(0.1), ask(0.2, 0.3), ask(0.4)]);
  await ask(0.5);
  expect(scorer.runs.map((run) => run.length)).toEqual([4, 1]);
});

it('counts requests that waited and runs by their rows', async () => {
  const { statistics, ask } = makeBatcher();
  await Promise.all([ask(0.1), ask(0.2, 0.3), ask(0.4), ask(0.5)]);
  expect(Array.from(statistics.runs, ([rows, { count }]) => [rows, count])).toEqual([
    [4, 1],
    [1, 1],
  ]);
  expect([statistics.queue.count, statistics.infer.count]).toEqual([4, 4]);
  expect(statistics.infer.ms).toBeGreaterThan(0);
});

it('gives every request its own rows back, in order, whatever the sizes', async () => {
  const request = fc.array(fc.float({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 30 });
  await fc.assert(
    fc.asyncProperty(
      fc.array(request, { maxLength: 12 }),
      fc.integer({ min: 1, max: 8 }),
      async (requests, batchRowsMax) => {
        const { ask, scorer, batcher } = makeBatcher(batchRowsMax);
        const answers = await Promise.all(requests.map((rows) => ask(...rows)));
        expect(answers.map((answer) => [...answer])).toEqual(requests);
        expect(Math.max(0, ...scorer.runs.map((run) => run.length))).toBeLessThanOrEqual(batchRowsMax);
        await batcher.idle();
      },
    ),
  );
});

it("one request's bad row fails that request and no other, wherever it is", async () => {
  const { ask, outcomes } = makeBatcher(8);
  const said = await Promise.all([ask(0.1), ask(POISON), ask(0.2, 0.3), ask(0.4, POISON, 0.5)].map(faultOf));
  expect(said).toEqual(['answered', 'no-model-available', 'answered', 'no-model-available']);
  expect(outcomes.filter((outcome) => outcome === 'failure')).toHaveLength(2);
});

it('a value that is no probability is a failure of the model, not an answer', async () => {
  const { ask } = makeBatcher();
  expect(await Promise.all([ask(1.5), ask(Number.NaN), ask(0.5)].map(faultOf))).toEqual([
    'no-model-available',
    'no-model-available',
    'answered',
  ]);
});

it('a large request does not hold up small ones', async () => {
  const { ask } = makeBatcher(4);
  const done: string[] = [];
  const large = ask(...Array(400).fill(0.5)).then(() => done.push('large'));
  await new Promise((resolve) => setImmediate(resolve));
  await ask(0.1).then(() => done.push('small'));
  await large;
  expect(done).toEqual(['small', 'large']);
});

it('refuses more rows than may wait, and takes them again when there is room', async () => {
  const { ask } = makeBatcher(4, 10);
  const first = ask(...Array(10).fill(0.5));
  expect(await faultOf(ask(0.5))).toBe('overloaded');
  await first;
  expect(await faultOf(ask(0.5))).toBe('answered');
  const failing = ask(POISON, ...Array(9).fill(0.5));
  expect(await faultOf(failing)).toBe('no-model-available');
  expect(await faultOf(ask(...Array(10).fill(0.5)))).toBe('answered');
});

it('runs what is urgent first, and takes turns among equals', async () => {
  const { ask, askAt, scorer } = makeBatcher(1);
  const asked = [ask(0.1), askAt(0.2, { priority: 9 }), askAt(0.3, { priority: 1 }), ask(0.4, 0.5), ask(0.6)];
  await Promise.all(asked);
  const order = scorer.runs.flat().map((value) => Number(value.toFixed(1)));
  expect(order).toEqual([0.3, 0.1, 0.4, 0.6, 0.5, 0.2]);
});

it('refuses what waited beyond its deadline, and holds nothing against the model', async () => {
  const { ask, askAt, outcomes } = makeBatcher(1);
  const late = faultOf(askAt(0.1, { deadlineMs: performance.now() - 1 }));
  const inTime = askAt(0.2, { deadlineMs: performance.now() + 60_000 });
  expect([await late, ...(await inTime), ...(await ask(0.5))]).toEqual(['timeout', Math.fround(0.2), 0.5]);
  expect(outcomes).toEqual(['success', 'success']);
});

it('is idle when nothing waits and nothing runs', async () => {
  const { ask, batcher } = makeBatcher();
  await batcher.idle();
  let answered = false;
  void ask(0.5).then(() => {
    answered = true;
  });
  await batcher.idle();
  expect(answered).toBe(true);
});

it('refuses what waited longer than the queue allows, with another word than to a late caller', async () => {
  const { ask, outcomes } = makeBatcher(1, 100, { queueTimeoutMs: -1 });
  expect(await faultOf(ask(0.5))).toBe('overloaded');
  expect(outcomes).toEqual([]);
});

it('runs smaller batches when runs take too long, and every row is answered all the same', async () => {
  const { ask, scorer } = makeBatcher(64, 1_000, { limit: new BatchLimit(64, -1, [[1, -1]]) });
  const rows = Array.from({ length: 40 }, (_, row) => Math.fround(row / 40));
  expect([...(await ask(...rows))]).toEqual(rows);
  expect(scorer.runs.map((run) => run.length)).toEqual(Array(40).fill(1));
});

it('shares the room for waiting rows with other models, and leaves each a place', async () => {
  const waiting = new WaitingRows(10);
  const [greedy, modest] = [makeBatcher(4, 100, { waiting }), makeBatcher(4, 100, { waiting })];
  const taken = greedy.ask(...Array(10).fill(0.5));
  expect(await faultOf(greedy.ask(0.5))).toBe('overloaded');
  const first = modest.ask(0.5);
  expect(await faultOf(modest.ask(0.5))).toBe('overloaded');
  await Promise.all([taken, first]);
  expect(await faultOf(greedy.ask(...Array(10).fill(0.5)))).toBe('answered');
});
