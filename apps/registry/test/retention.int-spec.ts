import { randomUUID } from 'node:crypto';
import { eventually } from '@gimbal/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { UnnamedContent } from '../src/artifacts/unnamed-content.service.js';
import { type RegistryHarness, startRegistry } from './registry-harness.js';
import { auditOf, promote, register } from './versions.js';
import { servableFile } from './write-onnx.js';

let registry: RegistryHarness;
beforeAll(async () => {
  registry = await startRegistry();
});
afterAll(() => registry.dispose());

const roles = ['admin'];
const put = (model: string, body: object) =>
  registry.call({ method: 'PUT', path: `/api/v1/models/${model}/retention`, body, roles });
const run = async (body: object) =>
  (await registry.call({ method: 'POST', path: '/api/v1/registry/retention', body, roles })).body;
const goneOf = async (body: object): Promise<string[]> =>
  (await run(body)).gone.map(
    ({ model_name, version }: { model_name: string; version: number }) => `${model_name} ${version}`,
  );
const numbers = async (model: string): Promise<number[]> =>
  (await registry.rows.modelVersion.findMany({ where: { modelName: model }, orderBy: { version: 'asc' } })).map(
    ({ version }) => version,
  );
async function failures(): Promise<number> {
  const text = String((await registry.call({ path: '/metrics' })).body);
  return Number(/^gimbal_retention_failures_total(?:{.*})? (\d+)/m.exec(text)?.[1] ?? 0);
}
async function grow(
  model: string,
  count: number,
  changes: (version: number) => Readonly<Record<string, unknown>> = () => ({}),
): Promise<void> {
  for (let version = 1; version <= count; version++) await register(registry, model, changes(version));
}

describe('versions that nobody needs', () => {
  it('are told by a dry run with the reasons of the others, and nothing is removed', async () => {
    await grow('heart', 4);
    await put('heart', { keep_versions: 2, keep_days: 0 });
    expect(await run({ model: 'heart' })).toMatchObject({
      dry_run: true,
      gone: [{ version: 1, artifact_bytes: expect.any(Number) }, { version: 2 }],
      kept: [
        { version: 3, reasons: ['newest'] },
        { version: 4, reasons: ['newest'] },
      ],
      cut: false,
    });
    expect(await numbers('heart')).toEqual([1, 2, 3, 4]);
  });

  it('are removed when asked to, with an audit, and their numbers are not given again', async () => {
    expect(await goneOf({ model: 'heart', dry_run: false })).toEqual(['heart 1', 'heart 2']);
    expect(await numbers('heart')).toEqual([3, 4]);
    expect((await auditOf(registry, 'heart')).filter(({ action }) => action === 'model.version-deleted')).toHaveLength(
      2,
    );
    expect((await register(registry, 'heart')).body.version).toBe(5);
    const gone = await registry.call({ path: '/api/v1/models/heart/versions/1' });
    expect(gone.body.code).toBe('version-not-found');
  });

  it('are those of models with a policy alone', async () => {
    await grow('lung', 3);
    expect((await registry.call({ path: '/api/v1/models/lung/retention' })).body).toMatchObject({
      source: 'none',
      policy: null,
    });
    expect(await goneOf({})).toEqual(['heart 3']);
    const configured = await registry.replica({ RETENTION_KEEP_VERSIONS: '1', RETENTION_KEEP_DAYS: '0' });
    const { body } = await configured.call({ method: 'POST', path: '/api/v1/registry/retention', body: {}, roles });
    expect(body.gone.filter(({ model_name }: { model_name: string }) => model_name === 'lung')).toHaveLength(2);
    await configured.dispose();
  });
});

