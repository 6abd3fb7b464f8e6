import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type RegistryHarness, startRegistry } from './registry-harness.js';
import { auditOf, holdout, jobsOf, promote, register, SIGNATURE, versionForm, versusLive } from './versions.js';
import { FLOAT, LABEL, onnxFile, sequenceOfMaps, servableFile, tensor } from './write-onnx.js';

let registry: RegistryHarness;
beforeAll(async () => {
  registry = await startRegistry();
});
afterAll(() => registry.dispose());

describe('a version is registered', () => {
  it('with everything that was said of it, and the model with its first version', async () => {
    const { status, body } = await register(registry, 'complete', { description: 'The first.' });
    expect(status).toBe(201);
    expect(body).toMatchObject({
      model_name: 'complete',
      version: 1,
      stage: 'training',
      is_active: false,
      f1_score: 0.8,
      feature_names: ['age', 'chol', 'thal'],
      data_origin: 'synthetic',
      gate: { admitted: true, refusals: [] },
      description: 'The first.',
      created_by: 'grace',
      aliases: [],
    });
    expect((await registry.call({ path: '/api/v1/models/complete/versions/1' })).body).toEqual(body);
    expect((await registry.call({ path: '/api/v1/models/complete' })).body).toMatchObject({
      name: 'complete',
      live_version: null,
      latest_version: 1,
      versions: 1,
    });
  });

  it('and told, to the agent and to the audit, in the same transaction', async () => {
    const decisionId = randomUUID();
    const { body } = await register(registry, 'told', { decision_id: decisionId });
    expect(await jobsOf(registry, 'told')).toEqual([
      {
        name: 'version.registered',
        payload: {
          v: 1,
          model_version_id: body.id,
          model_name: 'told',
          model_version: 1,
          training_run_id: body.training_run_id,
          decision_id: decisionId,
          gate: body.gate,
        },
      },
      {
        name: 'audit.recorded',
        payload: expect.objectContaining({
          action: 'model.version-registered',
          event_id: `model.version-registered:${body.id}`,
          actor: 'grace',
          subject: 'model:told/version:1',
        }),
      },
    ]);
  });

  it('once for one training run, however often it is asked', async () => {
    const training = { training_run_id: randomUUID() };
    const answers = await Promise.all(Array.from({ length: 5 }, () => register(registry, 'recovered', training)));
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 201, 201]);
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
    expect((await registry.call({ path: '/api/v1/models/recovered' })).body).toMatchObject({
      versions: 1,
      latest_version: 1,
    });
    const elsewhere = await register(registry, 'another', training);
    expect([elsewhere.status, elsewhere.body.code]).toEqual([409, 'already-exists']);
    expect((await registry.call({ path: '/api/v1/models/another' })).status).toBe(404);
  });

  it('under numbers without gaps, however many register at once', async () => {
    const started = performance.now();
    const answers = await Promise.all(Array.from({ length: 20 }, () => register(registry, 'crowd')));
    const elapsed = performance.now() - started;
    const numbers = answers.map(({ body }) => body.version).sort((one, other) => one - other);
    expect(numbers).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
    expect(elapsed / 20).toBeLessThan(2_000);
  });

  it('without using up a number when it is refused', async () => {
    await register(registry, 'gapless');
    expect((await register(registry, 'gapless', { run_id: randomUUID() })).body.code).toBe('run-not-found');
    expect((await register(registry, 'gapless', { parent_version: 9 })).body.code).toBe('version-not-found');
    expect((await register(registry, 'gapless', { parent_version: 1 })).body).toMatchObject({
      version: 2,
      parent_version: 1,
    });
  });
});

describe('the gate judges at registration', () => {
  it('and lists every refusal with what was measured', async () => {
    await register(registry, 'judged');
    await promote(registry, { model: 'judged', version: 1, expected: null });
    const { body } = await register(registry, 'judged', {
      parity: null,
      evaluation: {
        holdout: holdout({ f1_score: 0.6 }),
        cross_validation: null,
        versus_live: [versusLive(1, 'holdout', 0.05)],
      },
    });
    expect(body.gate.admitted).toBe(false);
    expect(body.gate.refusals.map(({ code }: { code: string }) => code)).toEqual([
      'f1-below-minimum',
      'parity-missing',
      'brier-worse-than-live',
    ]);
    expect(body.gate.conditions).toContainEqual({ code: 'f1-below-minimum', holds: false, measured: 0.6, limit: 0.75 });
  });

  it('and asks of a repair that it is better than live on recent rows', async () => {
    await register(registry, 'repaired');
    await promote(registry, { model: 'repaired', version: 1, expected: null });
    const repair = async (...comparisons: object[]) => {
      const evaluation = { holdout: holdout(), cross_validation: null, versus_live: comparisons };
      const { body } = await register(registry, 'repaired', { decision_id: randomUUID(), evaluation });
      return body.gate.refusals.map(({ code }: { code: string }) => code);
    };
    expect(await repair(versusLive(1, 'recent', -0.04))).toEqual([]);
    expect(await repair(versusLive(1, 'recent', 0.005))).toEqual(['not-better-than-live']);
    expect(await repair(versusLive(1, 'holdout', -0.04))).toEqual(['not-compared-with-live']);
    expect(await repair()).toEqual(['not-compared-with-live']);
  });
});

