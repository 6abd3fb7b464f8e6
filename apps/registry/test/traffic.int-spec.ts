import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type RegistryHarness, startRegistry } from './registry-harness.js';
import { auditOf, holdout, promote, register } from './versions.js';

let registry: RegistryHarness;
beforeAll(async () => {
  registry = await startRegistry({ TRAFFIC_CHECK_INTERVAL: '200' });
});
afterAll(() => registry.dispose());

const pull = (known?: string, waitSeconds = 0, from: RegistryHarness = registry) =>
  from.call({
    path: `/internal/traffic?wait_seconds=${waitSeconds}`,
    caller: 'serving',
    headers: known === undefined ? {} : { 'if-none-match': known },
  });
/** As long as a pull may be held: what is answered sooner was answered because something changed. */
const HELD_MS = 30_000;
const tagOf = async () => String((await pull()).headers['etag']);
const put = (model: string, plan: object, ifMatch?: string) =>
  registry.call({
    method: 'PUT',
    path: `/api/v1/models/${model}/traffic`,
    body: plan,
    headers: ifMatch === undefined ? {} : { 'if-match': ifMatch },
  });
const adjust = (model: string, body: object) =>
  registry.call({ method: 'POST', path: `/internal/models/${model}/versions/1/threshold`, body, caller: 'agent' });
const timed = async <T>(work: Promise<T>): Promise<[T, number]> => {
  const started = performance.now();
  return [await work, performance.now() - started];
};

describe('the plan of a model', () => {
  beforeAll(async () => {
    for (let index = 0; index < 3; index++) await register(registry, 'split');
    await register(registry, 'split', {
      evaluation: { holdout: holdout({ f1_score: 0.1 }), cross_validation: null, versus_live: [] },
    });
    await promote(registry, { model: 'split', version: 1, expected: null });
  });

  it('carries its revision as an ETag, with which it is changed', async () => {
    const read = await registry.call({ path: '/api/v1/models/split/traffic' });
    expect(read.body).toMatchObject({ model_name: 'split', revision: 2, plan: { live: 1 } });
    expect(read.headers['etag']).toBe('"2"');
    const unchanged = await registry.call({
      path: '/api/v1/models/split/traffic',
      headers: { 'if-none-match': '"2"' },
    });
    expect([unchanged.status, unchanged.body.length]).toEqual([304, 0]);
    const plan = { live: 1, canary: { version: 2, percent: 5 }, shadow: [4] };
    const changed = await put('split', plan, '"2"');
    expect([changed.status, changed.headers['etag'], changed.body]).toEqual([
      200,
      '"3"',
      expect.objectContaining({ revision: 3, plan }),
    ]);
    expect((await auditOf(registry, 'split')).at(-1)).toMatchObject({
      action: 'traffic.changed',
      event_id: 'traffic.changed:split:3',
      payload: { from: { live: 1 }, to: plan },
    });
  });

  it('is not changed by somebody who has not read it', async () => {
    const plan = { live: 1 };
    expect((await put('split', plan, '"2"')).body).toMatchObject({ status: 412, code: 'revision-conflict' });
    for (const tag of [undefined, '*', '"three"', 'W/"3"']) {
      expect((await put('split', plan, tag)).body).toMatchObject({
        status: 400,
        code: 'validation-failed',
        errors: [{ path: 'if-match' }],
      });
    }
    const answers = await Promise.all([put('split', plan, '"3"'), put('split', plan, '"3"')]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 412]);
  });

  it('is refused with every fault', async () => {
    const { body } = await put(
      'split',
      {
        live: 2,
        ab: {
          name: 'x',
          arms: [
            { version: 9, weight: 0.5 },
            { version: 4, weight: 0.4 },
          ],
        },
      },
      '"4"',
    );
    expect([body.status, body.code]).toEqual([400, 'invalid-traffic-plan']);
    expect(body.detail).toMatch(/moves only by promotion.*Version 9 does not exist.*does not admit it.*sum to 0.9/);
  });

  it('loses its canary and its A/B test when another version goes live', async () => {
    const arms = [
      { version: 1, weight: 0.5 },
      { version: 2, weight: 0.5 },
    ];
    await put('split', { live: 1, ab: { name: 'trial', arms }, shadow: [3, 4] }, '"4"');
    const archive = await promote(registry, { model: 'split', version: 4, expected: 1 }, { stage: 'archived' });
    expect([archive.status, archive.body.code]).toEqual([409, 'invalid-transition']);
    await promote(registry, { model: 'split', version: 3, expected: 1 });
    expect((await registry.call({ path: '/api/v1/models/split/traffic' })).body.plan).toEqual({ live: 3, shadow: [4] });
  });
});