it('a version that is live, in traffic, named by an alias, a child, a decision, a prediction, monitoring or the agent stays', async () => {
  const parents: Readonly<Record<number, Readonly<Record<string, unknown>>>> = { 8: { parent_version: 3 } };
  await grow('kidney', 9, (version) => parents[version] ?? {});
  await put('kidney', { keep_versions: 1, keep_days: 0 });
  await promote(registry, { model: 'kidney', version: 1, expected: null });
  await promote(registry, { model: 'kidney', version: 2, expected: 1, roles: ['admin'] }, { force: true });
  const plan = { live: 2, shadow: [4] };
  const { headers } = await registry.call({ path: '/api/v1/models/kidney/traffic' });
  await registry.call({
    ...{ method: 'PUT', path: '/api/v1/models/kidney/traffic', body: plan },
    headers: { 'if-match': String(headers['etag']) },
  });
  const body = { version: 5, reason: 'Because.' };
  await registry.call({ method: 'PUT', path: '/api/v1/models/kidney/aliases/next', body });
  const idOf = async (version: number) =>
    (await registry.rows.modelVersion.findFirstOrThrow({ where: { modelName: 'kidney', version } })).id;
  const window = { from: new Date(0), until: new Date(1) };
  const { id: assessmentId } = await registry.rows.healthAssessment.create({
    data: { modelName: 'kidney', modelVersion: 6, modelId: await idOf(6), trigger: 'x', requestedBy: 'x', ...window },
  });
  const incident = { create: { assessmentId, modelName: 'kidney', conclusion: 'drift', diagnoses: [] } };
  const hash = 'a'.repeat(64);
  await registry.rows.agentAction.create({
    data: {
      ...{ actionId: randomUUID(), incident, actionType: 'retrain-model', riskLevel: 'low', requiresApproval: false },
      ...{ modelName: 'kidney', modelVersion: 7, reason: 'Drift.', arguments: {}, argumentsHash: hash, evidence: {} },
      ...{ evidenceHash: hash, proposedBy: 'agent' },
    },
  });
  await registry.rows.prediction.create({
    data: {
      ...{
        id: randomUUID(),
        modelId: await idOf(1),
        modelName: 'kidney',
        modelVersion: 1,
        features: {},
        prediction: 1,
      },
      ...{ threshold: 0.5, latencyMs: 1, createdAt: new Date() },
    },
  });

  const report = await run({ model: 'kidney', dry_run: false });
  const reasons = new Map<number, string[]>(
    report.kept.map(({ version, reasons: why }: { version: number; reasons: string[] }) => [version, why]),
  );
  expect(reasons.get(1)).toEqual(expect.arrayContaining(['predictions', 'decision', 'in-traffic-lately']));
  expect(reasons.get(2)).toEqual(expect.arrayContaining(['live', 'in-traffic', 'alias', 'decision']));
  expect([3, 4, 5, 6, 7, 9].map((version) => reasons.get(version))).toEqual([
    ['parent'],
    ['in-traffic'],
    ['alias'],
    ['monitored'],
    ['agent-action'],
    ['newest'],
  ]);
  expect(report.gone.map(({ version }: { version: number }) => version)).toEqual([8]);

  // Its only child went: nothing refers to 3 any more. While a training runs, nothing goes.
  const training = await registry.rows.trainingRun.create({
    data: { modelName: 'kidney', state: 'running', data: {}, request: {}, requestedBy: 'grace' },
  });
  expect(await goneOf({ model: 'kidney' })).toEqual([]);
  await registry.rows.trainingRun.delete({ where: { id: training.id } });
  expect(await goneOf({ model: 'kidney' })).toEqual(['kidney 3']);
});

it('the file of a version that was removed goes with the next sweep, when no version is made of it any more', async () => {
  const [digest, copied] = [await registry.store(servableFile(3, 'one')), await registry.store(servableFile(3, 'two'))];
  for (const artifact_digest of [digest, copied, copied]) await register(registry, 'liver', { artifact_digest });
  await put('liver', { keep_versions: 1, keep_days: 0 });
  expect(await goneOf({ model: 'liver', dry_run: false })).toEqual(['liver 1', 'liver 2']);
  await registry.app.get(UnnamedContent).sweep(new Date(Date.now() + 366 * 86_400_000));
  const statusOf = async (file: string) =>
    (await registry.call({ path: `/internal/artifacts/${file}`, caller: 'serving' })).status;
  expect([await statusOf(digest), await statusOf(copied)]).toEqual([404, 200]);
  expect(await registry.rows.loggedModel.count({ where: { name: 'liver' } })).toBe(1);
});

