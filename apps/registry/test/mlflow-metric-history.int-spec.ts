import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type AskMlflow, mlflowOf, startRun } from './mlflow-call.js';
import { type RegistryHarness, startRegistry } from './registry-harness.js';

let registry: RegistryHarness;
let ask: AskMlflow;
let run_id: string;

const POINTS = Array.from({ length: 10 }, (_, step) => ({
  key: 'loss',
  value: 10 - step,
  timestamp: 100 + step,
  step,
}));
const VALUES = POINTS.map(({ value }) => value);

beforeAll(async () => {
  registry = await startRegistry();
  ask = mlflowOf(registry);
  run_id = await startRun(ask);
  await ask('POST', 'runs/log-batch', { run_id, metrics: POINTS.toReversed() });
}, 120_000);
afterAll(() => registry?.dispose());

const history = (members: object) => ask('GET', 'metrics/get-history', { run_id, metric_key: 'loss', ...members });
const valuesOf = (body: { metrics: { value: number }[] }) => body.metrics.map(({ value }) => value);

describe('the history of a metric', () => {
  it('comes whole, in the order of time', async () => {
    expect((await history({})).body).toEqual({ metrics: POINTS });
  });

  it('comes by page, each point once, while more is logged', async () => {
    const seen: number[] = [];
    let page_token: string | undefined;
    do {
      const { body } = await history({ max_results: 3, ...(page_token !== undefined && { page_token }) });
      seen.push(...valuesOf(body));
      page_token = body.next_page_token;
      // Before the page that comes next: an offset would show a point twice.
      await ask('POST', 'runs/log-metric', { run_id, key: 'loss', value: -1, timestamp: 1, step: seen.length });
    } while (page_token !== undefined);
    expect(seen).toEqual(VALUES);
  });

  it('pages over NaN', async () => {
    const diverged = await startRun(ask);
    const metrics = [1, 'NaN', 'Infinity'].map((value) => ({ key: 'loss', value, timestamp: 5, step: 0 }));
    await ask('POST', 'runs/log-batch', { run_id: diverged, metrics });
    const first = await history({ run_id: diverged, max_results: 2 });
    const second = await history({ run_id: diverged, max_results: 2, page_token: first.body.next_page_token });
    expect([...valuesOf(first.body), ...valuesOf(second.body)]).toEqual([1, Number.MAX_VALUE, 'NaN']);
  });

  it('is empty for a metric that was not logged, and refused for a run that is not there', async () => {
    expect((await history({ metric_key: 'other' })).body).toEqual({ metrics: [] });
    expect(await history({ run_id: '0'.repeat(32) })).toMatchObject({
      status: 404,
      body: { error_code: 'RESOURCE_DOES_NOT_EXIST' },
    });
    expect(await history({ max_results: 0 })).toMatchObject({
      status: 400,
      body: {
        message: "Invalid value 0 for parameter 'max_results' supplied. It must be a positive integer.",
      },
    });
  });
});

describe('the histories of several runs', () => {
  it('come run by run', async () => {
    const other = await startRun(ask);
    await ask('POST', 'runs/log-metric', { run_id: other, key: 'acc', value: 0.5, timestamp: 1, step: 0 });
    await ask('POST', 'runs/log-metric', { run_id, key: 'acc', value: 0.75, timestamp: 2, step: 1 });
    const { body } = await ask('GET', 'metrics/get-history-bulk', { run_id: [run_id, other], metric_key: 'acc' });
    expect(body.metrics).toHaveLength(2);
    expect(body.metrics).toContainEqual({ key: 'acc', value: 0.5, timestamp: 1, step: 0, run_id: other });
    const { body: cut } = await ask('GET', 'metrics/get-history-bulk', {
      run_id: [run_id, other],
      metric_key: 'acc',
      max_results: 1,
    });
    expect(cut.metrics).toHaveLength(1);
  });

  it.each([
    [{ metric_key: 'acc' }, 'GetMetricHistoryBulk request must specify at least one run_id.'],
    [{ run_id: ['x'] }, 'GetMetricHistoryBulk request must specify a metric_key.'],
    [
      { run_id: Array.from({ length: 101 }, () => 'x'), metric_key: 'acc' },
      'GetMetricHistoryBulk request cannot specify more than 100 run_ids. Received 101 run_ids.',
    ],
  ])('are refused in the words of MLflow (%#)', async (members, message) => {
    expect(await ask('GET', 'metrics/get-history-bulk', members)).toMatchObject({ status: 400, body: { message } });
  });
});

describe('a sample of histories', () => {
  const sample = (members: object) =>
    ask('GET', 'metrics/get-history-bulk-interval', { run_ids: [sampled], metric_key: 'm', ...members });
  let sampled: string;
  beforeAll(async () => {
    sampled = await startRun(ask);
    const metrics = Array.from({ length: 1_000 }, (_, step) => ({ key: 'm', value: step, timestamp: step, step }));
    await ask('POST', 'runs/log-batch', { run_id: sampled, metrics });
  });

  it('is evenly spread, with the first and the last point', async () => {
    const values = valuesOf((await sample({ max_results: 10 })).body);
    expect(values).toEqual([0, 100, 200, 300, 400, 500, 600, 700, 800, 999]);
  });

  it('is the whole history when that is short enough, and may be a part of it', async () => {
    expect(valuesOf((await sample({})).body)).toHaveLength(1_000);
    expect(valuesOf((await sample({ start_step: 10, end_step: 12 })).body)).toEqual([10, 11, 12]);
  });

  it.each([
    [{ max_results: 0 }, 'max_results must be between 1 and 2500.'],
    [{ start_step: 1 }, 'If either start step or end step are specified, both must be specified.'],
    [{ start_step: 2, end_step: 1 }, 'end_step must be greater than start_step. Found start_step=2 and end_step=1.'],
  ])('is refused in the words of MLflow: %j', async (members, message) => {
    expect(await sample(members)).toMatchObject({ status: 400, body: { message } });
  });
});
