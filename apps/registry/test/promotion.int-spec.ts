import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type RegistryHarness, startRegistry } from './registry-harness.js';
import { auditOf, holdout, promote, register, rollback, versusLive } from './versions.js';

let registry: RegistryHarness;
beforeAll(async () => {
  registry = await startRegistry();
});
afterAll(() => registry.dispose());

const version = async (model: string, number: number) =>
  (await registry.call({ path: `/api/v1/models/${model}/versions/${number}` })).body;
const traffic = async (model: string) => (await registry.call({ path: `/api/v1/models/${model}/traffic` })).body;
const live = async (model: string) => (await registry.call({ path: `/api/v1/models/${model}` })).body.live_version;
const registerMany = async (model: string, count: number) => {
  for (let index = 0; index < count; index++) await register(registry, model);
};

describe('a promotion', () => {
  it('makes the version live, archives the one before, moves alias and traffic, all at once', async () => {
    await registerMany('moved', 2);
    expect((await promote(registry, { model: 'moved', version: 1, expected: null })).status).toBe(200);
    const decisionId = randomUUID();
    const { status, body } = await promote(
      registry,
      { model: 'moved', version: 2, expected: 1 },
      { decision_id: decisionId },
    );
    expect([status, body]).toEqual([
      200,
      {
        decision_id: decisionId,
        model_name: 'moved',
        kind: 'promote',
        stage: 'production',
        from_version: 1,
        to_version: 2,
        forced: false,
        at: expect.any(String),
      },
    ]);
    expect(await version('moved', 1)).toMatchObject({ stage: 'archived', is_active: false, aliases: [] });
    expect(await version('moved', 2)).toMatchObject({ stage: 'production', is_active: true, aliases: ['live'] });
    expect(await traffic('moved')).toMatchObject({ revision: 3, plan: { live: 2 } });
    const events = (await auditOf(registry, 'moved')).filter(({ action }) => action === 'model.promoted');
    expect(events.at(-1)).toMatchObject({
      event_id: `model.promoted:${decisionId}`,
      actor: 'grace',
      subject: 'model:moved/version:2',
      payload: { from: 1, to: 2, forced: false, reason: 'Better.', gate: { admitted: true } },
    });
  });

  it('answers a repeat with the first outcome, even when the world has moved on', async () => {
    await registerMany('repeated', 2);
    const decision = { decision_id: randomUUID() };
    const first = await promote(registry, { model: 'repeated', version: 1, expected: null }, decision);
    await promote(registry, { model: 'repeated', version: 2, expected: 1 });
    expect(
      await promote(
        registry,
        { model: 'repeated', version: 1, expected: null },
        { ...decision, reason: 'Told otherwise.' },
      ),
    ).toMatchObject({
      status: 200,
      body: first.body,
    });
    expect(await live('repeated')).toBe(2);
  });

  it('happens once when it is asked many times at the same moment', async () => {
    await registerMany('hurried', 1);
    const decision = { decision_id: randomUUID() };
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => promote(registry, { model: 'hurried', version: 1, expected: null }, decision)),
    );
    expect(new Set(answers.map(({ status, body }) => JSON.stringify([status, body]))).size).toBe(1);
    expect(answers[0]?.status).toBe(200);
    expect(await traffic('hurried')).toMatchObject({ revision: 2 });
  });

  it('refuses a decision id that was used for something else', async () => {
    await registerMany('reused', 2);
    const decision = { decision_id: randomUUID() };
    await promote(registry, { model: 'reused', version: 1, expected: null }, decision);
    const other = await promote(registry, { model: 'reused', version: 2, expected: 1 }, decision);
    expect([other.status, other.body.code]).toEqual([409, 'idempotency-key-reused']);
    await registerMany('reused-elsewhere', 1);
    const elsewhere = await promote(registry, { model: 'reused-elsewhere', version: 1, expected: null }, decision);
    expect([elsewhere.status, elsewhere.body.code]).toEqual([409, 'idempotency-key-reused']);
  });

  it('that races another wins alone: the other meets a conflict', async () => {
    await registerMany('raced', 3);
    await promote(registry, { model: 'raced', version: 1, expected: null });
    const answers = await Promise.all(
      [2, 3].map((number) => promote(registry, { model: 'raced', version: number, expected: 1 })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect(answers.find(({ status }) => status === 409)?.body.code).toBe('promotion-conflict');
    expect(await live('raced')).toBe(answers.find(({ status }) => status === 200)?.body.to_version);
    const active = await registry.rows.modelVersion.count({ where: { modelName: 'raced', isActive: true } });
    expect(active).toBe(1);
  });

  it('to another stage leaves live alone and asks no gate', async () => {
    await register(registry, 'staged', {
      evaluation: { holdout: holdout({ f1_score: 0.1 }), cross_validation: null, versus_live: [] },
    });
    const staging = await promote(registry, { model: 'staged', version: 1, expected: null }, { stage: 'staging' });
    expect(staging.body).toMatchObject({ stage: 'staging', from_version: null, to_version: 1 });
    expect(await version('staged', 1)).toMatchObject({ stage: 'staging', is_active: false });
    expect(await live('staged')).toBe(null);
  });

  it.each([
    ['an unknown model', '/api/v1/models/nobody/versions/1/promote', 404, 'model-not-found'],
    ['an unknown version', '/api/v1/models/moved/versions/99/promote', 404, 'version-not-found'],
    ['a version that is no number', '/api/v1/models/moved/versions/latest/promote', 400, 'validation-failed'],
  ])('of %s is refused', async (_what, path, status, code) => {
    const body = { expected_live_version: null, decision_id: randomUUID(), reason: 'x' };
    const reply = await registry.call({ method: 'POST', path, body });
    expect([reply.status, reply.body.code]).toEqual([status, code]);
  });
});