// Guards the transaction's end: versions beyond what one turn removes go in the next, and none is told twice.
it('many versions go in one run', async () => {
  const model = 'skin';
  await register(registry, model);
  const { lastVersion } = await registry.rows.model.update({ where: { name: model }, data: { lastVersion: 451 } });
  await registry.rows.$executeRaw`
    INSERT INTO model_versions (model_name, version, algorithm, framework, feature_names, unserved_reason, code_version, created_by)
    SELECT ${model}, n, 'x', 'x', '[]', 'It is of no framework.', '', 'grace' FROM generate_series(2, ${lastVersion}::int) n`;
  await put(model, { keep_versions: 1, keep_days: 0 });
  expect(await goneOf({ model, dry_run: false })).toHaveLength(450);
  expect(await numbers(model)).toEqual([451]);
  const told = (await auditOf(registry, model)).filter(({ action }) => action === 'model.version-deleted');
  expect(told).toHaveLength(450);
  expect(new Set(told.map(({ at }) => at)).size).toBe(3); // each turn has one time
});

// Guards the cost of each removal: without an index, every one of them would read all predictions and reports there are.
it('every table that refers to versions has an index for it', async () => {
  const unindexed = await registry.rows.$queryRaw`
    SELECT c.conrelid::regclass::text AS "table", c.conname FROM pg_constraint c
    WHERE c.contype = 'f' AND c.confrelid = 'model_versions'::regclass AND c.conparentid = 0
      AND c.conrelid <> 'model_aliases'::regclass -- a model has few, and their key begins with it
      AND NOT EXISTS (
      SELECT FROM pg_index i WHERE i.indrelid = c.conrelid AND i.indpred IS NULL
        AND (i.indkey::int2[])[0:cardinality(c.conkey) - 1] @> c.conkey)`;
  expect(unindexed).toEqual([]);
});

// Guards all models against one: what cannot be judged would keep old versions of every model after it for ever.
it('a model that fails is reported, the others are gone through, and it is tried again', async () => {
  await grow('appendix', 2);
  await grow('thymus', 2);
  for (const model of ['appendix', 'thymus']) await put(model, { keep_versions: 1, keep_days: 0 });
  const broken = { modelName: 'appendix', plan: { live: 'none' }, reason: '', updatedBy: 'nobody' };
  const { revision } = await registry.rows.trafficPlan.create({ data: { ...broken, revision: 99 } });
  const failuresBefore = await failures();
  expect(await run({ dry_run: false })).toMatchObject({
    gone: expect.arrayContaining([expect.objectContaining({ model_name: 'thymus', version: 1 })]),
    failed: [{ model_name: 'appendix', reason: 'The log of the registry says why.' }],
  });
  expect([await numbers('appendix'), await numbers('thymus')]).toEqual([[1, 2], [2]]);
  expect((await failures()) - failuresBefore).toBe(1);
  await registry.rows.trafficPlan.delete({ where: { modelName_revision: { modelName: 'appendix', revision } } });
  expect(await run({ dry_run: false })).toMatchObject({ gone: [{ model_name: 'appendix' }], failed: [] });
});

it('a run removes by itself, from time to time', async () => {
  await grow('spleen', 2);
  await put('spleen', { keep_versions: 1, keep_days: 0 });
  const replica = await registry.replica({ RETENTION_INTERVAL: '1000' });
  try {
    await eventually(async () => expect(await numbers('spleen')).toEqual([2]));
  } finally {
    await replica.dispose();
  }
});

it('what can not be meant is refused', async () => {
  expect((await put('heart', { keep_versions: 0, keep_days: 1 })).body.code).toBe('validation-failed');
  expect((await put('nobody', { keep_versions: 1, keep_days: 1 })).body.code).toBe('model-not-found');
  expect((await run({ model: 'nobody' })).code).toBe('model-not-found');
});
