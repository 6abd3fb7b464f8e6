import { eventually } from '@gimbal/testing';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { endedRun, type RunningService, requestRun, startHarness, type TrainingHarness } from './training-harness.js';

// Each trains a large forest, most of it twice.
jest.setTimeout(600_000);

/** Long enough to be met in the middle. */
const SLOW_FAMILY = { algorithms: ['random-forest'], promote: 'when-admitted' };
/** The lease is short, for the sake of whoever waits, and long beside what a busy machine delays a heartbeat. */
const SLOW = { TRAINING_WORKERS: '1', TRAINING_LEASE: '4000', CIRCUIT_BREAKER_RECOVERY_TIMEOUT: '1' };

let harness: TrainingHarness;
let training: RunningService;
beforeAll(async () => {
  harness = await startHarness({ trees: 3_000 });
  training = await harness.startTraining(SLOW);
});
afterAll(() => harness?.dispose());

const stateOf = (id: string) => harness.rows.trainingRun.findUniqueOrThrow({ where: { id } });
const reach = (id: string, progress: number) =>
  eventually(async () => expect((await stateOf(id)).progress).toBeGreaterThanOrEqual(progress), { intervalMs: 5 });

describe('a training process that is killed', () => {
  it.each([0.01, 0.3, 0.7, 0.9])(
    'at progress %d leaves a run that another one brings to one version',
    async (progress) => {
      const id = await requestRun(training, SLOW_FAMILY);
      await reach(id, progress);
      await training.kill();
      training = await harness.startTraining(SLOW);
      const run = await endedRun(training, id);
      expect(run).toMatchObject({ state: 'succeeded', progress: 1 });
      expect(await harness.rows.modelVersion.count({ where: { trainingRunId: id } })).toBe(1);
      expect(await harness.rows.run.count({ where: { name: { endsWith: id.slice(0, 8) } } })).toBe(1);
    },
  );

  it('gives its run back when it is stopped in order, and that costs no attempt', async () => {
    const id = await requestRun(training, SLOW_FAMILY);
    await reach(id, 0.2);
    await training.stop();
    expect(await stateOf(id)).toMatchObject({ state: 'running', claimedBy: null, heartbeatAt: null, attempt: 0 });
    training = await harness.startTraining(SLOW);
    expect(await endedRun(training, id)).toMatchObject({ state: 'succeeded', attempt: 1 });
  });
});

describe('an attempt that was overtaken', () => {
  it('stops and changes nothing', async () => {
    const id = await requestRun(training, SLOW_FAMILY);
    await reach(id, 0.2);
    // As if another process had claimed the run and brought it to its end.
    await harness.rows.trainingRun.update({
      where: { id },
      data: { fencingToken: { increment: 1 }, state: 'failed', error: { code: 'other', message: 'ended elsewhere' } },
    });
    const next = await endedRun(training, await requestRun(training, { ...SLOW_FAMILY, promote: 'never' }));
    expect(next.state).toBe('succeeded');
    expect(await stateOf(id)).toMatchObject({ state: 'failed', error: { code: 'other' } });
    expect(await harness.rows.modelVersion.count({ where: { trainingRunId: id } })).toBe(0);
  });
});

describe('POST …/cancel', () => {
  it('stops a run in the middle of its work, once', async () => {
    const id = await requestRun(training, SLOW_FAMILY);
    await reach(id, 0.2);
    const path = `/api/v1/training-runs/${id}/cancel`;
    expect(await training.call({ method: 'POST', path })).toMatchObject({ status: 202 });
    expect(await endedRun(training, id)).toMatchObject({ state: 'cancelled', error: { code: 'training-cancelled' } });
    expect(await training.call({ method: 'POST', path })).toMatchObject({ status: 202, body: { state: 'cancelled' } });
    expect(await harness.rows.modelVersion.count({ where: { trainingRunId: id } })).toBe(0);
  });

  it('is refused when the run has ended', async () => {
    const { id } = await harness.rows.trainingRun.findFirstOrThrow({ where: { state: 'succeeded' } });
    const path = `/api/v1/training-runs/${id}/cancel`;
    expect(await training.call({ method: 'POST', path })).toMatchObject({
      status: 409,
      body: { code: 'invalid-transition' },
    });
  });
});

describe('a registry that is away', () => {
  it('fails no run: it goes on when the registry is back', async () => {
    await harness.registry.kill();
    const id = await requestRun(training, { algorithms: ['logistic-regression'] });
    await eventually(async () => expect(await stateOf(id)).toMatchObject({ attempt: 1, claimedBy: null }), {
      timeoutMs: 20_000,
    });
    await harness.restartRegistry();
    expect(await endedRun(training, id)).toMatchObject({ state: 'succeeded' });
    expect(await harness.rows.modelVersion.count({ where: { trainingRunId: id } })).toBe(1);
  });
});