describe('the gate', () => {
  const bad = {
    evaluation: { holdout: holdout({ f1_score: 0.5, brier: 0.3 }), cross_validation: null, versus_live: [] },
  };

  it('refuses with every reason, moves nothing, and is audited', async () => {
    await register(registry, 'gated');
    await promote(registry, { model: 'gated', version: 1, expected: null });
    await register(registry, 'gated', bad);
    const decision = { decision_id: randomUUID() };
    const { status, body } = await promote(registry, { model: 'gated', version: 2, expected: 1 }, decision);
    expect([status, body.code]).toEqual([409, 'promotion-refused']);
    expect(body.detail).toMatch(/f1-below-minimum.*brier-worse-than-live/);
    expect(await live('gated')).toBe(1);
    const refused = (await auditOf(registry, 'gated')).find(({ action }) => action === 'model.promotion-refused');
    expect(refused).toMatchObject({
      subject: 'model:gated/version:2',
      payload: { ...decision, code: 'promotion-refused', gate: { admitted: false } },
    });
  });

  it('is skipped by an admin who forces, and by nobody else', async () => {
    await register(registry, 'forced');
    await promote(registry, { model: 'forced', version: 1, expected: null });
    await register(registry, 'forced', bad);
    const asOperator = await promote(registry, { model: 'forced', version: 2, expected: 1 }, { force: true });
    expect([asOperator.status, asOperator.body.code]).toEqual([403, 'role-required']);
    const asAdmin = await promote(
      registry,
      { model: 'forced', version: 2, expected: 1, roles: ['admin'] },
      { force: true },
    );
    expect([asAdmin.status, asAdmin.body.forced]).toEqual([200, true]);
    expect(await version('forced', 2)).toMatchObject({ is_active: true, gate: { admitted: false } });
    const audited = (await auditOf(registry, 'forced')).map(({ action }) => action);
    expect(audited).toContain('model.promotion-refused');
    expect((await auditOf(registry, 'forced')).at(-1)).toMatchObject({
      action: 'model.promoted',
      payload: { forced: true },
    });
  });

  it('judges against the version that is live now, not the one that was when training ended', async () => {
    await registerMany('stale', 2);
    await promote(registry, { model: 'stale', version: 1, expected: null });
    const versus = { holdout: holdout(), cross_validation: null, versus_live: [versusLive(1, 'recent', -0.05)] };
    const repair = await register(registry, 'stale', { decision_id: randomUUID(), evaluation: versus });
    expect(repair.body.gate.admitted).toBe(true);
    await promote(registry, { model: 'stale', version: 2, expected: 1 });
    const { status, body } = await promote(registry, { model: 'stale', version: 3, expected: 2 });
    expect([status, body.code]).toEqual([409, 'promotion-refused']);
    expect(body.detail).toContain('not-compared-with-live');
  });
});

