import { randomUUID } from 'node:crypto';
import { eventually } from '@gimbal/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AssessmentDesk, NOON } from './assessment-desk.js';
import { AGE, MonitoringWorld, type SeededVersion } from './monitoring-world.js';
import { answersOf, CLASSES, profileOf, type Season, type Task, visitsOf } from './task-desk.js';

let world: MonitoringWorld;
let desk: AssessmentDesk;

beforeAll(async () => {
  world = await MonitoringWorld.start();
  desk = new AssessmentDesk(world);
});
afterAll(() => world?.stop());

async function addVersion(task: Task, model: string): Promise<SeededVersion> {
  const hasClasses = task === 'multiclass-classification' || task === 'text-classification';
  return await world.addVersion({
    model,
    task,
    inputs: [AGE],
    profile: profileOf(task),
    ...(hasClasses && { classes: CLASSES }),
  });
}

/** Logs and labels a season of a version in a window of its own, and assesses it. */
async function live(version: SeededVersion, day: number, season: Omit<Season, 'rows'>) {
  const from = new Date(NOON.getTime() - day * 86_400_000);
  const visits = visitsOf(version, answersOf({ ...season, rows: 200 }), from);
  await desk.bring(visits);
  const until = new Date(from.getTime() + 300_000).toISOString();
  return await desk.assess({ model: version.model, from: from.toISOString(), until });
}

interface Promised {
  readonly task: Task;
  readonly loss: string;
  /** Names of performance metrics, all with an interval and a baseline. */
  readonly metrics: readonly string[];
  /** Beside these, without interval. */
  readonly rates: readonly string[];
}

describe.each<Promised>([
  {
    task: 'multiclass-classification',
    loss: 'brier',
    metrics: ['accuracy', 'macro_f1', 'balanced_accuracy', 'log_loss', 'brier'],
    rates: [],
  },
  {
    task: 'text-classification',
    loss: 'brier',
    metrics: ['accuracy', 'macro_f1', 'balanced_accuracy', 'answered_accuracy', 'log_loss', 'brier'],
    rates: ['abstention_rate'],
  },
  { task: 'regression', loss: 'squared_error', metrics: ['mae', 'rmse', 'r2', 'bias'], rates: [] },
  {
    task: 'anomaly-detection',
    loss: 'ranking_loss',
    metrics: ['roc_auc', 'precision', 'recall', 'f1'],
    rates: ['alert_rate'],
  },
])('$task', ({ task, loss, metrics, rates }) => {
  let version: SeededVersion;
  beforeAll(async () => {
    version = await addVersion(task, `any-${task}`);
  });

  it('holds while nothing changed, with every metric, its interval and its baseline', async () => {
    const found = await live(version, 0, { task, seed: 2 });
    expect({ ...found, details: null }).toMatchObject({
      verdict: 'healthy',
      performance: 'holds',
      drift_detected: false,
      labelled_rows: 200,
    });
    expect(found.details.performance).toMatchObject({ task, rows: 200, invalidRows: 0 });
    expect(found.details.performance.losses[0]).toMatchObject({ loss, degraded: false });
    expect(found.details.drift.prediction).toMatchObject({ drifted: false });
    const stored = await world.call('GET', `/api/v1/performance?model=${version.model}&limit=100`);
    const rows = stored.json.items as {
      metric_name: string;
      metric_value: number;
      low: number;
      high: number;
      metadata: { baseline: number };
    }[];
    for (const name of metrics) {
      const metric = rows.find((row) => row.metric_name === name);
      expect(metric).toMatchObject({
        low: expect.any(Number),
        high: expect.any(Number),
        metadata: { baseline: expect.any(Number) },
      });
      expect(metric!.low).toBeLessThanOrEqual(metric!.metric_value);
    }
    for (const name of rates) expect(rows.find((row) => row.metric_name === name)?.metric_value).toBeGreaterThan(0.05);
  });

  it("is degraded when the answers are another row's, in the words of its loss, and says so on the page", async () => {
    const found = await live(version, 1, { task, seed: 3, confused: true });
    expect({ ...found, details: null }).toMatchObject({
      verdict: 'degraded',
      performance: 'degraded',
      drift_detected: false,
    });
    expect(found.details.performance.losses[0]).toMatchObject({ loss, degraded: true });
    expect(found.summary).toMatch(/Performance degraded: .* against .* excess at least/);
    const page = await world.call('GET', `/api/v1/drift-reports/${found.drift_report_id}.html`);
    expect(page.text).toContain('Performance on 200 labelled rows');
    expect(page.text).not.toMatch(/undefined|NaN/);
  });

  it('sees that the answers drift', async () => {
    const found = await live(version, 2, { task, seed: 4, moved: true });
    expect(found.details.drift).toMatchObject({
      driftedFeatures: [],
      prediction: { drifted: true, severity: 'major' },
    });
    expect(found).toMatchObject({ drift_detected: true });
  });
});

