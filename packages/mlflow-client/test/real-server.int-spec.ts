import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pythonOfMlflow, startTestMlflow, type TestMlflow } from '@gimbal/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { allOf, isUnknownRoute, MlflowClient, proxiedPath } from '../src/index.js';

for (const major of [2, 3] as const) {
  const python = pythonOfMlflow(major);
  (python === null ? describe.skip : describe)(`a real MLflow ${major} server`, () => {
    let server: TestMlflow;
    let mlflow: MlflowClient;

    beforeAll(async () => {
      server = await startTestMlflow(python ?? '');
      mlflow = new MlflowClient({ trackingUri: server.url });
    });
    afterAll(async () => {
      await mlflow?.close();
      await server?.dispose();
    });

    it('tells its version and its health', async () => {
      expect(await mlflow.version()).toMatch(new RegExp(`^${major}\\.`));
      await mlflow.checkHealth();
    });

    it('keeps experiments: created, found, renamed, tagged, deleted, restored', async () => {
      const experimentId = await mlflow.experiments.create({ name: 'first', tags: { team: 'hearts' } });
      expect(await mlflow.experiments.findByName('first')).toMatchObject({ experimentId, tags: { team: 'hearts' } });
      expect(await mlflow.experiments.findByName('another')).toBeUndefined();
      await mlflow.experiments.rename(experimentId, 'second');
      await mlflow.experiments.setTag(experimentId, 'stage', 'rätsel');
      await mlflow.experiments.delete(experimentId);
      expect(await mlflow.experiments.find(experimentId)).toMatchObject({
        ...{ name: 'second', lifecycleStage: 'deleted' },
        tags: { team: 'hearts', stage: 'rätsel' },
      });
      await mlflow.experiments.restore(experimentId);
      const names: string[] = [];
      const found = allOf((pageToken) => mlflow.experiments.search({ maxResults: 1, pageToken }));
      for await (const { name } of found) names.push(name);
      expect(names.toSorted()).toEqual(['Default', 'second']);
      await expect(mlflow.experiments.create({ name: 'second' })).rejects.toMatchObject({
        ...{ status: 400, errorCode: 'RESOURCE_ALREADY_EXISTS', failure: 'refused', isTransient: false },
        message: expect.stringContaining('400 RESOURCE_ALREADY_EXISTS: Experiment'),
      });
    });

    it('keeps runs with parameters, tags, the whole history of metrics, and numbers that JSON has no word for', async () => {
      const { info } = await mlflow.runs.create({ experimentId: '0', runName: 'a run', startTime: 1_700_000_000_000 });
      const point = (value: number, step: bigint) => ({ key: 'loss', value, timestamp: 1_700_000_000_001, step });
      const batch = {
        metrics: [
          point(0.5, 0n),
          point(Number.NaN, 1n),
          point(Number.POSITIVE_INFINITY, 2n),
          point(0.25, -(2n ** 62n)),
        ],
        params: { depth: '3' },
        tags: { who: 'grace' },
      };
      await mlflow.runs.logBatch(info.runId, batch);
      // Again without NaN, which MLflow 2 does not recognise.
      await mlflow.runs.logBatch(info.runId, { ...batch, metrics: batch.metrics.filter(({ step }) => step !== 1n) });
      await mlflow.runs.logInputs(info.runId, [
        { dataset: { name: 'hearts', digest: 'abc', sourceType: 'local', source: 'hearts.csv' } },
      ]);
      const history = await mlflow.runs.metricHistory(info.runId, 'loss');
      expect(history.items.map(({ step }) => step).toSorted()).toEqual([-(2n ** 62n), 0n, 1n, 2n].toSorted());
      await mlflow.runs.update(info.runId, { status: 'FINISHED', endTime: 1_700_000_001_000, runName: 'the run' });
      await mlflow.runs.deleteTag(info.runId, 'who');
      const { items } = await mlflow.runs.search({ experimentIds: ['0'], filter: "params.depth = '3'" });
      expect(items).toEqual([await mlflow.runs.find(info.runId)]);
      expect(items[0]).toMatchObject({
        info: { runName: 'the run', status: 'FINISHED', startTime: 1_700_000_000_000, endTime: 1_700_000_001_000 },
        data: { params: { depth: '3' }, metrics: [{ key: 'loss', step: 2n }] },
      });
      await mlflow.runs.delete(info.runId);
      expect((await mlflow.runs.find(info.runId))?.info.lifecycleStage).toBe('deleted');
      await mlflow.runs.restore(info.runId);
      expect(await mlflow.runs.find('0'.repeat(32))).toBeUndefined();
    });

    it('registers models, versions, stages and aliases', async () => {
      const { info } = await mlflow.runs.create({ experimentId: '0' });
      await mlflow.registeredModels.create({ name: 'hearts', description: 'beats', tags: { a: 'b' } });
      const source = `${info.artifactUri}/model`;
      const first = await mlflow.modelVersions.create({ name: 'hearts', source, runId: info.runId, tags: { c: 'd' } });
      expect(first).toMatchObject({ version: 1, source, tags: { c: 'd' }, currentStage: 'None' });
      await mlflow.modelVersions.moveToStage('hearts', 1, 'Staging');
      await mlflow.modelVersions.describe('hearts', 1, 'the first');
      await mlflow.modelVersions.setTag('hearts', 1, { key: 'e', value: 'f' });
      await mlflow.modelVersions.deleteTag('hearts', 1, 'c');
      await mlflow.registeredModels.setAlias('hearts', 'champion', 1);
      expect(await mlflow.registeredModels.versionByAlias('hearts', 'champion')).toMatchObject({
        ...{ version: 1, currentStage: 'Staging', description: 'the first', tags: { e: 'f' } },
      });
      await mlflow.registeredModels.rename('hearts', 'the hearts');
      expect(await mlflow.registeredModels.find('the hearts')).toMatchObject({
        aliases: [{ alias: 'champion', version: 1 }],
      });
      expect(await mlflow.modelVersions.downloadUri('the hearts', 1)).toBe(source);
      await mlflow.modelVersions.create({ name: 'the hearts', source, runId: info.runId });
      const search = { filter: "name = 'the hearts'", orderBy: ['version_number DESC'] };
      expect((await mlflow.modelVersions.search(search)).items.map(({ version }) => version)).toEqual([2, 1]);
      const named = await mlflow.registeredModels.search({ orderBy: ['name DESC'], maxResults: 1 });
      expect(named.items.map(({ name }) => name)).toEqual(['the hearts']);
      await mlflow.registeredModels.deleteAlias('the hearts', 'champion');
      await mlflow.modelVersions.delete('the hearts', 1);
      expect(await mlflow.modelVersions.find('the hearts', 1)).toBeUndefined();
      await mlflow.registeredModels.delete('the hearts');
      expect(await mlflow.registeredModels.find('the hearts')).toBeUndefined();
    });

    it('streams files up and down through the server, whatever their names', async () => {
      const { info } = await mlflow.runs.create({ experimentId: '0' });
      const root = proxiedPath(info.artifactUri) ?? '';
      const content = randomBytes(3_000_000);
      const pieces = [content.subarray(0, 1), content.subarray(1)];
      await mlflow.artifacts.upload({
        path: `${root}/sub/ä file.bin`,
        body: Readable.from(pieces),
        bytes: content.length,
      });
      expect(await mlflow.artifacts.list(`${root}/sub`)).toEqual([
        { path: 'ä file.bin', isDir: false, fileSize: 3_000_000 },
      ]);
      expect((await buffer(await mlflow.artifacts.open(`${root}/sub/ä file.bin`))).equals(content)).toBe(true);
      await mlflow.artifacts.delete(`${root}/sub/ä file.bin`);
      expect(await mlflow.artifacts.list(`${root}/sub`)).toEqual([]);
      await mlflow.artifacts.delete(`${root}/never`);
    });

    it(major === 3 ? 'keeps logged models' : 'knows no logged models, and says so', async () => {
      const created = mlflow.loggedModels.create({
        experimentId: '0',
        name: 'm',
        params: { a: '1' },
        tags: { b: '2' },
      });
      if (major === 2) {
        const failure: unknown = await created.catch((error: unknown) => error);
        expect(isUnknownRoute(failure)).toBe(true);
        return;
      }
      const { info } = await created;
      await mlflow.loggedModels.setTags(info.modelId, { c: '3' });
      await mlflow.loggedModels.deleteTag(info.modelId, 'b');
      await mlflow.loggedModels.finalize(info.modelId, 'LOGGED_MODEL_READY');
      const { items } = await mlflow.loggedModels.search({ experimentIds: ['0'], filter: "tags.c = '3'" });
      expect(items).toMatchObject([
        { info: { modelId: info.modelId, status: 'LOGGED_MODEL_READY' }, data: { params: { a: '1' } } },
      ]);
      const { info: run } = await mlflow.runs.create({ experimentId: '0' });
      await mlflow.runs.logOutputs(run.runId, [{ modelId: info.modelId, step: 0n }]);
      await mlflow.runs.logModelInputs(run.runId, [info.modelId]);
      const metric = { key: 'auc', value: 0.9, timestamp: 1_700_000_000_000, step: 3n, modelId: info.modelId };
      await mlflow.runs.logBatch(run.runId, { metrics: [metric] });
      const links = [{ modelId: info.modelId }];
      expect(await mlflow.runs.find(run.runId)).toMatchObject({
        ...{ inputs: { modelInputs: links }, outputs: { modelOutputs: links } },
      });
      expect((await mlflow.loggedModels.find(info.modelId))?.data.metrics).toMatchObject([
        { key: 'auc', value: 0.9, step: 3n },
      ]);
      await mlflow.loggedModels.delete(info.modelId);
      expect(await mlflow.loggedModels.find(info.modelId)).toBeUndefined();
    });
  });
}
