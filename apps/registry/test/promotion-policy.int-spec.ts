import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type RegistryHarness, startRegistry } from './registry-harness.js';
import { auditOf, holdout, promote, register } from './versions.js';

let registry: RegistryHarness;
beforeAll(async () => {
  registry = await startRegistry();
});
afterAll(() => registry.dispose());

const policyOf = (model: string) => registry.call({ path: `/api/v1/models/${model}/promotion-policy` });
const setPolicy = async (model: string, policy: object) =>
  await registry.call({
    method: 'PUT',
    path: `/api/v1/models/${model}/promotion-policy`,
    body: { policy, reason: 'Agreed on.' },
    roles: ['admin'],
    by: 'ada',
  });
const review = (model: string, version: number, by: string, changes: object = {}) =>
  registry.call({
    method: 'POST',
    path: `/api/v1/models/${model}/versions/${version}/approvals`,
    body: { comment: 'Looked at it.', ...changes },
    roles: ['approver'],
    by,
  });
const stage = (model: string, version: number, to: string, expected: number | null = null) =>
  promote(registry, { model, version, expected }, { stage: to });

describe('a promotion policy', () => {
  it('asks for nothing until one is set, and keeps who set which', async () => {
    await register(registry, 'kept');
    const empty = { gate: {}, metrics: [], required_tags: {}, parity: 'when-trained', approvals: 0, soak: null };
    expect((await policyOf('kept')).body).toEqual({
      model_name: 'kept',
      revision: 0,
      policy: empty,
      updated_by: null,
      updated_at: null,
    });
    const { status, body } = await setPolicy('kept', { approvals: 1, metrics: [{ name: 'recall', min: 0.7 }] });
    expect([status, body]).toEqual([
      200,
      {
        model_name: 'kept',
        revision: 1,
        policy: { ...empty, approvals: 1, metrics: [{ name: 'recall', min: 0.7 }] },
        updated_by: 'ada',
        updated_at: expect.any(String),
      },
    ]);
    await setPolicy('kept', {});
    expect((await policyOf('kept')).body).toMatchObject({ revision: 2, policy: empty });
    expect((await auditOf(registry, 'kept')).filter(({ action }) => action === 'promotion-policy.set')).toMatchObject([
      { actor: 'ada', payload: { revision: 1, reason: 'Agreed on.', policy: { approvals: 1 } } },
      { payload: { revision: 2 } },
    ]);
  });

  it("refuses a version with every reason at once, the gate's and its own, and writes that down", async () => {
    await register(registry, 'strict', {
      evaluation: { holdout: holdout({ f1_score: 0.5 }), cross_validation: null, versus_live: [] },
    });
    await setPolicy('strict', { approvals: 2, metrics: [{ name: 'recall', min: 0.9 }], required_tags: { card: null } });
    const { status, body } = await promote(registry, { model: 'strict', version: 1, expected: null });
    expect([status, body.code]).toEqual([409, 'promotion-refused']);
    for (const code of ['f1-below-minimum', 'metric-below-minimum', 'tag-missing', 'approvals-missing'])
      expect(body.detail).toContain(code);
    const refusal = (await auditOf(registry, 'strict')).find(({ action }) => action === 'model.promotion-refused');
    expect(refusal).toMatchObject({ payload: { gate: { admitted: false } } });
  });

  it('may ask for less than the configuration, too', async () => {
    await register(registry, 'hard', {
      evaluation: { holdout: holdout({ f1_score: 0.6 }), cross_validation: null, versus_live: [] },
    });
    expect((await promote(registry, { model: 'hard', version: 1, expected: null })).status).toBe(409);
    await setPolicy('hard', { gate: { f1_min: 0.55 } });
    expect((await promote(registry, { model: 'hard', version: 1, expected: null })).status).toBe(200);
    await register(registry, 'hard', {
      evaluation: { holdout: holdout({ f1_score: 0.6 }), cross_validation: null, versus_live: [] },
    });
    const { body } = await registry.call({ path: '/api/v1/models/hard/versions/2' });
    expect(body.gate).toMatchObject({ admitted: true });
  });

  it('holds for the agent as for everybody, and not for an admin who says so', async () => {
    await register(registry, 'agents');
    await setPolicy('agents', { approvals: 1 });
    const wanted = { stage: 'production', expected_live_version: null, reason: 'Repaired.' };
    const body = { ...wanted, decision_id: crypto.randomUUID() };
    const path = '/api/v1/models/agents/versions/1/promote';
    const refused = await registry.call({ method: 'POST', path, body, caller: 'agent', by: 'agent' });
    expect([refused.status, refused.body.code]).toEqual([409, 'promotion-refused']);
    const forced = await promote(
      registry,
      { model: 'agents', version: 1, expected: null, roles: ['admin'] },
      { force: true },
    );
    expect(forced).toMatchObject({ status: 200, body: { forced: true } });
  });
});

