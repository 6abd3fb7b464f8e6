import { randomUUID } from 'node:crypto';
import { eventually } from '@gimbal/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ageProfile, visitsOf } from './age-clinic.js';
import { AssessmentDesk, NOON } from './assessment-desk.js';
import { AGE, MonitoringWorld, type SeededVersion, sha256 } from './monitoring-world.js';

let world: MonitoringWorld;
let version: SeededVersion;
let desk: AssessmentDesk;

beforeAll(async () => {
  world = await MonitoringWorld.start({ ASSESSMENT_ROWS_MAX: '1000' });
  desk = new AssessmentDesk(world);
  version = await world.addVersion({ inputs: [AGE], profile: ageProfile() });
});
afterAll(() => world?.stop());

const outboxOf = (id: string, name: string) =>
  world.owner.outboxMessage.findMany({ where: { name, payload: { path: ['assessment_id'], equals: id } } });

describe('an assessment', () => {
  it('judges exactly the window that was asked for, stores every number, and tells the agent once', async () => {
    const visits = visitsOf(version, { rows: 120, seed: 2, from: NOON });
    await desk.bring(visits);
    const from = new Date(NOON.getTime() + 10_000).toISOString();
    const until = new Date(NOON.getTime() + 110_000).toISOString();
    const done = await desk.assess({ model: 'heart-disease', from, until });
    expect({ ...done, details: null }).toMatchObject({
      ...{
        verdict: 'healthy',
        data_quality: 'ok',
        drift_detected: false,
        performance: 'holds',
        rows: 100,
        labelled_rows: 100,
      },
      ...{ from, until, model_version: 1, error: null },
    });
    expect(done.summary).toMatch(/^Healthy: 100 predictions of version 1, 100 with labels\. The data are sound\./);
    expect(done.details).toMatchObject({
      window: {
        kind: 'given',
        from,
        until,
        rows: 100,
        assessedRows: 100,
        sampling: 'all',
        byVersion: [{ version: 1, rows: 100 }],
      },
      version: { version: 1, chosenAs: 'answered-most', isLive: true, isAdmitted: true },
      reference: { profileSource: { version: 1, own: true }, baselineSource: { version: 1, from: 'profile' } },
      quality: { verdict: 'ok' },
      drift: { verdict: 'stable', referenceRows: 400 },
      performance: { verdict: 'healthy', rows: 100 },
      predictions: { verdict: 'normal' },
    });
    expect(await outboxOf(done.id, 'health.assessed')).toHaveLength(1);
    const row = await world.owner.healthAssessment.findUniqueOrThrow({ where: { id: done.id } });
    expect(row).toMatchObject({ requestedBy: 'key-1', trigger: 'manual' });

    const report = await world.call('GET', `/api/v1/drift-reports/${done.drift_report_id}`);
    expect(report.json).toMatchObject({
      assessment_id: done.id,
      drift_detected: false,
      drifted_features: [],
      rows: 100,
    });
    expect(report.json.details).toEqual(done.details.drift);
    const metrics = await world.call('GET', '/api/v1/performance?model=heart-disease&metric=brier');
    const brier = done.details.performance.metrics.find(({ metric }: { metric: string }) => metric === 'brier');
    expect(metrics.json.items[0]).toMatchObject({
      assessment_id: done.id,
      metric_value: brier.value,
      low: brier.interval.lower,
    });
    const quality = await world.call('GET', '/api/v1/data-quality-reports?model=heart-disease');
    expect(quality.json.items[0]).toMatchObject({ id: done.data_quality_report_id, verdict: 'ok', findings: [] });
  });

  it('is carried out once, however often its job is delivered', async () => {
    const done = await desk.assess({ model: 'heart-disease', from: NOON.toISOString() });
    for (let i = 0; i < 3; i++)
      await world.queue.publish(
        'assessment.requested',
        { v: 1, assessmentId: done.id },
        { jobId: `again-${randomUUID()}` },
      );
    await eventually(async () =>
      expect(await world.queue.counts('monitoring')).toMatchObject({ waiting: 0, active: 0 }),
    );
    expect(await outboxOf(done.id, 'health.assessed')).toHaveLength(1);
    expect(await world.owner.driftReport.count({ where: { assessmentId: done.id } })).toBe(1);
  });

  it('judges the version that answered most of a given window, and the live one in the current window', async () => {
    const model = 'two-versions';
    const first = await world.addVersion({ model, inputs: [AGE], profile: ageProfile() });
    await desk.bring(visitsOf(first, { rows: 40, seed: 3, from: NOON }));
    const second = await world.addVersion({
      model,
      version: 2,
      inputs: [AGE],
      profile: { ...ageProfile(), rows: 401 },
    });
    const recent = new Date(Date.now() - 60_000);
    await desk.bring(visitsOf(second, { rows: 30, seed: 4, from: recent }));
    const given = await desk.assess({ model, from: NOON.toISOString() });
    expect(given).toMatchObject({ model_version: 1, rows: 40 });
    expect(given.details.window.byVersion).toEqual([
      { version: 1, rows: 40 },
      { version: 2, rows: 30 },
    ]);
    const current = await desk.assess({ model });
    expect(current).toMatchObject({ model_version: 2, rows: 30 });
    expect(current.details).toMatchObject({ window: { kind: 'current' }, version: { chosenAs: 'live' } });
  });

  it('looks further back for labels in the current window, because labels come late', async () => {
    const model = 'late-labels';
    const late = await world.addVersion({ model, inputs: [AGE], profile: ageProfile() });
    await desk.bring(visitsOf(late, { rows: 60, seed: 5, from: new Date(Date.now() - 10 * 86_400_000) }));
    await desk.bring(visitsOf(late, { rows: 50, seed: 6, from: new Date(Date.now() - 3_600_000) }), 0);
    const done = await desk.assess({ model });
    expect(done).toMatchObject({ rows: 50, labelled_rows: 60, performance: 'holds' });
  });

  it('samples a window that is larger than it may look at, evenly and repeatably, and says so', async () => {
    const model = 'large';
    const large = await world.addVersion({ model, inputs: [AGE], profile: ageProfile() });
    await desk.bring(visitsOf(large, { rows: 3_000, seed: 7, from: NOON }));
    const [one, other] = [
      await desk.assess({ model, from: NOON.toISOString() }),
      await desk.assess({ model, from: NOON.toISOString() }),
    ];
    expect(one).toMatchObject({ rows: 3_000, labelled_rows: 3_000, verdict: 'healthy' });
    const { assessedRows, assessedLabelledRows, sampling } = one.details.window;
    expect(sampling).toBe('even-sample-by-id');
    for (const rows of [assessedRows, assessedLabelledRows]) {
      expect(rows).toBeGreaterThan(800);
      expect(rows).toBeLessThanOrEqual(1_000);
    }
    expect(other.details.drift).toEqual(one.details.drift);
  });

  it('finds drift, damage and broken data, and says which', async () => {
    const model = 'troubled';
    const troubled = await world.addVersion({ model, inputs: [AGE], profile: ageProfile() });
    const at = (minutes: number) => new Date(NOON.getTime() + minutes * 60_000);
    await desk.bring(visitsOf(troubled, { rows: 100, seed: 8, from: at(0), older: 15 }));
    await desk.bring(visitsOf(troubled, { rows: 100, seed: 9, from: at(10), wrong: true }));
    await desk.bring(visitsOf(troubled, { rows: 100, seed: 10, from: at(20), older: 200 }));
    const windowAt = (minutes: number) => ({
      model,
      from: at(minutes).toISOString(),
      until: at(minutes + 10).toISOString(),
    });
    expect(await desk.assess(windowAt(0))).toMatchObject({
      verdict: 'drift',
      performance: 'holds',
      drift_detected: true,
    });
    expect(await desk.assess(windowAt(10))).toMatchObject({ verdict: 'degraded', performance: 'degraded' });
    expect(await desk.assess(windowAt(20))).toMatchObject({ verdict: 'data-fault', data_quality: 'fault' });
    const faults = await world.call('GET', `/api/v1/assessments?model=${model}&verdict=data-fault`);
    expect(faults.json.items).toMatchObject([{ verdict: 'data-fault', details: null }]);
    const metrics = (await world.call('GET', '/metrics')).text;
    expect(metrics).toContain(`ml_model_health{model="${model}",verdict="data-fault"} 1`);
    expect(metrics).toMatch(new RegExp(`ml_drift_score\\{model="${model}"\\} 1`));
    expect(metrics).toMatch(new RegExp(`ml_feature_drift\\{model="${model}",feature="age"\\} 1`));
    expect(metrics).toMatch(/ml_predictions_logged_total\{model="troubled"\} 300/);
  });

  it('says that there is too little to judge, in an empty window and without any reference', async () => {
    const model = 'bare';
    const bare = await world.addVersion({ model, inputs: [AGE], profile: null });
    const empty = await desk.assess({ model, from: '2001-01-01T00:00:00Z', until: '2001-01-02T00:00:00Z' });
    expect(empty).toMatchObject({
      verdict: 'insufficient',
      rows: 0,
      model_version: 1,
      data_quality: null,
      drift_detected: null,
    });
    await desk.bring(visitsOf(bare, { rows: 40, seed: 11, from: NOON }));
    const done = await desk.assess({ model, from: NOON.toISOString() });
    expect(done).toMatchObject({
      verdict: 'insufficient',
      data_quality: 'warning',
      drift_detected: null,
      performance: 'insufficient',
    });
    expect((await world.call('GET', `/api/v1/drift-reports/${done.drift_report_id}.html`)).text).toContain(
      'There is no reference profile',
    );
  });
});