describe('a rollback', () => {
  it('goes to the version that was live before, and never to one that was rolled away from', async () => {
    await registerMany('rolled', 3);
    for (const number of [1, 2, 3]) {
      await promote(registry, { model: 'rolled', version: number, expected: number === 1 ? null : number - 1 });
    }
    const first = await rollback(registry, 'rolled', 3);
    expect(first.body).toMatchObject({ kind: 'rollback', from_version: 3, to_version: 2, stage: 'production' });
    expect(await version('rolled', 3)).toMatchObject({ stage: 'archived', is_active: false });
    expect(await version('rolled', 2)).toMatchObject({ stage: 'production', is_active: true, aliases: ['live'] });
    expect(await traffic('rolled')).toMatchObject({ plan: { live: 2 } });
    expect((await rollback(registry, 'rolled', 2)).body).toMatchObject({ from_version: 2, to_version: 1 });
    const last = await rollback(registry, 'rolled', 1);
    expect([last.status, last.body.code]).toEqual([409, 'nothing-to-roll-back']);
    expect((await auditOf(registry, 'rolled')).filter(({ action }) => action === 'model.rolled-back').length).toBe(2);
  });

  it('goes to a named version that was live once, without asking the gate', async () => {
    await registerMany('named', 4);
    for (const number of [1, 2, 3]) {
      await promote(registry, { model: 'named', version: number, expected: number === 1 ? null : number - 1 });
    }
    expect((await rollback(registry, 'named', 3, { to_version: 1 })).body).toMatchObject({
      from_version: 3,
      to_version: 1,
    });
    const codes = [
      await rollback(registry, 'named', 1, { to_version: 4 }),
      await rollback(registry, 'named', 1, { to_version: 1 }),
      await rollback(registry, 'named', 1, { to_version: 9 }),
      await rollback(registry, 'named', 2, { to_version: 3 }),
    ].map(({ status, body }) => [status, body.code]);
    expect(codes).toEqual([
      [409, 'invalid-transition'],
      [409, 'invalid-transition'],
      [404, 'version-not-found'],
      [409, 'promotion-conflict'],
    ]);
  });

  it('is the only way back for a version that was live before', async () => {
    await registerMany('archived', 2);
    await promote(registry, { model: 'archived', version: 1, expected: null });
    await promote(registry, { model: 'archived', version: 2, expected: 1 });
    const again = await promote(registry, { model: 'archived', version: 1, expected: 2 });
    expect([again.status, again.body.code]).toEqual([409, 'invalid-transition']);
    const out = await promote(registry, { model: 'archived', version: 2, expected: 2 }, { stage: 'archived' });
    expect([out.status, out.body.code]).toEqual([409, 'invalid-transition']);
    expect((await rollback(registry, 'archived', 2)).status).toBe(200);
  });

  it('is repeated safely', async () => {
    await registerMany('again', 3);
    for (const number of [1, 2, 3]) {
      await promote(registry, { model: 'again', version: number, expected: number === 1 ? null : number - 1 });
    }
    const decision = { decision_id: randomUUID() };
    const answers = await Promise.all(Array.from({ length: 4 }, () => rollback(registry, 'again', 3, decision)));
    expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1);
    expect(await live('again')).toBe(2);
  });

  it('has nowhere to go when nothing is live', async () => {
    await registerMany('idle', 1);
    const { status, body } = await rollback(registry, 'idle', 1);
    expect([status, body.code]).toEqual([409, 'no-live-version']);
  });
});

describe('what came of a version', () => {
  it('is in its lineage', async () => {
    const decisionId = randomUUID();
    await register(registry, 'line');
    await register(registry, 'line', { parent_version: 1, decision_id: decisionId });
    await register(registry, 'line', { parent_version: 2 });
    await promote(registry, { model: 'line', version: 2, expected: null });
    const { body } = await registry.call({ path: '/api/v1/models/line/versions/2/lineage' });
    expect(body).toMatchObject({
      parents: [1],
      children: [3],
      data_origin: 'synthetic',
      dataset_digest: 'a'.repeat(64),
    });
    expect(body.decisions.map(({ kind, actor }: { kind: string; actor: string }) => [kind, actor])).toEqual([
      ['retrain', 'grace'],
      ['promote', 'grace'],
    ]);
    const last = await registry.call({ path: '/api/v1/models/line/versions/3/lineage' });
    expect(last.body).toMatchObject({ parents: [2, 1], children: [], decisions: [] });
  });

  it('is compared metric by metric', async () => {
    await register(registry, 'compared');
    await register(registry, 'compared', {
      evaluation: { holdout: holdout({ f1_score: 0.88, recall: 0 }), cross_validation: null, versus_live: [] },
    });
    const { body } = await registry.call({ path: '/api/v1/models/compared/compare?versions=1,2' });
    expect(body).toMatchObject({ model_name: 'compared', versions: [1, 2] });
    expect(body.metrics.f1_score).toEqual({
      v1: 0.8,
      v2: 0.88,
      diff: expect.closeTo(0.08, 12),
      pct_change: expect.closeTo(10, 10),
    });
    const back = await registry.call({ path: '/api/v1/models/compared/compare?versions=2,1' });
    expect(back.body.metrics.recall).toEqual({ v1: 0, v2: 0.81, diff: 0.81, pct_change: 0 });
    expect((await registry.call({ path: '/api/v1/models/compared/compare?versions=1,9' })).body.code).toBe(
      'version-not-found',
    );
    expect((await registry.call({ path: '/api/v1/models/compared/compare?versions=1' })).body.code).toBe(
      'validation-failed',
    );
    expect((await registry.call({ path: '/api/v1/models/compared/compare?versions=0,1' })).body.code).toBe(
      'validation-failed',
    );
  });
});
