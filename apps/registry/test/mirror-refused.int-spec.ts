import { createHash } from 'node:crypto';
import { type MlflowClient, proxiedPath } from '@gimbal/mlflow-client';
import { eventually, pythonOfMlflow } from '@gimbal/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MirrorWorld } from './mirror-world.js';
import type { RegistryHarness } from './registry-harness.js';
import { register } from './versions.js';

const LOST = Buffer.from('a file that the artifact store has lost');
const LOST_DIGEST = createHash('sha256').update(LOST).digest('hex');

for (const major of [3, 2] as const) {
  const python = pythonOfMlflow(major);
  (python === null ? describe.skip : describe)(`a version that a real MLflow ${major} server cannot be told`, () => {
    let world: MirrorWorld;
    let registry: RegistryHarness;
    let mlflow: MlflowClient;
    beforeAll(async () => {
      world = await MirrorWorld.start(python ?? '');
      ({ registry, mlflow } = world);
    });
    afterAll(() => world?.dispose());

    const versionHere = (version: number) =>
      registry.rows.modelVersion.findFirstOrThrow({ where: { modelName: 'heart', version } });
    const stateOf = async (version: number) => await world.stateOf((await versionHere(version)).id);
    const numbersThere = async () => {
      const { items } = await mlflow.modelVersions.search({
        filter: "name = 'heart'",
        orderBy: ['version_number ASC'],
      });
      return items.map(({ version, tags }) => [version, tags['gimbal.version_id']]);
    };
    const idsOf = async (versions: readonly number[]) =>
      Promise.all(versions.map(async (version) => [version, (await versionHere(version)).id]));

    it('ends as failed with its reason, and holds its number while later ones are told', async () => {
      await world.server.kill();
      for (let count = 0; count < 4; count += 1) await register(registry, 'heart');
      const { id } = await versionHere(2);
      const data = { artifactDigest: LOST_DIGEST, loggedModelId: null, source: null, description: 'The second.' };
      await registry.rows.modelVersion.update({ where: { id }, data });
      await world.server.restart();
      await world.settled();
      await eventually(async () => expect((await stateOf(4)).state).toBe('synced'));
      expect(await stateOf(2)).toMatchObject({ state: 'failed', reason: expect.stringContaining(LOST_DIGEST) });
      expect(await numbersThere()).toEqual(await idsOf([1, 2, 3, 4]));
      const held = await mlflow.modelVersions.find('heart', 2);
      expect(held?.tags['gimbal.not_mirrored']).toContain(LOST_DIGEST);
      expect(await world.health()).toMatchObject({ status: 'degraded', backlog: { failed: 1, conflicts: 0 } });
    });

    it('is listed with its reason, and whole there when it is tried again and can be told', async () => {
      const list = await registry.call({ path: '/api/v1/mlflow/refusals' });
      const { id } = await versionHere(2);
      expect(list.body.items).toMatchObject([{ kind: 'model-version', id, state: 'failed', name: 'heart/2' }]);
      await registry.store(LOST);
      expect(await world.post('/api/v1/mlflow/retry', { id })).toEqual({ retried: 1 });
      await eventually(async () => expect((await stateOf(2)).state).toBe('synced'));
      const there = await mlflow.modelVersions.find('heart', 2);
      expect(there).toMatchObject({ description: 'The second.' });
      expect(there?.tags['gimbal.not_mirrored']).toBeUndefined();
      const files = await mlflow.artifacts.list(proxiedPath(there?.source ?? '') ?? '');
      expect(files).toMatchObject([{ path: 'model.onnx', fileSize: LOST.length }]);
      expect(await world.health()).toMatchObject({ status: 'healthy', backlog: { failed: 0 } });
      expect(await world.post('/api/v1/mlflow/retry', {})).toEqual({ retried: 0 });
    });

    it('is a conflict where its number is somebody else’s, which stays as it is, and later ones get theirs', async () => {
      const { info } = await mlflow.runs.create({ experimentId: '0' });
      const theirs = await mlflow.modelVersions.create({
        ...{ name: 'heart', source: info.artifactUri, runId: info.runId, description: 'theirs' },
      });
      expect(theirs.version).toBe(5);
      await register(registry, 'heart');
      await register(registry, 'heart');
      await eventually(async () => expect((await stateOf(6)).state).toBe('synced'));
      expect(await stateOf(5)).toEqual({
        state: 'conflict',
        reason: 'Somebody else registered version 5 of heart there.',
      });
      expect(await mlflow.modelVersions.find('heart', 5)).toMatchObject({ description: 'theirs' });
      expect((await numbersThere()).map(([version]) => version)).toEqual([1, 2, 3, 4, 5, 6]);
    });

    it('gets its number after all when the model is removed there: all is told anew', async () => {
      await mlflow.registeredModels.delete('heart');
      await registry.rows.model.update({ where: { name: 'heart' }, data: { description: 'Again.' } });
      await eventually(async () => expect(await numbersThere()).toEqual(await idsOf([1, 2, 3, 4, 5, 6])));
    });

    it('stays deleted there when it was deleted there, and costs no number', async () => {
      await mlflow.modelVersions.delete('heart', 3);
      const { id } = await versionHere(3);
      await registry.rows.modelVersion.update({ where: { id }, data: { description: 'Told?' } });
      await eventually(async () => expect((await stateOf(3)).state).toBe('conflict'));
      await register(registry, 'heart');
      await eventually(async () => expect((await stateOf(7)).state).toBe('synced'));
      expect((await numbersThere()).map(([version]) => version)).toEqual([1, 2, 4, 5, 6, 7]);
    });
  });
}