describe('an assessment that cannot be', () => {
  it('is refused when the model is unknown, has no live version, or the window is empty by its ends', async () => {
    const refused = async (body: object) => {
      const { status, json } = await world.call('POST', '/api/v1/assessments', { body });
      return [status, json.code];
    };
    await world.addVersion({ model: 'never-live', live: false, inputs: [AGE] });
    expect(await refused({ model: 'nobody' })).toEqual([404, 'model-not-found']);
    expect(await refused({ model: 'never-live' })).toEqual([409, 'no-live-version']);
    expect(
      await refused({ model: 'heart-disease', from: '2026-01-02T00:00:00Z', until: '2026-01-02T00:00:00Z' }),
    ).toEqual([400, 'validation-failed']);
    expect(await refused({ model: 'heart-disease', from: 'yesterday' })).toEqual([400, 'validation-failed']);
    expect((await world.call('GET', `/api/v1/assessments/${randomUUID()}`)).json.code).toBe('assessment-not-found');
  });

  it('has nobody to judge when no version ever answered', async () => {
    await world.addVersion({ model: 'silent', live: false, inputs: [AGE] });
    const done = await desk.assess({ model: 'silent', from: '2001-01-01T00:00:00Z' });
    expect(done).toMatchObject({ verdict: 'insufficient', model_version: null, drift_report_id: null });
    expect(await outboxOf(done.id, 'health.assessed')).toHaveLength(1);
  });

  it('fails in sight, with an alert, when the reference on record cannot be had', async () => {
    const model = 'lost-profile';
    await world.addVersion({ model, inputs: [AGE], profileDigest: sha256('lost') });
    const failed = await desk.assess({ model }, 'failed');
    expect(failed).toMatchObject({ verdict: null, error: expect.stringMatching(/^artifact-not-found: /) });
    const { json } = await world.call('GET', `/api/v1/alerts?model=${model}`);
    expect(json.items).toMatchObject([
      { alert_type: 'assessment-failed', severity: 'warning', status: 'active', occurrences: 1 },
    ]);
    expect(await outboxOf(failed.id, 'health.assessed')).toHaveLength(0);
    await desk.assess({ model }, 'failed');
    expect((await world.call('GET', `/api/v1/alerts?model=${model}`)).json.items).toMatchObject([{ occurrences: 2 }]);
  });

  it('refuses a profile with another content than its name says', async () => {
    const model = 'odd-profile';
    world.registry.artifacts.set(sha256('right'), 'wrong');
    await world.addVersion({ model, inputs: [AGE], profileDigest: sha256('right') });
    expect((await desk.assess({ model }, 'failed')).error).toMatch(/^artifact-corrupt: /);
    world.registry.artifacts.set(sha256('[]'), '[]');
    await world.addVersion({ model, version: 2, inputs: [AGE], profileDigest: sha256('[]') });
    expect((await desk.assess({ model }, 'failed')).error).toMatch(/^artifact-corrupt: /);
  });

  it('waits for a registry that is away, and asks it for a profile only once', async () => {
    const model = 'patient-model';
    const waiting = await world.addVersion({ model, inputs: [AGE], profile: { ...ageProfile(), rows: 402 } });
    await desk.bring(visitsOf(waiting, { rows: 50, seed: 12, from: NOON }));
    world.registry.isDown = true;
    const accepted = await world.call('POST', '/api/v1/assessments', { body: { model, from: NOON.toISOString() } });
    const asked = world.registry.asked;
    await eventually(() => expect(world.registry.asked).toBeGreaterThan(asked));
    world.registry.isDown = false;
    expect(await desk.ended(accepted.json.assessment_id)).toMatchObject({ verdict: 'healthy' });
    const before = world.registry.asked;
    await desk.assess({ model, from: NOON.toISOString() });
    expect(world.registry.asked).toBe(before);
  });
});
