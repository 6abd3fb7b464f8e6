import { randomUUID } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { generateCohort } from '@gimbal/domain';
import { OUTBOX_CHANNEL } from '@gimbal/platform';
import { eventually } from '@gimbal/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { endedRun, type RunningService, requestRun, startHarness, type TrainingHarness } from './training-harness.js';

let harness: TrainingHarness;
let training: RunningService;
/** The first training: version 1. */
let first: Awaited<ReturnType<typeof endedRun>>;
beforeAll(async () => {
  harness = await startHarness();
  training = await harness.startTraining();
  first = await endedRun(training, await requestRun(training, { reason: 'first version' }));
});
afterAll(() => harness?.dispose());

const version = async (number: number) =>
  (await harness.registry.call({ path: `/api/v1/models/heart-disease/versions/${number}` })).body;
const holdoutOf = async (runId: string) =>
  (await harness.registry.call({ path: `/api/v1/runs/${runId}/artifact?path=holdout.json` })).body;

/** Puts a job into the outbox as if a service had written it. */
const publish = async (name: string, payload: object): Promise<void> => {
  await harness.rows.outboxMessage.create({ data: { owner: 'training', name, payload: { v: 1, ...payload } } });
  await harness.rows.$executeRaw`SELECT pg_notify(${OUTBOX_CHANNEL}, 'training')`;
};

