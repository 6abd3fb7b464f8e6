import './native-arrays.js';
import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeWire, Manifest, ModelSignature, type TrafficDocument } from '@gimbal/contracts';
import { canonicalJson } from '@gimbal/domain';
import { openSigningKey, type SigningKey } from '@gimbal/platform';
import { eventually } from '@gimbal/testing';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { CompactSign } from 'jose';
import { RegistryStub } from './registry-stub.js';
import { type PredictClient, ServingHarness } from './serving-harness.js';
import { makeTaskModels, type TaskModel } from './task-models.js';

type Planned = TrafficDocument['models'][number]['versions'][number];

const [model, other] = makeTaskModels() as [TaskModel, TaskModel]; // there is one for each task
let registry: RegistryStub;
let serving: ServingHarness;
let folder: string;
let key: SigningKey;
let url: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'manifest-keys-'));
  key = await openSigningKey(join(folder, 'key.pem'));
  registry = new RegistryStub();
  registry.manifestKeys = [key.publicKey];
  for (const { digest, onnx } of [model, other]) registry.keepArtifact({ digest, onnx });
  url = await registry.start();
  serving = await ServingHarness.make();
});
afterEach(async () => {
  await serving.remove();
  await registry.stop();
  await rm(folder, { recursive: true });
});

const plan = (number: number): Planned =>
  registry.version(model.name, number, model.digest, { signature: model.signature, threshold: model.threshold });

interface Signing {
  readonly by?: SigningKey;
  readonly atMs?: number;
  readonly modelName?: string;
}

async function sign(planned: Planned, { by = key, atMs = 0, modelName = model.name }: Signing = {}): Promise<Planned> {
  const signature = canonicalJson(encodeWire(ModelSignature, planned.signature)) ?? '';
  const nothing = { trainingRunId: null, runId: null, loggedModelId: null, parentVersion: null, decisionId: null };
  const manifest = encodeWire(Manifest, {
    ...{ v: 1, versionId: planned.id, modelName, modelVersion: planned.version, metrics: {} },
    ...{ artifactSha256: planned.artifactDigest, threshold: planned.threshold, registeredBy: 'grace' },
    signatureSha256: createHash('sha256').update(signature).digest('hex'),
    lineage: { ...nothing, datasetSha256: null, referenceProfileSha256: null, codeVersion: '' },
    ...{ registeredAt: new Date(0).toISOString(), signedAt: new Date(atMs).toISOString() },
  });
  const signed = await new CompactSign(Buffer.from(JSON.stringify(manifest)))
    .setProtectedHeader({ alg: 'Ed25519', kid: by.publicKey.kid })
    .sign(by.privateKey);
  return { ...planned, manifest: signed };
}

const ask = async (client: PredictClient): Promise<unknown> => {
  const { status, body } = await client.predictRows([model.row], { params: { model: model.name } });
  return status === 200 ? (body as { results: { model_version: number }[] }).results[0]!.model_version : status;
};
async function thresholdOf(client: PredictClient): Promise<unknown> {
  const { body } = await client.predictRows([model.row], { params: { model: model.name } });
  return (body as { results: { threshold: number }[] }).results[0]!.threshold;
}
const foreignKey = (): Promise<SigningKey> => openSigningKey(join(folder, 'foreign.pem'));
const isServed = (client: PredictClient, version: number) =>
  eventually(async () => expect(await ask(client)).toBe(version));
const isRefused = (reason: string) => eventually(() => expect(serving.lines.join('\n')).toContain(reason));

it('a version is served that is what its manifest says', async () => {
  registry.put(model.name, { live: 1 }, [await sign(plan(1))]);
  await isServed(await serving.start({ REGISTRY_URL: url }), 1);
});

// Guards the answers against whoever may write to the registry's tables: the threshold decides as much as the model does.
it('a version answers at the threshold that was signed, and at an adjusted one once that is', async () => {
  const adjusted = model.threshold / 2;
  registry.put(model.name, { live: 1 }, [{ ...(await sign(plan(1))), threshold: adjusted }]);
  const client = await serving.start({ REGISTRY_URL: url });
  await isServed(client, 1);
  expect(await thresholdOf(client)).toBeCloseTo(model.threshold, 6);
  expect(serving.lines.join('\n')).toContain('is not the one that was signed');
  registry.put(model.name, { live: 1 }, [await sign({ ...plan(1), threshold: adjusted })]);
  await eventually(async () => expect(await thresholdOf(client)).toBeCloseTo(adjusted, 6));
  registry.put(model.name, { live: 1 }, [await sign({ ...plan(1), threshold: 0.9 }, { by: await foreignKey() })]);
  await isRefused("is not signed by one of the registry's keys");
  expect(await thresholdOf(client)).toBeCloseTo(adjusted, 6);
});

it.each([
  ['has no manifest', async () => plan(2), 'has no manifest'],
  [
    'has another file than was signed',
    async () => ({ ...(await sign(plan(2))), artifactDigest: other.digest }),
    'artifactSha256 is not what was signed',
  ],
  [
    'has another signature than was signed',
    async () => ({ ...(await sign(plan(2))), signature: { ...model.signature, target: 'elsewhere' } }),
    'signatureSha256 is not what was signed',
  ],
  [
    'has the manifest of another version',
    async () => ({ ...plan(2), manifest: (await sign(plan(1))).manifest! }),
    'versionId is not what was signed',
  ],
  [
    'was signed as one of another model',
    async () => await sign(plan(2), { modelName: other.name }),
    'modelName is not what was signed',
  ],
  [
    'was signed by a key that is not the registry’s',
    async () => await sign(plan(2), { by: await foreignKey() }),
    "is not signed by one of the registry's keys",
  ],
])('a version that %s is refused with the reason, and the former one answers on', async (_what, make, reason) => {
  const good = await sign(plan(1));
  registry.put(model.name, { live: 1 }, [good]);
  const client = await serving.start({ REGISTRY_URL: url });
  await isServed(client, 1);
  registry.put(model.name, { live: 2 }, [good, await make()]);
  await isRefused(reason);
  expect(await ask(client)).toBe(1);
  registry.put(model.name, { live: 2 }, [good, await sign(plan(2), { atMs: 1_000 })]); // signed anew
  await isServed(client, 2);
});

it('a start without the registry holds versions against the keys that were kept with the plan', async () => {
  registry.put(model.name, { live: 1 }, [await sign(plan(1))]);
  await isServed(await serving.start({ REGISTRY_URL: url }), 1);
  await serving.stop();
  await isServed(await serving.start({ REGISTRY_URL: 'http://127.0.0.1:1' }), 1);
  await serving.stop();
  registry.put(model.name, { live: 2 }, [plan(2)]);
  registry.manifestKeys = undefined; // as a registry of before would answer: what was known is not forgotten
  const client = await serving.start({ REGISTRY_URL: url });
  await isRefused('has no manifest');
  expect(await ask(client)).not.toBe(2);
});

it('versions of a registry that knows no manifests are served as before', async () => {
  registry.manifestKeys = undefined;
  registry.put(model.name, { live: 1 }, [plan(1)]);
  await isServed(await serving.start({ REGISTRY_URL: url }), 1);
});