describe('the document that serving pulls', () => {
  it('holds the plans of all models, and every version they name with all that is needed to answer', async () => {
    await register(registry, 'served');
    await register(registry, 'served');
    await promote(registry, { model: 'served', version: 1, expected: null });
    const { status, body, headers } = await pull();
    expect([status, headers['etag']]).toEqual([200, `"${body.revision}"`]);
    const served = body.models.find((model: { model_name: string }) => model.model_name === 'served');
    expect(served).toMatchObject({
      plan: { live: 1 },
      versions: [
        {
          version: 1,
          threshold: 0.45,
          data_origin: 'synthetic',
          artifact_digest: expect.stringMatching(/^[0-9a-f]{64}$/),
          signature: { inputs: [{ name: 'age' }, { name: 'chol' }, { name: 'thal' }] },
        },
      ],
    });
    const file = await registry.call({
      path: `/internal/artifacts/${served.versions[0].artifact_digest}`,
      caller: 'serving',
    });
    expect([file.status, file.body.length]).toEqual([200, served.versions[0].artifact_bytes]);
  });

  it('is held back until something changes, and then comes at once', async () => {
    await register(registry, 'watched');
    const tag = await tagOf();
    const held = timed(pull(tag, HELD_MS / 1_000));
    const promoted = promote(registry, { model: 'watched', version: 1, expected: null });
    const [{ status, headers }, elapsed] = await held;
    expect((await promoted).status).toBe(200);
    expect(status).toBe(200);
    expect(headers['etag']).not.toBe(tag);
    expect(elapsed).toBeLessThan(HELD_MS);
  });

  it('is answered 304 when nothing changed in that time, and at once without a wait', async () => {
    const tag = await tagOf();
    const [at, immediate] = await timed(pull(tag));
    expect([at.status, at.headers['etag']]).toEqual([304, tag]);
    expect(immediate).toBeLessThan(HELD_MS);
    const [held, elapsed] = await timed(pull(tag, 1));
    expect(held.status).toBe(304);
    expect(elapsed).toBeGreaterThan(900);
  });

  it('tells only what changed to who takes that (RFC 3229), and everything to who has a revision of long ago', async () => {
    await register(registry, 'alone');
    const known = await tagOf();
    await promote(registry, { model: 'alone', version: 1, expected: null });
    const ask = (revision: string) =>
      registry.call({
        path: '/internal/traffic?wait_seconds=0',
        caller: 'serving',
        headers: { 'if-none-match': revision, 'a-im': 'changed-models' },
      });
    const told = await ask(known);
    expect([told.status, told.headers['im'], told.headers['delta-base']]).toEqual([226, 'changed-models', known]);
    expect(told.headers['etag']).toBe(await tagOf());
    expect(told.body).toMatchObject({ models: [{ model_name: 'alone', plan: { live: 1 } }], removed: [] });
    const all = await ask('"of-long-ago"');
    expect(all.status).toBe(200);
    expect(all.body.models.length).toBeGreaterThan(1);
  });

  it('tells of what another replica changed', async () => {
    await register(registry, 'elsewhere');
    const replica = await registry.replica();
    try {
      const held = timed(pull(await tagOf(), HELD_MS / 1_000, replica));
      await promote(registry, { model: 'elsewhere', version: 1, expected: null });
      const [{ status }, elapsed] = await held;
      expect(status).toBe(200);
      expect(elapsed).toBeLessThan(HELD_MS);
    } finally {
      await replica.dispose();
    }
  });

  it('lets those who wait go when the process ends', async () => {
    const replica = await registry.replica();
    const held = timed(pull(await tagOf(), HELD_MS / 1_000, replica));
    await pull(undefined, 0, replica);
    await replica.dispose();
    const [, elapsed] = await held;
    expect(elapsed).toBeLessThan(HELD_MS);
  });

  it('is for those who need it, within bounds', async () => {
    expect((await registry.call({ path: '/internal/traffic', caller: 'training' })).body.code).toBe(
      'caller-not-trusted',
    );
    expect((await pull(undefined, 31)).body.code).toBe('validation-failed');
  });
});