describe('POST /retrain', () => {
  it('trains four families, registers the best and puts it live', async () => {
    expect(first).toMatchObject({
      state: 'succeeded',
      stage: 'done',
      progress: 1,
      attempt: 1,
      data_origin: 'folder',
      requested_by: 'grace',
      data: { dataset: 'heart-disease', parts: ['cleveland'] },
      rows: { training: 212, holdout: 91, labelled: 0 },
      outcome: { version: 1, promoted: true, refusals: [], gate: { admitted: true } },
      error: null,
    });
    expect(first.candidates.map(({ rank }: { rank: number }) => rank)).toEqual([1, 2, 3, 4]);
    expect(new Set(first.candidates.map(({ algorithm }: { algorithm: string }) => algorithm)).size).toBe(4);
    const f1 = first.candidates.map((candidate: { f1_mean: number }) => candidate.f1_mean);
    expect(f1).toEqual(f1.toSorted((a: number, b: number) => b - a));
    expect(first.expectations.every(({ passed }: { passed: boolean }) => passed)).toBe(true);
    expect(await version(1)).toMatchObject({
      is_active: true,
      training_run_id: first.id,
      data_origin: 'folder',
      dataset_digest: first.dataset_digest,
      parity: { rows: 91, label_differences: 0 },
      evaluation: { holdout: first.candidates[0].holdout, versus_live: [] },
    });
    expect((await version(1)).parity.worst_probability_difference).toBeLessThanOrEqual(1e-6);
  });

  it('keeps every figure as an experiment: a run with the files, below it one for each family with a step per fold', async () => {
    const { run_id: runId } = await version(1);
    const run = (await harness.registry.call({ path: `/api/v1/runs/${runId}` })).body;
    expect(run).toMatchObject({ state: 'finished', params: { seed: '20', test_size: '0.3', folds: '5' } });
    expect(run.artifacts.map(({ path }: { path: string }) => path).sort()).toEqual([
      'evaluation.json',
      'holdout.json',
      'leaderboard.json',
      'model-card.md',
      'model.onnx',
      'reference-profile.json',
    ]);
    const children = await harness.rows.run.findMany({ where: { parentRunId: runId } });
    expect(children).toHaveLength(4);
    const points = await harness.rows.runMetric.findMany({ where: { runId: children[0]?.id ?? '', key: 'f1_score' } });
    expect(points.map(({ step }) => Number(step)).sort()).toEqual([0, 1, 2, 3, 4]);
    const holdout = await holdoutOf(runId);
    expect(holdout.rows).toHaveLength(91);
    expect(holdout.parts).toEqual({ cleveland: holdout.rows });
  });

  it('gives byte-identical files for the same seed and data, and a plain release is held against live on the rows both held out', async () => {
    const again = await endedRun(training, await requestRun(training, { promote: 'never' }));
    expect(again).toMatchObject({ state: 'succeeded', outcome: { promoted: false } });
    const [one, other] = [await version(1), await version(again.outcome.version)];
    expect(other.artifact_digest).toBe(one.artifact_digest);
    expect(other.reference_profile_digest).toBe(one.reference_profile_digest);
    expect(other.parent_version).toBe(1);
    expect(other.evaluation.versus_live).toMatchObject([
      { slice: 'holdout', live_version: 1, rows: 91, brier_difference: { low: expect.any(Number) } },
    ]);
    expect(Math.abs(other.evaluation.versus_live[0].brier_difference.estimate)).toBeLessThan(1e-6);
  });

  it.each([
    ['a test share out of range', { test_size: 0.6 }, 400, 'validation-failed'],
    ['an unknown field', { epochs: 3 }, 400, 'validation-failed'],
    ['an unknown family', { algorithms: ['perceptron'] }, 400, 'validation-failed'],
    ['an unknown dataset', { dataset: 'titanic' }, 404, 'dataset-not-found'],
    ['an unknown part', { parts: ['zurich'] }, 404, 'dataset-not-found'],
  ])('refuses %s', async (_, body, status, code) => {
    expect(await training.call({ method: 'POST', path: '/retrain', body })).toMatchObject({ status, body: { code } });
  });

  // Guards a gateway that is killed after training has begun and before its own record is written: the repeat comes as if it were the first.
  it('is one run for the same request under the same key of the same caller, whoever else has a record of it', async () => {
    const ask = (key: string, body: object) =>
      requestRun(
        training,
        { algorithms: ['logistic-regression'], promote: 'never', ...body },
        { 'idempotency-key': key },
      );
    const ids = await Promise.all([1, 2, 3].map(() => ask('once', { seed: 31 })));
    expect(new Set(ids).size).toBe(1);
    const [id = ''] = ids;
    await endedRun(training, id);
    expect(await ask('once', { seed: 31 })).toBe(id);
    expect(await harness.rows.modelVersion.count({ where: { trainingRunId: id } })).toBe(1);
    const others = await Promise.all([ask('twice', { seed: 31 }), ask('once', { seed: 32 })]);
    expect(new Set([id, ...others]).size).toBe(3);
    for (const other of others) await endedRun(training, other);
  });

  it('streams each change until the run ends', async () => {
    const id = await requestRun(training, { algorithms: ['xgboost'], promote: 'never' });
    const { status, body } = await training.call({ path: `/api/v1/training-runs/${id}/events` });
    const events = [...String(body).matchAll(/^data: (.*)$/gm)].map(([, json]) => JSON.parse(json ?? ''));
    expect(status).toBe(200);
    expect(events.at(-1)).toMatchObject({ id, state: 'succeeded', progress: 1 });
    const progress = events.map((event) => event.progress);
    expect(progress).toEqual(progress.toSorted((a, b) => a - b));
    expect(await training.call({ path: `/api/v1/training-runs/${randomUUID()}/events` })).toMatchObject({
      status: 404,
      body: { code: 'training-run-not-found' },
    });
  });

  it('lists runs page by page, newest first', async () => {
    const page = (await training.call({ path: '/api/v1/training-runs?limit=1&model=heart-disease' })).body;
    const next = await training.call({ path: `/api/v1/training-runs?limit=1&cursor=${page.next_cursor}` });
    expect(page.items[0].created_at > next.body.items[0].created_at).toBe(true);
    expect(await training.call({ path: '/api/v1/training-runs?cursor=made-up' })).toMatchObject({ status: 400 });
  });
});

