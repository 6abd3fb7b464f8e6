import { createPublicKey, randomUUID } from 'node:crypto';
import { readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openSigningKey } from '@gimbal/platform';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { compactVerify, createLocalJWKSet } from 'jose';
import { type RegistryHarness, startRegistry } from './registry-harness.js';
import { auditOf, promote, register, SIGNATURE } from './versions.js';
import { servableFile } from './write-onnx.js';

let registry: RegistryHarness;
beforeAll(async () => {
  registry = await startRegistry();
});
afterAll(() => registry.dispose());

const get = (path: string) => registry.call({ path });
const keys = async () => (await get('/api/v1/manifests/keys')).body;
const manifestOf = (model: string, version: number) => get(`/api/v1/models/${model}/versions/${version}/manifest`);
const renew = (model: string, version: number) =>
  registry.call({ method: 'POST', path: `/api/v1/models/${model}/versions/${version}/manifest`, roles: ['admin'] });
const adjust = (model: string, { from, to }: { from: number; to: number }) =>
  registry.call({
    method: 'POST',
    path: `/internal/models/${model}/versions/1/threshold`,
    body: { decision_id: randomUUID(), threshold: to, expected_threshold: from, reason: 'Because.' },
    caller: 'agent',
  });
const traffic = async () => (await registry.call({ path: '/internal/traffic', caller: 'serving' })).body;

/** Writes a version into the table past the registry. */
async function smuggle(model: string, version: number, digest: string, into = registry): Promise<void> {
  await into.rows.modelVersion.create({
    data: {
      ...{ modelName: model, version, algorithm: 'x', framework: 'onnx', codeVersion: '', createdBy: 'nobody' },
      ...{ signature: SIGNATURE, featureNames: [], threshold: 0.5, artifactDigest: digest, artifactBytes: 1 },
    },
  });
}

describe('the manifest of a version', () => {
  it('is signed at registration by a key of the registry, and says what was registered', async () => {
    const { body: version } = await register(registry, 'heart');
    const { status, body } = await manifestOf('heart', 1);
    expect(status).toBe(200);
    expect(body.manifest).toMatchObject({
      ...{ version_id: version.id, model_name: 'heart', model_version: 1, artifact_sha256: version.artifact_digest },
      ...{ threshold: 0.45, metrics: { accuracy: 0.82 }, registered_by: 'grace' },
      lineage: { training_run_id: version.training_run_id, dataset_sha256: 'a'.repeat(64) },
    });
    const { payload, protectedHeader } = await compactVerify(body.signed, createLocalJWKSet(await keys()));
    expect(JSON.parse(Buffer.from(payload).toString())).toEqual(body.manifest);
    expect(protectedHeader).toMatchObject({ alg: 'Ed25519', kid: body.key_id });
    const tampered = body.signed.replace(/\.(.)/, (_: string, first: string) => `.${first === 'e' ? 'f' : 'e'}`);
    await expect(compactVerify(tampered, createLocalJWKSet(await keys()))).rejects.toThrow();
  });

  it('is told to serving with the keys, by another revision when one of them changes', async () => {
    await promote(registry, { model: 'heart', version: 1, expected: null });
    const before = await traffic();
    expect(before.manifest_keys).toEqual((await keys()).keys);
    expect(before.models[0].versions[0].manifest).toBe((await manifestOf('heart', 1)).body.signed);
    await renew('heart', 1);
    const after = await traffic();
    expect(after.revision).not.toBe(before.revision);
    expect(after.models[0].versions[0].manifest).not.toBe(before.models[0].versions[0].manifest);
  });

  it('is missing where somebody wrote a version past the registry, until an administrator has it signed', async () => {
    await traffic(); // older versions were signed by now, once for all
    const digest = await registry.store(servableFile(4));
    await smuggle('heart', 2, digest);
    expect((await manifestOf('heart', 2)).body.code).toBe('manifest-not-found');
    const again = await registry.replica();
    await again.call({ path: '/internal/traffic', caller: 'serving' });
    await again.dispose();
    expect((await manifestOf('heart', 2)).body.code).toBe('manifest-not-found');
    const { status, body } = await renew('heart', 2);
    expect([status, body.signed_by]).toEqual([201, 'grace']);
    expect((await auditOf(registry, 'heart')).at(-1)).toMatchObject({ action: 'model.manifest-signed' });
  });

  it('is signed anew with a name that was changed and a threshold that was adjusted, and nothing else of the row', async () => {
    await register(registry, 'spine');
    const { manifest: before } = (await manifestOf('spine', 1)).body;
    const where = { modelName_version: { modelName: 'spine', version: 1 } };
    const row = { artifactDigest: 'c'.repeat(64), threshold: 0.6, trainingRunId: null }; // what a training made keeps its name
    await registry.rows.modelVersion.update({ where, data: row }); // past the registry
    const body = { name: 'spine', new_name: 'backbone' };
    const rename = {
      method: 'POST',
      path: '/api/2.0/mlflow/registered-models/rename',
      body,
      roles: ['admin'],
    } as const;
    expect((await registry.call(rename)).status).toBe(200);
    expect((await adjust('backbone', { from: 0.6, to: 0.4 })).status).toBe(200);
    const { manifest, signed } = (await manifestOf('backbone', 1)).body;
    expect(manifest).toEqual({ ...before, threshold: 0.4, model_name: 'backbone', signed_at: expect.any(String) });
    await compactVerify(signed, createLocalJWKSet(await keys()));
  });

  it('is needed for a threshold to be adjusted, and signed anew it has the one in force', async () => {
    await register(registry, 'knee');
    const { id } = await registry.rows.modelVersion.findFirstOrThrow({ where: { modelName: 'knee' } });
    const { id: manifestId } = await registry.rows.versionManifest.findFirstOrThrow({ where: { versionId: id } });
    const { signed } = (await manifestOf('heart', 1)).body; // of another version
    await registry.rows.versionManifest.update({ where: { id: manifestId }, data: { signed } });
    expect((await adjust('knee', { from: 0.45, to: 0.4 })).body.code).toBe('manifest-not-found');
    await renew('knee', 1);
    expect((await adjust('knee', { from: 0.45, to: 0.4 })).status).toBe(200);
    expect((await renew('knee', 1)).body.manifest.threshold).toBe(0.4);
  });

  it('is not signed anew while the file is gone, nor for a version that can not be served', async () => {
    await smuggle('heart', 3, 'b'.repeat(64));
    expect((await renew('heart', 3)).body.code).toBe('artifact-not-found');
    await registry.rows.modelVersion.create({
      data: {
        ...{ modelName: 'heart', version: 4, algorithm: 'x', framework: 'sklearn', codeVersion: '', createdBy: 'ada' },
        ...{ featureNames: [], unservedReason: 'It is no ONNX file.' },
      },
    });
    expect((await manifestOf('heart', 4)).body.code).toBe('version-not-servable');
    expect((await manifestOf('heart', 9)).body.code).toBe('version-not-found');
  });
});

