import { buffer } from 'node:stream/consumers';
import { allOf, type MlflowClient, proxiedPath, type Run } from '@gimbal/mlflow-client';
import { eventually, pythonOfMlflow, type TestMlflow } from '@gimbal/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MirrorWorld } from './mirror-world.js';
import type { RegistryHarness } from './registry-harness.js';
import { promote, register } from './versions.js';

for (const major of [3, 2] as const) {
  const python = pythonOfMlflow(major);
  (python === null ? describe.skip : describe)(`the mirror on a real MLflow ${major} server`, () => {
    let world: MirrorWorld;
    let server: TestMlflow;
    let mlflow: MlflowClient;
    let registry: RegistryHarness;
    beforeAll(async () => {
      world = await MirrorWorld.start(python ?? '');
      ({ server, mlflow, registry } = world);
    });
    afterAll(() => world?.dispose());

    const post = (path: string, body: object) => world.post(path, body);
    const health = () => world.health();
    const settled = () => world.settled();
    const runsThere = async (): Promise<readonly Run[]> => {
      const { items: experiments } = await mlflow.experiments.search();
      const experimentIds = experiments.map(({ experimentId }) => experimentId);
      const runs: Run[] = [];
      const pages = allOf((pageToken) => mlflow.runs.search({ experimentIds, viewType: 'ALL', pageToken }));
      for await (const run of pages) runs.push(run);
      return runs;
    };
    const runThere = async (id: string) => {
      const found = (await runsThere()).filter(({ data }) => data.tags['gimbal.run_id'] === id);
      expect(found).toHaveLength(1);
      return found[0]!;
    };

    it('tells of experiments and runs with all that is logged to them, and of changes, deletions and restorations', async () => {
      const { id: experimentId } = await post('/api/v1/experiments', { name: 'hearts', tags: { team: 'rätsel' } });
      const { id } = await post(`/api/v1/experiments/${experimentId}/runs`, {
        ...{ name: 'the run', params: { depth: '3' }, tags: { who: 'grace' } },
      });
      const metrics = Array.from({ length: 1_000 }, (_, step) => ({ key: 'loss', value: 1 / (step + 1), step }));
      await post(`/api/v1/runs/${id}/metrics`, { metrics });
      await settled();
      const there = await runThere(id);
      expect(await mlflow.experiments.find(there.info.experimentId)).toMatchObject({
        name: 'hearts',
        tags: { team: 'rätsel' },
      });
      expect(there).toMatchObject({
        info: { runName: 'the run', status: 'RUNNING' },
        data: { params: { depth: '3' }, tags: { who: 'grace' }, metrics: [{ key: 'loss', value: 0.001, step: 999n }] },
      });

      await world.attach(id, 'plots/roc.svg', 'a plot');
      await post(`/api/v1/runs/${id}/metrics`, { metrics: [{ key: 'auc', value: 0.9, step: 1 }] });
      await registry.rows.runMetric.create({ data: { runId: id, key: 'auc', value: Number.NaN, step: 2n } });
      const latest = { runId_key: { runId: id, key: 'auc' } };
      await registry.rows.runLatestMetric.update({ where: latest, data: { value: Number.NaN, step: 2n } });
      await registry.rows.run.update({
        where: { id },
        data: { state: 'finished', endedAt: new Date(1_800_000_000_000), name: 'renamed' },
      });
      await registry.rows.runTag.delete({ where: { runId_key: { runId: id, key: 'who' } } });
      await settled();
      const changed = await runThere(id);
      expect(changed.info).toMatchObject({ runName: 'renamed', status: 'FINISHED', endTime: 1_800_000_000_000 });
      expect(changed.data.tags['who']).toBeUndefined();
      const history = await mlflow.runs.metricHistory(changed.info.runId, 'auc');
      expect(history.items.map(({ value }) => value)).toEqual([0.9, Number.NaN]);
      const root = proxiedPath(changed.info.artifactUri) ?? '';
      expect(String(await buffer(await mlflow.artifacts.open(`${root}/plots/roc.svg`)))).toBe('a plot');

      await registry.rows.run.update({ where: { id }, data: { lifecycle: 'deleted' } });
      await registry.rows.experiment.update({
        where: { id: experimentId },
        data: { lifecycle: 'deleted', name: 'old hearts' },
      });
      await settled();
      expect(await mlflow.experiments.find(there.info.experimentId)).toMatchObject({
        name: 'old hearts',
        lifecycleStage: 'deleted',
      });
      await registry.rows.experiment.update({ where: { id: experimentId }, data: { lifecycle: 'active' } });
      await registry.rows.run.update({ where: { id }, data: { lifecycle: 'active' } });
      await settled();
      expect((await runThere(id)).info.lifecycleStage).toBe('active');
      expect(await health()).toMatchObject({
        status: 'healthy',
        breaker: 'closed',
        version: expect.stringMatching(/^\d/),
      });
    });

    it('tells of models, versions with their files, stages and aliases, under the same numbers', async () => {
      await register(registry, 'heart');
      await register(registry, 'heart');
      await promote(registry, { model: 'heart', version: 1, expected: null });
      const body = { version: 2, reason: 'Better.' };
      await registry.call({ method: 'PUT', path: '/api/v1/models/heart/aliases/champion', body });
      await registry.rows.model.updateMany({
        where: { name: 'heart' },
        data: { description: 'Of hearts.', tags: { a: 'b' } },
      });
      await settled();
      const there = await mlflow.registeredModels.find('heart');
      expect(there).toMatchObject({ description: 'Of hearts.', tags: { a: 'b' } });
      expect(there?.aliases.toSorted((one, other) => one.version - other.version)).toEqual([
        { alias: 'live', version: 1 },
        { alias: 'champion', version: 2 },
      ]);
      const first = await mlflow.modelVersions.find('heart', 1);
      expect(first).toMatchObject({ currentStage: 'Production' });
      const row = await registry.rows.modelVersion.findFirstOrThrow({
        where: { modelName: 'heart', version: 1 },
        include: { loggedModel: { include: { artifacts: { orderBy: { path: 'asc' } } } } },
      });
      const files = row.loggedModel?.artifacts.map(({ path, bytes }) => ({ path, fileSize: Number(bytes) }));
      const listed = await mlflow.artifacts.list(proxiedPath(first?.source ?? '') ?? '');
      expect(listed.map(({ path, fileSize }) => ({ path, fileSize }))).toEqual(files);
    });

    it('loses and doubles nothing when the server is killed in the middle, and comes back', async () => {
      const { id: experimentId } = await post('/api/v1/experiments', { name: 'through a crash' });
      const ids: string[] = [];
      const write = async () => {
        const { id } = await post(`/api/v1/experiments/${experimentId}/runs`, {
          name: `run ${ids.length}`,
          tags: { a: 'b' },
        });
        await post(`/api/v1/runs/${id}/metrics`, { metrics: [{ key: 'auc', value: ids.length, step: 0 }] });
        ids.push(id);
      };
      const told = () =>
        registry.rows.mlflowSync.count({ where: { entityKind: 'run', entityId: { in: ids }, state: 'synced' } });
      while (ids.length < 20) await write();
      await eventually(async () => expect(await told()).toBeGreaterThan(0), { intervalMs: 1 });
      await server.kill();
      const began = performance.now();
      while (ids.length < 40) await write();
      const answer = await register(registry, 'without');
      expect({ status: answer.status, inTime: performance.now() - began < 60_000 }).toEqual({
        status: 201,
        inTime: true,
      });
      const away = await eventually(async () => {
        const state = await health();
        expect(state).toMatchObject({ status: 'unreachable', breaker: 'open', last_error: { status: null } });
        return state;
      });
      expect(away.backlog.entities).toBeGreaterThan(20);
      expect((await registry.call({ path: '/health' })).body.checks.mlflow.status).toBe('degraded');
      await server.restart();
      await settled();
      // As after a crash between making a run there and noting its id here.
      await registry.rows.mlflowSync.updateMany({
        where: { entityKind: 'run', entityId: { in: ids.slice(0, 5) } },
        data: { mlflowId: null, metricsBefore: null, state: 'pending' },
      });
      await settled();
      const there = new Map<string, number>();
      for (const { data } of await runsThere()) {
        const id = data.tags['gimbal.run_id'] ?? '';
        there.set(id, (there.get(id) ?? 0) + 1);
        if (ids.includes(id)) expect(data.metrics).toMatchObject([{ key: 'auc', value: ids.indexOf(id) }]);
      }
      expect(ids.map((id) => there.get(id))).toEqual(ids.map(() => 1));
      expect(await mlflow.modelVersions.find('without', 1)).toBeDefined();
      expect(await health()).toMatchObject({ status: 'healthy', breaker: 'closed' });
    });

    it('overwrites nothing of somebody else: it says what clashes', async () => {
      await mlflow.experiments.create({ name: 'theirs' });
      await mlflow.registeredModels.create({ name: 'their-model' });
      const { id } = await post('/api/v1/experiments', { name: 'theirs' });
      await register(registry, 'their-model');
      const { id: runId } = await post(`/api/v1/experiments/${id}/runs`, { name: 'waits' });
      const stateOf = (entityId: string) => world.stateOf(entityId);
      await eventually(async () =>
        expect(await stateOf(id)).toEqual({
          state: 'conflict',
          reason: 'Another experiment there has the name theirs.',
        }),
      );
      const model = await registry.rows.model.findUniqueOrThrow({ where: { name: 'their-model' } });
      await eventually(async () => expect((await stateOf(model.id)).state).toBe('conflict'));
      expect((await stateOf(runId)).state).toBe('waiting');
      expect((await mlflow.registeredModels.find('their-model'))?.latestVersions).toEqual([]);
      await registry.rows.experiment.update({ where: { id }, data: { name: 'ours' } });
      await eventually(async () => expect((await stateOf(runId)).state).toBe('synced'));

      const run = await runThere(runId);
      await mlflow.runs.logBatch(run.info.runId, { tags: { judged: 'by them' } });
      await registry.rows.runTag.create({ data: { runId, key: 'judged', value: 'by us' } });
      await registry.rows.runTag.create({ data: { runId, key: 'other', value: 'told' } });
      await eventually(async () => expect((await stateOf(runId)).state).toBe('conflict'));
      expect((await runThere(runId)).data.tags).toMatchObject({ judged: 'by them', other: 'told' });
      expect(await health()).toMatchObject({ status: 'degraded' });
    });

    it('compares both sides, tells again what is missing there, and lists what is not from here', async () => {
      const compare = async (repair: boolean) => {
        const found: Record<
          'missing' | 'differing' | 'unknown' | 'conflicts',
          { kind: string; name: string; detail: string }[]
        > = {
          ...{ missing: [], differing: [], unknown: [], conflicts: [] },
        };
        for (let cursor: string | undefined; ; ) {
          const part = await post('/api/v1/mlflow/reconcile', { repair, ...(cursor !== undefined && { cursor }) });
          for (const list of ['missing', 'differing', 'unknown', 'conflicts'] as const) found[list].push(...part[list]);
          if (part.next_cursor === null) return found;
          cursor = part.next_cursor;
        }
      };
      const { id: experimentId } = await post('/api/v1/experiments', { name: 'compared' });
      const { id } = await post(`/api/v1/experiments/${experimentId}/runs`, { name: 'compared run', tags: { a: 'b' } });
      await world.attach(id, 'roc.svg', 'a plot');
      await eventually(async () =>
        expect(await registry.rows.mlflowSync.count({ where: { entityId: id, state: 'synced' } })).toBe(1),
      );
      const before = await compare(false);
      expect(before.differing).toEqual([]);
      expect(before.unknown.map(({ kind, name }) => `${kind} ${name}`)).toEqual(
        expect.arrayContaining(['experiment theirs', 'model their-model']),
      );
      expect(before.conflicts.map(({ kind, name }) => `${kind} ${name}`)).toEqual(
        expect.arrayContaining(['model their-model', 'run waits']),
      );

      const there = await runThere(id);
      const root = proxiedPath(there.info.artifactUri) ?? '';
      await mlflow.artifacts.delete(`${root}/roc.svg`);
      expect((await compare(false)).differing).toMatchObject([
        { kind: 'run', name: 'compared run', detail: 'file:roc.svg' },
      ]);
      await compare(true);
      await eventually(async () => expect(await mlflow.artifacts.list(root)).toHaveLength(1));
      const bad = await registry.call({
        method: 'POST',
        path: '/api/v1/mlflow/reconcile',
        body: { cursor: 'nonsense' },
      });
      expect(bad.body).toMatchObject({ status: 400, code: 'invalid-cursor' });
    });
  });
}