describe('a repair with labelled predictions', () => {
  const decisionId = randomUUID();
  const trainingRunId = randomUUID();
  const windowStart = new Date('2026-03-02T00:00:00Z');
  let refusedRows = 0;
  let holdout: number[] = [];

  /** What serving and monitoring would have left: held-out patients of Cleveland, then Hungary, then the window with the veterans. */
  const logPredictions = async (): Promise<void> => {
    const live = await harness.rows.modelVersion.findFirstOrThrow({ where: { version: 1 } });
    const visits = [
      ['cleveland', 303, new Date('2026-03-01T08:00:00Z')],
      ['hungarian', 294, new Date('2026-03-01T12:00:00Z')],
      ['va-long-beach', 200, new Date('2026-03-02T08:00:00Z')],
    ] as const;
    holdout = (await holdoutOf(live.runId ?? '')).rows;
    for (const [hospital, rows, at] of visits) {
      const cohort = generateCohort({ hospital, rows, seed: 21 });
      const patients = hospital === 'cleveland' ? holdout.map((row) => cohort[row]) : cohort;
      for (const patient of patients) {
        const { num, ...features } = patient ?? {};
        if (features['chol'] === 0) refusedRows++;
        const id = randomUUID();
        const common = { modelId: live.id, modelName: 'heart-disease', modelVersion: 1, latencyMs: 1, createdAt: at };
        await harness.rows.prediction.create({
          data: { ...common, id, features, prediction: 1, probability: 0.5, threshold: 0.5 },
        });
        await harness.rows.predictionLabel.create({
          data: { predictionId: id, predictionCreatedAt: at, actual: (num ?? 0) > 0 ? 1 : 0, source: 'test' },
        });
      }
    }
  };

  it('learns from them, judges on recent ones that nobody has seen, and leaves the promotion to the decision', async () => {
    await logPredictions();
    const payload = {
      training_run_id: trainingRunId,
      model_name: 'heart-disease',
      data: {
        dataset: 'heart-disease',
        parts: ['cleveland'],
        labelled_until: new Date(Date.now() + 1_000).toISOString(),
        recent_from: windowStart.toISOString(),
      },
      algorithms: null,
      test_size: null,
      seed: null,
      reason: 'degraded',
      requested_by: { id: 'service:agent', name: 'agent', roles: ['operator'] },
      decision_id: decisionId,
      promote: 'by-decision',
    };
    await publish('training.requested', payload);
    await publish('training.requested', payload);
    const run = await endedRun(training, trainingRunId);
    expect(run).toMatchObject({ state: 'succeeded', decision_id: decisionId, outcome: { promoted: false } });
    const usable = run.expectations.find((one: { expectation: string }) => one.expectation === 'labelled-rows-usable');
    expect(refusedRows).toBeGreaterThan(20);
    expect(usable.measured).toMatchObject({ found: 91 + 294 + 200, refused: refusedRows, known: 91 });
    expect(run.rows.labelled).toBe(usable.measured.used);
    const made = await version(run.outcome.version);
    const recent = made.evaluation.versus_live.find(({ slice }: { slice: string }) => slice === 'recent');
    const kept = made.evaluation.versus_live.find(({ slice }: { slice: string }) => slice === 'holdout');
    // Four in ten of the window's usable rows; what live had answered there, not what it would answer now.
    expect(recent.rows).toBeGreaterThanOrEqual(Math.floor(0.38 * (200 - refusedRows)));
    expect(recent.rows).toBeLessThanOrEqual(Math.ceil(0.42 * (200 - refusedRows)));
    expect(recent.live.brier).toBeCloseTo(0.25, 10);
    expect(recent.brier_difference.estimate).toBeLessThan(0);
    expect(kept).toMatchObject({ live_version: 1, rows: 91 });
    expect(made).toMatchObject({ training_run_id: trainingRunId, parent_version: 1 });
    expect((await holdoutOf(made.run_id)).rows).toEqual(holdout);
    expect(run.rows.training).toBe(212 + usable.measured.used - recent.rows);
    expect(await harness.rows.modelVersion.count({ where: { trainingRunId } })).toBe(1);
    expect((await version(1)).is_active).toBe(true);
  });

  it('tells the agent when a training that it asked for ends without a version', async () => {
    const [id, decision] = [randomUUID(), randomUUID()];
    await publish('training.requested', {
      training_run_id: id,
      model_name: 'heart-disease',
      data: { dataset: 'titanic' },
      algorithms: null,
      test_size: null,
      seed: null,
      reason: '',
      requested_by: { id: 'service:agent', name: 'agent', roles: [] },
      decision_id: decision,
      promote: 'by-decision',
    });
    expect(await endedRun(training, id)).toMatchObject({ state: 'failed', error: { code: 'dataset-not-found' } });
    const told = await harness.rows.outboxMessage.findMany({ where: { name: 'training.failed' } });
    expect(told).toMatchObject([
      { payload: { training_run_id: id, decision_id: decision, state: 'failed', code: 'dataset-not-found' } },
    ]);
  });
});