describe('a label', () => {
  const report = (labels: { prediction_id: string; actual: unknown }[]) =>
    world.call('POST', '/api/v1/labels', { body: { labels } });
  const keptOf = (id: string) => world.owner.predictionLabel.findUnique({ where: { predictionId: id } });

  async function logged(task: Task, rows = 1) {
    const version = await addVersion(task, `labels-${task}-${randomUUID().slice(0, 8)}`);
    const visits = visitsOf(version, answersOf({ task, rows, seed: 5 }));
    await desk.bring(visits, 0);
    return visits.map(({ row }) => row.id);
  }

  it('of an unknown class is refused by name with its path, and nothing of the call is kept', async () => {
    const [good = '', bad = ''] = await logged('multiclass-classification', 2);
    const refused = await report([
      { prediction_id: good, actual: 'lemon' },
      { prediction_id: bad, actual: 'quince' },
    ]);
    expect(refused).toMatchObject({
      status: 400,
      json: { code: 'validation-failed', errors: [{ path: 'labels.1.actual' }] },
    });
    expect(refused.json.errors[0].message).toMatch(/^"quince" is no class of the model: "apple", "lemon", "pear"/);
    expect(await keptOf(good)).toBeNull();
    expect((await report([{ prediction_id: good, actual: 'lemon' }])).json).toMatchObject({ accepted: 1 });
    expect((await world.call('GET', `/api/v1/predictions/${good}`)).json.actual).toBe(1);
  });

  it.each<[Task, unknown]>([
    ['regression', 'much'],
    ['regression', true],
    ['anomaly-detection', 0.5],
    ['text-classification', 1],
  ])('of %s is no %p', async (task, actual) => {
    const [id = ''] = await logged(task);
    expect(await report([{ prediction_id: id, actual }])).toMatchObject({
      status: 400,
      json: { code: 'validation-failed', errors: [{ path: 'labels.0.actual' }] },
    });
  });

  it('that comes before its prediction is kept as it was said, and counts by its meaning once the prediction lands', async () => {
    const version = await addVersion('multiclass-classification', 'early');
    const [visit] = visitsOf(version, answersOf({ task: 'multiclass-classification', rows: 1, seed: 6 }));
    const id = visit!.row.id;
    expect((await report([{ prediction_id: id, actual: 'pear' }])).json).toMatchObject({ unknown: 1 });
    expect(
      (
        await report([
          { prediction_id: id, actual: 'pear' },
          { prediction_id: id, actual: 'apple' },
        ])
      ).json,
    ).toMatchObject({ duplicate: 1, conflict: 1 });
    expect(await keptOf(id)).toMatchObject({ actual: null, stated: 'pear', conflictingActual: 'apple' });
    await desk.bring([visit!], 0);
    expect(await keptOf(id)).toMatchObject({ actual: 2, stated: null });
    expect((await world.call('GET', `/api/v1/predictions/${id}`)).json.actual).toBe(2);
    expect((await report([{ prediction_id: id, actual: 'pear' }])).json).toMatchObject({ duplicate: 1 });
  });

  it('that came early and does not fit never counts, and gives way to one that does', async () => {
    const version = await addVersion('regression', 'early-misfit');
    const [visit] = visitsOf(version, answersOf({ task: 'regression', rows: 1, seed: 7 }));
    const id = visit!.row.id;
    await report([{ prediction_id: id, actual: 'much' }]);
    await desk.bring([visit!], 0);
    await eventually(async () =>
      expect(await keptOf(id)).toMatchObject({ actual: null, stated: 'much', predictionCreatedAt: expect.any(Date) }),
    );
    expect((await world.call('GET', `/api/v1/predictions/${id}`)).json.actual).toBeNull();
    expect((await report([{ prediction_id: id, actual: 21.5 }])).json).toMatchObject({ accepted: 1 });
    expect(await keptOf(id)).toMatchObject({ actual: 21.5, stated: null });
    expect((await world.call('GET', `/api/v1/predictions/${id}`)).json.actual).toBe(21.5);
  });
});
