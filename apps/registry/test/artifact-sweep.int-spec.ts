import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { ARTIFACT_STORE, type ArtifactStore } from '@gimbal/platform';
import { eventually } from '@gimbal/testing';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { UnnamedContent } from '../src/artifacts/unnamed-content.service.js';
import { type FilesHarness, type Owners, startFiles } from './mlflow-files-harness.js';
import type { Answer } from './registry-harness.js';
import { SIGNATURE, versionForm } from './versions.js';
import { servableFile } from './write-onnx.js';

const GRACE_MS = 3_600_000;
const sha256 = (content: Uint8Array): string => createHash('sha256').update(content).digest('hex');

let files: FilesHarness;
let owners: Owners;
let unnamed: UnnamedContent;
beforeAll(async () => {
  files = await startFiles({ ARTIFACT_SWEEP_GRACE: String(GRACE_MS) });
  owners = await files.makeOwners();
  unnamed = files.registry.app.get(UnnamedContent);
});
afterAll(() => files.registry.dispose());

const later = (): Date => new Date(Date.now() + 2 * GRACE_MS);
const isStored = async (digest: string): Promise<boolean> =>
  (await files.ask('GET', `/internal/artifacts/${digest}`)).status === 200;

it('content stays as long as one row names it, and goes with the last', async () => {
  const content = randomBytes(1_000);
  const digest = sha256(content);
  const paths = [`${owners.run}/a`, `${owners.run}/b`, `${owners.model}/c`];
  for (const path of paths) await files.put(path, content);
  for (const path of paths) {
    await unnamed.sweep(later());
    expect(await isStored(digest)).toBe(true);
    await files.ask('DELETE', `/api/2.0/mlflow-artifacts/artifacts/${path}`);
  }
  await unnamed.sweep(later());
  expect(await isStored(digest)).toBe(false);
});

it('content that was put lately stays, named or not', async () => {
  const digest = await files.registry.store(randomBytes(10));
  expect(await unnamed.sweep(new Date())).toBe(0);
  expect(await isStored(digest)).toBe(true);
  await unnamed.sweep(later());
  expect(await isStored(digest)).toBe(false);
});

it('content that datasets and parts of uploads name stays', async () => {
  const [ofDataset, ofPart] = [
    await files.registry.store(randomBytes(10)),
    await files.registry.store(randomBytes(10)),
  ];
  const { rows } = files.registry;
  const name = randomUUID();
  const facts = {
    digest: ofDataset,
    bytes: 10,
    fileName: 'x.csv',
    form: {},
    formDigest: sha256(randomBytes(8)),
    rows: 1,
    columns: 1,
  };
  const rest = { profile: {}, warnings: [], dataOrigin: 'upload', createdBy: 'grace' };
  await rows.dataset.create({
    data: { name, createdBy: 'grace', versions: { create: { version: 1, ...facts, ...rest } } },
  });
  const parts = { create: { number: 1, digest: ofPart, bytes: 10 } };
  await rows.multipartUpload.create({ data: { path: 'x', createdBy: 'grace', parts } });
  await unnamed.sweep(later());
  expect([await isStored(ofDataset), await isStored(ofPart)]).toEqual([true, true]);
});

// Guards the same gap where it lasts longest: a file is looked into between being found and being named by its version.
it('a version is not registered without its file when a sweep comes between', async () => {
  const { registry } = files;
  const digest = await registry.store(servableFile(SIGNATURE.inputs.length));
  let answer: Promise<Answer> | undefined;
  await registry.rows.$transaction(async (tx) => {
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended('registry:content', 0))`; // as a sweep does
    const path = '/internal/models/swept/versions';
    answer = registry.call({ method: 'POST', path, body: versionForm(digest), caller: 'training' });
    await eventually(async () => {
      const waiting = await registry.rows.$queryRaw<
        unknown[]
      >`SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted`;
      expect(waiting).toHaveLength(1);
    });
    await registry.app.get<ArtifactStore>(ARTIFACT_STORE).remove(digest);
  });
  expect((await answer)?.body.code).toBe('storage-failed');
  expect(await registry.rows.modelVersion.count({ where: { modelName: 'swept' } })).toBe(0);
});

// Guards the gap between storing and naming: whoever names content waits for the sweep, and is told when it was too late.
it('no row is left without its content when naming meets a sweep', async () => {
  const contents = Array.from({ length: 60 }, () => randomBytes(100));
  for (const content of contents) await files.registry.store(content);
  const sweeping = unnamed.sweep(later());
  const answers = await Promise.all(contents.map((content, at) => files.put(`${owners.run}/race/${at}`, content)));
  await sweeping;
  for (const [at, { status, body }] of answers.entries()) {
    const read = await files.get(`${owners.run}/race/${at}`);
    if (status === 200) expect(sha256(read.body)).toBe(sha256(contents[at] ?? Buffer.of()));
    else expect([status, body.error_code, read.status]).toEqual([503, 'TEMPORARILY_UNAVAILABLE', 404]);
  }
});