describe('data that break their definition', () => {
  it.each([['another checksum', (text: string) => `${text}\n`, 'heart-cleveland.csv: SHA-256 is']])(
    'are refused: %s',
    async (_, damage, message) => {
      const path = join(harness.dataFolder, 'heart-cleveland.csv');
      const whole = await readFile(path, 'utf8');
      await writeFile(path, damage(whole));
      await writeFile(join(harness.cacheFolder, 'heart-disease/manifest.json'), '{}');
      try {
        const run = await endedRun(training, await requestRun(training));
        expect(run).toMatchObject({ state: 'failed', error: { code: 'dataset-invalid' }, outcome: null });
        expect(run.error.message).toContain(message);
      } finally {
        await writeFile(path, whole);
      }
    },
    60_000,
  );

  it('fail the run with every expectation that is not met', async () => {
    const run = await endedRun(training, await requestRun(training, { parts: ['switzerland'] }));
    expect(run).toMatchObject({ state: 'failed', error: { code: 'dataset-invalid' } });
    expect(run.error.message).toContain('chol: range');
    expect(run.expectations.filter(({ passed }: { passed: boolean }) => !passed).length).toBeGreaterThan(0);
  });
});

describe('the schedule', () => {
  const path = '/api/v1/training-schedules/weekly';

  it('is Sunday at two in the morning, UTC, when nobody set another', async () => {
    const schedule = await eventually(async () => {
      const { body } = await training.call({ path });
      expect(body.next_at).not.toBeNull();
      return body;
    });
    expect(schedule).toMatchObject({ cron: '0 2 * * 0', model: 'heart-disease', enabled: true });
    const next = new Date(schedule.next_at);
    expect([next.getUTCDay(), next.getUTCHours(), next.getUTCMinutes()]).toEqual([0, 2, 0]);
  });

  it.each(['every sunday', '* * * * * *', '61 * * * *', '0 2 * *'])(
    'refuses the cron expression "%s"',
    async (cron) => {
      const body = { cron, model: 'heart-disease', enabled: true };
      expect(await training.call({ method: 'PUT', path, body })).toMatchObject({
        status: 400,
        body: { code: 'invalid-schedule' },
      });
      expect((await training.call({ path })).body.cron).toBe('0 2 * * 0');
    },
  );

  it('begins a run when its time has come, and none while it is off', async () => {
    await publish('training.due', { schedule: 'weekly' });
    const run = await eventually(() =>
      harness.rows.trainingRun.findFirstOrThrow({ where: { scheduleName: 'weekly' } }),
    );
    expect((await training.call({ path })).body.last_training_run_id).toBe(run.id);
    await endedRun(training, run.id);
    const off = { cron: '30 4 * * 1', model: 'heart-disease', enabled: false };
    const { body } = await training.call({ method: 'PUT', path, body: off });
    expect(body).toMatchObject({ cron: '30 4 * * 1', enabled: false, next_at: null });
  });
});

it('counts the runs by their end', async () => {
  const { body } = await training.call({ path: '/metrics' });
  expect(body).toMatch(/ml_requests_total\{[^}]*action="training\.run"[^}]*status="succeeded"[^}]*\} [1-9]/);
  expect(body).toMatch(/ml_circuit_breaker_state\{[^}]*name="registry"[^}]*\} 0/);
});

it('tells the audit chain of every request and end', async () => {
  const told = await harness.rows.outboxMessage.findMany({ where: { owner: 'training', name: 'audit.recorded' } });
  const actions = new Set(told.map(({ payload }) => (payload as { action?: string }).action)); // as AuditTrail wrote it
  expect(actions).toEqual(new Set(['training.requested', 'training.succeeded', 'training.failed', 'schedule.changed']));
});