describe('approvals', () => {
  it('count from people who neither registered the version nor ask for its promotion', async () => {
    await register(registry, 'approved');
    await setPolicy('approved', { approvals: 2 });
    const own = await review('approved', 1, 'grace');
    expect([own.status, own.body.code]).toEqual([403, 'self-approval']);
    await review('approved', 1, 'linus');
    const { status, body } = await review('approved', 1, 'barbara');
    expect([status, body]).toMatchObject([
      201,
      {
        needed: 2,
        given: 2,
        items: [{ reviewer: 'barbara', verdict: 'approved', comment: 'Looked at it.' }, { reviewer: 'linus' }],
      },
    ]);
    const body2 = {
      stage: 'production',
      expected_live_version: null,
      reason: 'Mine.',
      decision_id: crypto.randomUUID(),
    };
    const path = '/api/v1/models/approved/versions/1/promote';
    const byApprover = await registry.call({ method: 'POST', path, body: body2, by: 'linus' });
    expect(byApprover.body.detail).toContain('1 of 2 approvals');
    expect((await promote(registry, { model: 'approved', version: 1, expected: null })).status).toBe(200);
  });

  it('are taken back by a rejection, which stands until its author says otherwise', async () => {
    await register(registry, 'doubted');
    await review('doubted', 1, 'linus', { verdict: 'rejected', comment: 'The holdout is too small.' });
    const refused = await promote(registry, { model: 'doubted', version: 1, expected: null });
    expect(refused.body.detail).toContain('linus rejected it: The holdout is too small.');
    await review('doubted', 1, 'linus');
    expect((await promote(registry, { model: 'doubted', version: 1, expected: null })).status).toBe(200);
  });

  it('need a comment and a version that is there', async () => {
    await register(registry, 'spoken');
    expect((await review('spoken', 1, 'linus', { comment: ' ' })).status).toBe(400);
    expect((await review('spoken', 7, 'linus')).body.code).toBe('version-not-found');
  });
});

describe('a trial', () => {
  it('is counted from the traffic plans, and asked for only while something is live', async () => {
    await register(registry, 'tried');
    await setPolicy('tried', { soak: { roles: ['shadow', 'canary'], minutes: 30 } });
    expect((await promote(registry, { model: 'tried', version: 1, expected: null })).status).toBe(200);
    await register(registry, 'tried');
    const path = '/api/v1/models/tried/traffic';
    const { headers } = await registry.call({ path });
    const plan = { live: 1, shadow: [2] };
    await registry.call({ method: 'PUT', path, body: plan, headers: { 'if-match': String(headers['etag']) } });
    const early = await promote(registry, { model: 'tried', version: 2, expected: 1 });
    expect(early.body.detail).toContain('soak-too-short');
    // As if the plan had been set and the version registered an hour ago.
    await registry.rows
      .$executeRaw`UPDATE traffic_plans SET created_at = created_at - interval '1 hour' WHERE model_name = 'tried'`;
    await registry.rows
      .$executeRaw`UPDATE model_versions SET created_at = created_at - interval '2 hours' WHERE model_name = 'tried'`;
    expect((await promote(registry, { model: 'tried', version: 2, expected: 1 })).status).toBe(200);
  });
});

describe('a share of the requests', () => {
  // A canary of 100 percent answers everybody: without this rule no approval would ever be needed.
  it('is given only to a version that fulfils what the policy asks, but for the trial itself', async () => {
    await register(registry, 'shared');
    expect((await promote(registry, { model: 'shared', version: 1, expected: null })).status).toBe(200);
    await register(registry, 'shared');
    await setPolicy('shared', { approvals: 1, soak: { roles: ['canary'], minutes: 30 } });
    const path = '/api/v1/models/shared/traffic';
    const put = async (plan: object) => {
      const { headers } = await registry.call({ path });
      const ifMatch = { 'if-match': String(headers['etag']) };
      return await registry.call({ method: 'PUT', path, body: { live: 1, ...plan }, headers: ifMatch });
    };
    const arms = [
      { version: 1, weight: 0 },
      { version: 2, weight: 1 },
    ];
    for (const plan of [{ canary: { version: 2, percent: 100 } }, { ab: { name: 'all', arms } }])
      expect((await put(plan)).body).toMatchObject({
        code: 'invalid-traffic-plan',
        detail: expect.stringContaining('promotion policy'),
      });
    expect((await put({ shadow: [2] })).status).toBe(200);
    await review('shared', 2, 'linus');
    expect((await put({ canary: { version: 2, percent: 10 } })).status).toBe(200);
    await review('shared', 2, 'barbara', { verdict: 'rejected' });
    expect((await put({ canary: { version: 2, percent: 100 } })).body.code).toBe('invalid-traffic-plan');
    expect((await put({})).status).toBe(200);
  });
});

describe('the lifecycle', () => {
  it('lets a version that never answered come back from the archive, but not straight into production', async () => {
    await register(registry, 'returned');
    await stage('returned', 1, 'archived');
    const refused = await stage('returned', 1, 'production');
    expect([refused.status, refused.body.code]).toEqual([409, 'invalid-transition']);
    expect(refused.body.detail).toBe(
      "Version 1 is in stage archived, from where it can't be moved to production, but to training (to look at it again), staging (to look at it again).",
    );
    expect((await stage('returned', 1, 'training')).status).toBe(200);
    expect((await stage('returned', 1, 'production')).status).toBe(200);
  });
});