describe('what cannot be served is not registered', () => {
  it('a file that is not stored', async () => {
    const body = versionForm('b'.repeat(64));
    const reply = await registry.call({
      method: 'POST',
      path: '/internal/models/refused/versions',
      body,
      caller: 'training',
    });
    expect([reply.status, reply.body.code]).toEqual([404, 'artifact-not-found']);
    expect((await registry.call({ path: '/api/v1/models/refused' })).status).toBe(404);
  });

  it('a file that does not fit the signature', async () => {
    const digest = await registry.store(servableFile(7));
    const body = versionForm(digest);
    const reply = await registry.call({
      method: 'POST',
      path: '/internal/models/refused/versions',
      body,
      caller: 'training',
    });
    expect([reply.status, reply.body.code]).toEqual([400, 'invalid-model-file']);
    expect(reply.body.detail).toContain('[rows, 3]');
  });

  it('a form with unknown fields, NaN or two inputs of one name', async () => {
    const digest = await registry.store(servableFile(3));
    const post = (changes: object) =>
      registry.call({
        method: 'POST',
        path: '/internal/models/refused/versions',
        body: { ...versionForm(digest), ...changes },
        caller: 'training',
      });
    const unknown = await post({ surprise: 1 });
    expect([unknown.status, unknown.body.errors]).toEqual([
      400,
      [{ path: 'surprise', message: 'is not a known field' }],
    ]);
    expect((await post({ threshold: 'NaN' })).status).toBe(400);
    const [first] = SIGNATURE.inputs;
    const alike = await post({ signature: { ...SIGNATURE, inputs: [first, first, first] } });
    expect([alike.status, alike.body.errors[0].path]).toEqual([400, 'signature.inputs']);
  });

  it('for anybody but training', async () => {
    const reply = await registry.call({
      method: 'POST',
      path: '/internal/models/refused/versions',
      body: {},
      caller: 'agent',
    });
    expect([reply.status, reply.body.code]).toEqual([403, 'caller-not-trusted']);
  });
});