it('versions from before there were manifests are signed once, before serving is told of any', async () => {
  const older = await startRegistry();
  try {
    await register(older, 'lung');
    await promote(older, { model: 'lung', version: 1, expected: null });
    await older.rows.versionManifest.deleteMany();
    const { body } = await older.call({ path: '/internal/traffic', caller: 'serving' });
    expect(body.models[0].versions[0].manifest).toEqual(expect.any(String));
    const { body: shown } = await older.call({ path: '/api/v1/models/lung/versions/1/manifest' });
    expect(shown.signed_by).toBe('registry');
  } finally {
    await older.dispose();
  }
});

// Guards the one time that versions without a manifest are vouched for: a folder that cannot be read must not bring it back.
it('nothing is signed as an older version while it cannot be read whether that was done', async () => {
  const older = await startRegistry();
  try {
    await older.call({ path: '/internal/traffic', caller: 'serving' });
    const digest = await older.store(servableFile(4));
    await older.rows.model.create({ data: { name: 'lung', createdBy: 'nobody' } });
    await smuggle('lung', 1, digest, older);
    const done = join(older.keysDirectory, 'older-versions-signed');
    await rm(done);
    await symlink(done, done); // a file that is there for no one: ELOOP
    const again = await older.replica();
    const { status, body } = await again.call({ path: '/internal/traffic', caller: 'serving' });
    await again.dispose();
    expect([status, body.code]).toEqual([503, 'storage-failed']);
    expect(await older.rows.versionManifest.count()).toBe(0);
  } finally {
    await older.dispose();
  }
});

it('another key is taken into use by adding it, and the former one checks on, as its public half alone', async () => {
  const folder = registry.keysDirectory;
  const { body: signedBefore } = await manifestOf('heart', 1);
  const second = await openSigningKey(join(folder, '0002.pem'));
  const former = createPublicKey(await readFile(join(folder, '0001.pem'))).export({ type: 'spki', format: 'pem' });
  await writeFile(join(folder, '0001.pem'), former);
  await register(registry, 'kidney', { training_run_id: randomUUID() });
  expect((await manifestOf('kidney', 1)).body.key_id).toBe(second.publicKey.kid);
  expect((await keys()).keys.map(({ kid }: { kid: string }) => kid)).toEqual([
    signedBefore.key_id,
    second.publicKey.kid,
  ]);
  await compactVerify(signedBefore.signed, createLocalJWKSet(await keys()));
});

it('nothing is registered while the keys can not be read', async () => {
  await writeFile(join(registry.keysDirectory, '0003.pem'), 'no key: PRIVATE KEY');
  const { status, body } = await register(registry, 'spleen');
  expect([status, body.code]).toEqual([503, 'storage-failed']);
  expect((await get('/api/v1/models/spleen')).body.code).toBe('model-not-found');
});