describe('a threshold', () => {
  it('is adjusted once per decision and is in force at once, while the version stays as it was learned', async () => {
    await register(registry, 'leaned');
    await promote(registry, { model: 'leaned', version: 1, expected: null });
    const tag = await tagOf();
    const decision = {
      decision_id: randomUUID(),
      threshold: 0.4,
      expected_threshold: 0.45,
      reason: 'More sick patients.',
    };
    const answers = await Promise.all(Array.from({ length: 3 }, () => adjust('leaned', decision)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(answers[0]?.body).toMatchObject({ model_name: 'leaned', version: 1, from: 0.45, to: 0.4 });
    expect(answers[2]?.body).toEqual(answers[0]?.body);
    const { body } = await pull(tag);
    const leaned = body.models.find((model: { model_name: string }) => model.model_name === 'leaned');
    expect(leaned.versions[0].threshold).toBe(0.4);
    const shown = (await registry.call({ path: '/api/v1/models/leaned/versions/1' })).body;
    expect([shown.threshold, shown.evaluation.holdout.threshold]).toEqual([0.4, 0.45]);
    expect((await auditOf(registry, 'leaned')).filter(({ action }) => action === 'threshold.adjusted').length).toBe(1);
    const lineage = await registry.call({ path: '/api/v1/models/leaned/versions/1/lineage' });
    expect(lineage.body.decisions.map(({ kind }: { kind: string }) => kind)).toEqual(['promote', 'adjust-threshold']);
  });

  it('is not adjusted from another threshold than the one in force, nor twice under one decision', async () => {
    const stale = await adjust('leaned', {
      decision_id: randomUUID(),
      threshold: 0.3,
      expected_threshold: 0.45,
      reason: 'x',
    });
    expect([stale.status, stale.body.code]).toEqual([412, 'revision-conflict']);
    const decision = { decision_id: randomUUID(), threshold: 0.35, expected_threshold: 0.4, reason: 'x' };
    expect((await adjust('leaned', decision)).body).toMatchObject({ from: 0.4, to: 0.35 });
    const reused = await adjust('leaned', { ...decision, threshold: 0.2 });
    expect([reused.status, reused.body.code]).toEqual([409, 'idempotency-key-reused']);
    const back = await adjust('leaned', {
      decision_id: randomUUID(),
      threshold: 0.4,
      expected_threshold: 0.35,
      reason: 'Back.',
    });
    expect(back.body).toMatchObject({ from: 0.35, to: 0.4 });
  });
});

describe('more waiters than may be held', () => {
  it('are sent away with 503, so that they do not ask again at once', async () => {
    const small = await registry.replica({ TRAFFIC_WAITERS_MAX: '1' });
    try {
      const tag = await tagOf();
      const answers = await Promise.all([pull(tag, 1, small), pull(tag, 1, small)]);
      expect(answers.map(({ status }) => status).sort()).toEqual([304, 503]);
    } finally {
      await small.dispose();
    }
  });
});
