import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type RegistryHarness, startRegistry } from './registry-harness.js';
import { holdout, promote, register } from './versions.js';

let registry: RegistryHarness;

beforeAll(async () => {
  registry = await startRegistry();
  await register(registry, 'heart', { description: 'The 100% sure one_' });
  await register(registry, 'heart', {
    ...{ framework: 'gimbal', algorithm: 'logistic-regression', description: 'Second.' },
    evaluation: { holdout: holdout({ f1_score: 0.9, log_loss: 0.2 }), cross_validation: null, versus_live: [] },
  });
  await register(registry, 'lung', {
    evaluation: {
      holdout: null,
      scores: { rows: 9, primary: 'rmse', better: 'lower', constant: 9, values: { rmse: 1.5 }, cross_validation: null },
      ...{ cross_validation: null, versus_live: [] },
    },
  });
  await promote(registry, { model: 'heart', version: 1, expected: null });
  const { id: runId, experimentId } = await registry.rows.run.create({
    data: { name: 'run', createdBy: 'grace', experiment: { create: { name: 'lungs', createdBy: 'grace' } } },
  });
  const now = new Date();
  await registry.rows.runLatestMetric.create({
    data: { runId, experimentId, runStartedAt: now, key: 'dice', value: 0.7, step: 3, at: now },
  });
  await registry.rows.modelVersion.create({
    data: {
      ...{ modelName: 'lung', version: 2, algorithm: 'unet', framework: 'pytorch', featureNames: [], runId },
      ...{ unservedReason: 'The model is no ONNX file.', codeVersion: '', createdBy: 'grace', tags: { team: 'a=b' } },
    },
  });
  await registry.rows.model.update({ where: { name: 'lung' }, data: { tags: { owner: 'ada' }, lastVersion: 2 } });
});
afterAll(() => registry.dispose());

const search = async (query: string): Promise<string[]> => {
  const { body } = await registry.call({ path: `/api/v1/versions?${query}` });
  const versions: { model_name: string; version: number }[] = body.items;
  return versions.map(({ model_name, version }) => `${model_name} ${version}`).sort();
};
const models = async (query: string): Promise<string[]> =>
  (await registry.call({ path: `/api/v1/models?${query}` })).body.items.map(({ name }: { name: string }) => name);

describe('versions of all models', () => {
  it('are found by framework, family, stage, alias and whether they can be served', async () => {
    expect(await search('')).toEqual(['heart 1', 'heart 2', 'lung 1', 'lung 2']);
    expect(await search('framework=gimbal')).toEqual(['heart 2']);
    expect(await search('algorithm=random-forest&stage=training')).toEqual(['lung 1']);
    expect(await search('alias=live')).toEqual(['heart 1']);
    expect(await search('served=false')).toEqual(['lung 2']);
    expect(await search('served=true&framework=pytorch')).toEqual([]);
  });

  it('are found by any measurement: of the holdout, of the task, or logged by the run', async () => {
    expect(await search('min_accuracy=0.8')).toEqual(['heart 1', 'heart 2']);
    expect(await search('metric=f1_score&min=0.85')).toEqual(['heart 2']);
    expect(await search('metric=log_loss&max=0.3')).toEqual(['heart 2']);
    expect(await search('metric=rmse&min=1&max=2')).toEqual(['lung 1']);
    expect(await search('metric=dice&min=0.7')).toEqual(['lung 2']);
    expect(await search('metric=nothing&min=0')).toEqual([]);
  });

  it('are found by tag and text, whatever signs these hold', async () => {
    expect(await search('tag=team')).toEqual(['lung 2']);
    expect(await search(`tag=${encodeURIComponent('team=a=b')}`)).toEqual(['lung 2']);
    expect(await search('tag=team%3Dc')).toEqual([]);
    expect(await search('text=SURE')).toEqual(['heart 1']);
    expect(await search(`text=${encodeURIComponent('100% sure one_')}`)).toEqual(['heart 1']);
    expect(await search('text=%25%25')).toEqual([]);
    expect(await search(`text=${encodeURIComponent(`' OR 1=1 --`)}`)).toEqual([]);
    expect(await search('text=lung')).toEqual(['lung 1', 'lung 2']);
  });

  it('come in pages', async () => {
    const first = await registry.call({ path: '/api/v1/versions?limit=3' });
    expect(first.body.items).toHaveLength(3);
    expect(await search(`limit=3&cursor=${first.body.next_cursor}`)).toEqual(['heart 1']);
  });

  it('refuse a question that can not be meant', async () => {
    for (const query of [
      'metric=f1_score',
      'min=1',
      'metric=f1_score&min=high',
      'stage=live',
      'tag=%3Dx',
      'served=maybe',
    ])
      expect([query, (await registry.call({ path: `/api/v1/versions?${query}` })).body.code]).toEqual([
        query,
        'validation-failed',
      ]);
  });
});

it('a model is found by what one of its versions fulfils, and by its own tags and text', async () => {
  expect(await models('metric=rmse&max=2')).toEqual(['lung']);
  expect(await models('metric=f1_score&min=0.85&stage=production')).toEqual([]);
  expect(await models('tag=owner=ada')).toEqual(['lung']);
  expect(await models('text=EAR')).toEqual(['heart']);
});

it('the statistics count models, versions, days and bytes, the same content once', async () => {
  const { body } = await registry.call({ path: '/api/v1/registry/statistics' });
  const files = await registry.rows.loggedModelArtifact.findMany();
  const models = await registry.rows.modelVersion.findMany({ where: { artifactBytes: { not: null } } });
  const sizes = new Map([
    ...files.map(({ digest, bytes }) => [digest, Number(bytes)] as const),
    ...models.map(({ artifactDigest, artifactBytes }) => [artifactDigest, Number(artifactBytes)] as const),
  ]);
  const total = [...sizes.values()].reduce((sum, bytes) => sum + bytes, 0);
  expect(body).toMatchObject({
    ...{ models: 2, live_models: 1, versions: 4, served_versions: 3, runs: 1 },
    versions_by_stage: { training: 3, staging: 0, production: 1, archived: 0 },
    versions_by_framework: { onnx: 2, gimbal: 1, pytorch: 1 },
    storage: { model_files: Number(models[0]?.artifactBytes), run_files: 0, total }, // all have the same model file
  });
  expect(body.registrations_per_day).toHaveLength(30);
  const counted = body.registrations_per_day.reduce(
    (sum: number, { versions }: { versions: number }) => sum + versions,
    0,
  );
  expect(counted).toBe(4);
});
