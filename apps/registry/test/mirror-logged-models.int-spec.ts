import type { MlflowClient } from '@gimbal/mlflow-client';
import { eventually, pythonOfMlflow } from '@gimbal/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MirrorWorld } from './mirror-world.js';
import type { RegistryHarness } from './registry-harness.js';

const MODEL = `m-${'7'.repeat(32)}`;

for (const major of [3, 2] as const) {
  const python = pythonOfMlflow(major);
  (python === null ? describe.skip : describe)(`what runs read and measured, on a real MLflow ${major} server`, () => {
    let world: MirrorWorld;
    let registry: RegistryHarness;
    let mlflow: MlflowClient;
    let experimentId: string;
    let runId: string;
    beforeAll(async () => {
      world = await MirrorWorld.start(python ?? '');
      ({ registry, mlflow } = world);
      ({ id: experimentId } = await world.post('/api/v1/experiments', { name: 'read and measured' }));
      ({ id: runId } = await world.post(`/api/v1/experiments/${experimentId}/runs`, { name: 'evaluation' }));
      await registry.rows.loggedModel.create({
        data: { id: MODEL, experimentId, name: 'net', state: 'ready', createdBy: 'grace' },
      });
    });
    afterAll(() => world?.dispose());

    const measure = (value: number, step: bigint) =>
      registry.rows.loggedModelMetric.create({
        data: {
          ...{ modelId: MODEL, runId, key: 'auc', value, step, at: new Date(1_700_000_000_000) },
          datasetName: 'hearts',
          datasetDigest: 'abc',
        },
      });
    const told = () => eventually(async () => expect((await world.stateOf(MODEL)).state).toBe('synced'));
    const runThere = async () => {
      const row = await registry.rows.mlflowSync.findFirstOrThrow({ where: { entityId: runId } });
      return await mlflow.runs.find(row.mlflowId ?? '');
    };

    it('the tables that a run read are there, with their contexts', async () => {
      const dataset = await registry.rows.usedDataset.create({
        data: { experimentId, name: 'hearts', digest: 'abc', sourceType: 'local', source: 'hearts.csv' },
      });
      await registry.rows.runInput.create({
        data: { runId, datasetId: dataset.id, tags: { 'mlflow.data.context': 'training' } },
      });
      await eventually(async () => {
        const { items } = await mlflow.runs.search({
          ...{ experimentIds: [(await runThere())?.info.experimentId ?? ''], filter: "datasets.name = 'hearts'" },
        });
        expect(items.map(({ info }) => info.runName)).toEqual(['evaluation']);
      });
    });

    if (major === 2) {
      it('logged models are named as what the server does not know, and nothing fails of it', async () => {
        await measure(0.9, 1n);
        await told();
        expect((await world.stateOf(MODEL)).reason).toMatch(/^The server is older than MLflow 3/);
        expect(await world.health()).toMatchObject({ backlog: { failed: 0, conflicts: 0 } });
        const { missing } = await world.post('/api/v1/mlflow/reconcile', { cursor: 'logged-model:' });
        expect(missing).toMatchObject([
          { id: MODEL, detail: expect.stringMatching(/^The server is older than MLflow 3/) },
        ]);
      });
      return;
    }

    it('what runs measured of a logged model, and which runs read it, is there, once, also of what comes later', async () => {
      await registry.rows.runModel.create({ data: { runId, modelId: MODEL, role: 'input' } });
      for (const step of [1n, 2n]) await measure(0.9, step);
      const idThere = async () =>
        (await registry.rows.mlflowSync.findFirstOrThrow({ where: { entityId: MODEL } })).mlflowId ?? '';
      const stepsThere = async () =>
        (await mlflow.loggedModels.find(await idThere()))?.data.metrics.map(({ step }) => step);
      await eventually(async () => expect(await stepsThere()).toEqual([1n, 2n]));
      await measure(0.95, 3n);
      await eventually(async () => expect(await stepsThere()).toEqual([1n, 2n, 3n]));
      // As after a crash between telling and noting it.
      await registry.rows.mlflowSync.updateMany({
        where: { entityId: MODEL },
        data: { metricsBefore: null, state: 'pending' },
      });
      await told();
      expect(await stepsThere()).toEqual([1n, 2n, 3n]);
      expect((await runThere())?.inputs.modelInputs).toEqual([{ modelId: await idThere() }]);
    });
  });
}