describe('an operator uploads an ONNX file', () => {
  const METADATA = {
    algorithm: 'sklearn.svm.SVC',
    signature: SIGNATURE,
    evaluation: { holdout: holdout(), cross_validation: null, versus_live: [] },
  };

  const upload = (parts: Readonly<Record<string, string | Uint8Array | Blob>>, model = 'uploaded') => {
    const form = new FormData();
    for (const [name, value] of Object.entries(parts)) {
      if (typeof value === 'string') form.append(name, value);
      else if (value instanceof Blob) form.append(name, value);
      else form.append(name, new Blob([Buffer.from(value)]), `${name}.onnx`);
    }
    const request = new Request('http://registry', { method: 'POST', body: form });
    return request.arrayBuffer().then((bytes) =>
      registry.call({
        method: 'POST',
        path: `/api/v1/models/${model}/versions`,
        body: Buffer.from(bytes),
        headers: { 'content-type': request.headers.get('content-type') ?? '' },
      }),
    );
  };

  it('as the guide on files does it', async () => {
    const repository = join(import.meta.dirname, '../../..');
    const metadata = await readFile(join(repository, 'examples/requests/register-version.json'), 'utf8');
    const file = await readFile(join(import.meta.dirname, 'fixtures/converted/sklearn-logistic.onnx'));
    const { status, body } = await upload({ metadata, file }, 'responder');
    expect([status, body.feature_names, body.gate?.admitted]).toEqual([201, ['age', 'dose', 'slope'], true]);
  });

  it('with its metadata, in either order', async () => {
    const first = await upload({ metadata: JSON.stringify(METADATA), file: servableFile(3, 'a') });
    expect([first.status, first.body.version]).toEqual([201, 1]);
    expect(first.body).toMatchObject({
      algorithm: 'sklearn.svm.SVC',
      framework: 'onnx',
      threshold: 0.5,
      parity: null,
      training_run_id: null,
    });
    const typed = new Blob([JSON.stringify(METADATA)], { type: 'application/json' });
    expect((await upload({ metadata: typed, file: servableFile(3) }, 'typed')).status).toBe(201);
    const second = await upload({ file: servableFile(3, 'b'), metadata: JSON.stringify(METADATA) });
    expect([second.status, second.body.version]).toEqual([201, 2]);
    expect(second.body.gate.admitted).toBe(true);
  });

  it('or names the artifact of a run', async () => {
    const experiment = await registry.call({ method: 'POST', path: '/api/v1/experiments', body: { name: 'uploads' } });
    const run = await registry.call({
      method: 'POST',
      path: `/api/v1/experiments/${experiment.body.id}/runs`,
      body: { name: 'one' },
    });
    const file = servableFile(3, 'c');
    const artifact = {
      path: 'model/model.onnx',
      digest: await registry.store(file),
      bytes: file.length,
      content_type: 'application/octet-stream',
    };
    const artifacts = `/api/v1/runs/${run.body.id}/artifacts`;
    await registry.call({ method: 'POST', path: artifacts, body: artifact, caller: 'training' });
    const named = { ...METADATA, run_id: run.body.id, artifact_path: 'model/model.onnx' };
    const { status, body } = await upload({ metadata: JSON.stringify(named) }, 'by-reference');
    expect([status, body.artifact_digest, body.run_id]).toEqual([201, artifact.digest, run.body.id]);
    const missing = await upload({ metadata: JSON.stringify({ ...named, artifact_path: 'none' }) }, 'by-reference');
    expect([missing.status, missing.body.code]).toEqual([404, 'artifact-not-found']);
    const path = '/api/v1/models/by-reference/versions';
    const alone = await registry.call({ method: 'POST', path, body: named });
    expect([alone.status, alone.body.version]).toEqual([201, 2]);
  });

  it('and cannot vouch for what only training knows', async () => {
    const { status, body } = await upload({
      metadata: JSON.stringify({ ...METADATA, training_run_id: randomUUID() }),
      file: servableFile(3),
    });
    expect([status, body.errors[0].path]).toEqual([400, 'training_run_id']);
  });

  it('and is told what is wrong with it', async () => {
    const zipMap = onnxFile({
      inputs: [tensor('features', FLOAT, 'N', 3)],
      outputs: [LABEL, sequenceOfMaps('probability')],
    });
    const metadata = JSON.stringify(METADATA);
    const codes = await Promise.all(
      [
        upload({ metadata, file: zipMap }),
        upload({ metadata, file: Buffer.from('not a model') }),
        upload({ metadata }),
        upload({ file: servableFile(3) }),
        upload({ metadata: '{', file: servableFile(3) }),
        upload({ metadata, file: servableFile(3), more: 'x' }),
        upload({ metadata: '"'.padEnd(2_100_000, 'x'), file: servableFile(3) }),
        registry.call({ method: 'POST', path: '/api/v1/models/uploaded/versions', body: { metadata: METADATA } }),
        registry.call({
          method: 'POST',
          path: '/api/v1/models/uploaded/versions',
          body: Buffer.from('--x\r\nbroken'),
          headers: { 'content-type': 'multipart/form-data; boundary=x' },
        }),
      ].map(async (reply) => [(await reply).status, (await reply).body.code]),
    );
    expect(codes).toEqual([
      [400, 'invalid-model-file'],
      [400, 'invalid-model-file'],
      [400, 'validation-failed'],
      [400, 'validation-failed'],
      [400, 'malformed-json'],
      [413, 'payload-too-large'],
      [413, 'payload-too-large'],
      [400, 'validation-failed'],
      [400, 'validation-failed'],
    ]);
  });

  // Over a real connection: the answer comes while the rest of the body is still on its way.
  it('of limited size', async () => {
    const small = await registry.replica({ MODEL_MAX_BYTES: '2048', ARTIFACT_MAX_BYTES: '4096' });
    try {
      await small.app.listen(0, '127.0.0.1');
      const url = await small.app.getUrl();
      const headers = { authorization: small.bearer('gateway') };
      const form = new FormData();
      form.append('metadata', JSON.stringify(METADATA));
      form.append('file', new Blob([Buffer.alloc(5_000_000)]), 'model.onnx');
      const file = await fetch(`${url}/api/v1/models/uploaded/versions`, { method: 'POST', headers, body: form });
      expect([file.status, (await json(file)).code]).toEqual([413, 'payload-too-large']);
      const raw = { ...headers, 'content-type': 'application/octet-stream' };
      const body = Buffer.alloc(5_000_000);
      const artifact = await fetch(`${url}/internal/artifacts/${'0'.repeat(64)}`, {
        method: 'PUT',
        headers: raw,
        body,
      });
      expect([artifact.status, (await json(artifact)).code]).toEqual([413, 'payload-too-large']);
    } finally {
      await small.dispose();
    }
  });
});

const json = async (response: Response) => (await response.json()) as { readonly code: string }; // a problem has a code

describe('nothing of a registration remains when it ends halfway', () => {
  it('neither version, nor number, nor job', async () => {
    await register(registry, 'halfway');
    const before = await jobsOf(registry, 'halfway');
    await registry.rows.$executeRawUnsafe(
      `CREATE FUNCTION fail_outbox() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''down''; END'`,
    );
    await registry.rows.$executeRawUnsafe(
      `CREATE TRIGGER fail_outbox BEFORE INSERT ON outbox FOR EACH ROW WHEN (NEW.name = 'audit.recorded') EXECUTE FUNCTION fail_outbox()`,
    );
    expect((await register(registry, 'halfway')).status).toBe(500);
    await registry.rows.$executeRawUnsafe('DROP TRIGGER fail_outbox ON outbox');
    expect(await jobsOf(registry, 'halfway')).toEqual(before);
    expect((await register(registry, 'halfway')).body.version).toBe(2);
    expect((await auditOf(registry, 'halfway')).length).toBe(2);
  });
});
