import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ageProfile, visitsOf } from './age-clinic.js';
import { AssessmentDesk, NOON } from './assessment-desk.js';
import { AGE, MonitoringWorld, sha256 } from './monitoring-world.js';

let world: MonitoringWorld;
let desk: AssessmentDesk;

beforeAll(async () => {
  world = await MonitoringWorld.start();
  desk = new AssessmentDesk(world);
  const version = await world.addVersion({ inputs: [AGE], profile: ageProfile() });
  await desk.bring(visitsOf(version, { rows: 120, seed: 2, from: NOON }));
});
afterAll(() => world?.stop());

describe('the page of a report', () => {
  it('is stored with the assessment, and made again from the numbers when the file is gone', async () => {
    const done = await desk.assess({ model: 'heart-disease', from: NOON.toISOString() });
    const page = await world.call('GET', `/api/v1/drift-reports/${done.drift_report_id}.html`);
    expect(page).toMatchObject({ status: 200, headers: { 'content-type': 'text/html; charset=utf-8' } });
    expect(page.headers['content-security-policy']).toContain("default-src 'none'");
    expect(page.text).toContain('<svg');
    const row = await world.owner.driftReport.findUniqueOrThrow({ where: { id: done.drift_report_id } });
    expect(row.reportPath).toBe(sha256(page.text));

    const body = { assessment_id: done.id, decision_id: randomUUID() };
    await rm(join(world.environment.ARTIFACT_DIR, 'sha256'), { recursive: true });
    expect((await world.call('GET', `/api/v1/drift-reports/${done.drift_report_id}.html`)).text).toBe(page.text);
    const generated = await world.call('POST', '/internal/reports', { body, as: 'agent' });
    expect(generated.json).toEqual({
      drift_report_id: done.drift_report_id,
      report_url: `/api/v1/drift-reports/${done.drift_report_id}.html`,
    });
    expect((await world.call('POST', '/internal/reports', { body, as: 'agent' })).json).toEqual(generated.json);
    expect(await readdir(join(world.environment.ARTIFACT_DIR, 'sha256'))).toHaveLength(1);
  });

  it('is made from the numbers while nothing can be stored, and the assessment is done all the same', async () => {
    const temporary = join(world.environment.ARTIFACT_DIR, 'tmp');
    await rm(temporary, { recursive: true });
    await writeFile(temporary, 'in the way'); // root may write anywhere: only a wrong kind of file stops it
    const done = await desk.assess({ model: 'heart-disease', from: NOON.toISOString() });
    const page = await world.call('GET', `/api/v1/drift-reports/${done.drift_report_id}.html`);
    expect(page.text).toContain('<svg');
    const body = { assessment_id: done.id, decision_id: randomUUID() };
    const refused = await world.call('POST', '/internal/reports', { body, as: 'agent' });
    expect(refused.json).toMatchObject({ status: 503, code: 'storage-failed' });
    await rm(temporary);
    await mkdir(temporary);
    expect((await world.call('POST', '/internal/reports', { body, as: 'agent' })).status).toBe(200);
  });

  it('is answered 404 where there is none, and refused to callers who may not ask for it', async () => {
    const body = { assessment_id: randomUUID(), decision_id: randomUUID() };
    expect((await world.call('POST', '/internal/reports', { body, as: 'agent' })).json.code).toBe('report-not-found');
    expect((await world.call('POST', '/internal/reports', { body })).json.code).toBe('caller-not-trusted');
    for (const end of ['', '.html'])
      expect((await world.call('GET', `/api/v1/drift-reports/${randomUUID()}${end}`)).json.code).toBe(
        'report-not-found',
      );
    expect((await world.call('GET', '/api/v1/drift-reports/x.html')).json.code).toBe('validation-failed');
  });

  it('lists reports newest first without their details', async () => {
    for (let count = 0; count < 4; count++) await desk.assess({ model: 'heart-disease', from: NOON.toISOString() });
    const { json } = await world.call('GET', '/api/v1/drift-reports?limit=3');
    expect(json.items).toHaveLength(3);
    expect(json.items[0].details).toBeNull();
    const next = await world.call('GET', `/api/v1/drift-reports?limit=3&cursor=${json.next_cursor}`);
    expect(next.json.items[0].created_at <= json.items[2].created_at).toBe(true);
  });
});

describe('POST /internal/data-validations', () => {
  it('checks the window again and changes nothing', async () => {
    const model = 'troubled';
    const troubled = await world.addVersion({ model, inputs: [AGE], profile: ageProfile() });
    await desk.bring(visitsOf(troubled, { rows: 100, seed: 10, from: NOON, older: 200 }));
    const broken = await desk.assess({ model, from: NOON.toISOString() });
    expect(broken.verdict).toBe('data-fault');
    const body = { assessment_id: broken.id, decision_id: randomUUID() };
    const { json } = await world.call('POST', '/internal/data-validations', { body, as: 'agent' });
    expect(json).toMatchObject({ assessment_id: broken.id, verdict: 'fault', rows: 100 });
    expect(json.findings[0]).toMatchObject({ code: 'out-of-range', feature: 'age', severity: 'fault' });
    const again = await world.call('POST', '/internal/data-validations', { body, as: 'agent' });
    expect({ ...again.json, at: null }).toEqual({ ...json, at: null });
    const unknown = { ...body, assessment_id: randomUUID() };
    expect((await world.call('POST', '/internal/data-validations', { body: unknown, as: 'agent' })).json.code).toBe(
      'assessment-not-found',
    );
  });
});
