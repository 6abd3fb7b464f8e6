import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually, GimbalProcesses } from '@gimbal/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ExperimentManager, type ExperimentManagerOptions, type GimbalClient } from '../src/index.js';
import { clientOf } from './client-of.js';

let gimbal: GimbalProcesses;
let viewer: GimbalClient;
let folder: string;
let managers: ExperimentManager[];
beforeAll(async () => {
  gimbal = await GimbalProcesses.start();
  viewer = clientOf(gimbal, 'viewer');
});
afterAll(() => gimbal.dispose());
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gimbal-buffer-'));
  managers = [];
});
afterEach(async () => {
  for (const manager of managers) await manager.close();
  await rm(folder, { recursive: true, force: true });
});

function open(options: ExperimentManagerOptions = {}): ExperimentManager {
  const manager = new ExperimentManager({
    registry: { url: gimbal.url, apiKey: gimbal.keyOf('operator') },
    offlineDir: join(folder, 'offline'),
    ...options,
  });
  managers.push(manager);
  return manager;
}

const runOf = (id: string) => viewer.call('getRun', { params: { id } });

describe('a run', () => {
  it('is in the registry with all that was logged when it has ended', async () => {
    const manager = open({ experimentName: 'churn' });
    await writeFile(join(folder, 'report.json'), '{"ok":true}');
    const run = manager.startRun({ name: 'forest', params: { trees: 100 }, tags: { seed: '7' } });
    manager.logParams({ depth: 8, bootstrap: true });
    manager.logMetric('loss', 0.7, 0);
    manager.logMetric('loss', 0.5, 1);
    manager.logMetrics({ auc: 0.9, f1: 0.8 });
    manager.setTag('seed', '8');
    await manager.logArtifact(join(folder, 'report.json'), 'reports');
    expect(await manager.endRun()).toBe(true);
    const seen = await runOf(run.id);
    expect(seen).toMatchObject({
      name: 'forest',
      state: 'finished',
      params: { trees: '100', depth: '8', bootstrap: 'true' },
      metrics: { loss: 0.5, auc: 0.9, f1: 0.8 },
      tags: { seed: '8' },
      artifacts: [{ path: 'reports/report.json', bytes: 11, contentType: 'application/json' }],
    });
    expect((await viewer.call('getExperiment', { params: { id: seen.experimentId } })).name).toBe('churn');
  });

  it('keeps what a training that diverged measured, as MLflow does', async () => {
    const manager = open();
    const run = manager.startRun();
    manager.logMetrics({ loss: Number.NaN, high: Number.POSITIVE_INFINITY, low: Number.NEGATIVE_INFINITY });
    expect(() => manager.logMetric('loss', 'much' as unknown as number)).toThrow(/invalid-value: metrics\.0\.value/);
    await manager.endRun();
    const { MAX_VALUE } = Number;
    expect((await runOf(run.id)).metrics).toEqual({ loss: 'NaN', high: MAX_VALUE, low: -MAX_VALUE });
  });

  it('ends as failed when its work throws, and hands the failure on', async () => {
    const manager = open();
    let id = '';
    const work = manager.withRun({ name: 'bad' }, (run) => {
      id = run.id;
      throw new Error('no data');
    });
    await expect(work).rejects.toThrow('no data');
    expect((await runOf(id)).state).toBe('failed');
  });

  it('may lie within another, and works at the same time do not see each other', async () => {
    const manager = open();
    const ids = await manager.withRun({ name: 'search' }, async (parent) => {
      const children = await Promise.all(
        [1, 2, 3].map((trial) =>
          manager.withRun({ name: `trial ${trial}` }, async (run) => {
            await new Promise(setImmediate);
            manager.logParam('trial', trial);
            return run.id;
          }),
        ),
      );
      return { parent: parent.id, children };
    });
    for (const [index, id] of ids.children.entries())
      expect(await runOf(id)).toMatchObject({ parentRunId: ids.parent, params: { trial: String(index + 1) } });
  });

  it('begun while another is active has to say that it is nested', () => {
    const manager = open({ sync: 'manual' });
    manager.startRun();
    expect(() => manager.startRun()).toThrow(/active-run: The run run-.* is active/);
    const inner = manager.startRun({ nested: true });
    expect(manager.activeRun).toBe(inner);
  });
});

describe('a run that goes on', () => {
  it('takes more under its id, from whoever logs it, and ends anew', async () => {
    const first = open();
    const { id } = first.startRun({ name: 'long', params: { trees: 100 } });
    first.logMetric('loss', 0.5, 0);
    expect(await first.endRun('failed')).toBe(true);
    const second = open({ offlineDir: join(folder, 'of another machine') });
    const run = second.startRun({ runId: id, tags: { attempt: '2' } });
    expect(run).toMatchObject({ id, state: 'running' });
    second.logMetric('loss', 0.25, 1);
    await second.sync();
    expect(await runOf(id)).toMatchObject({ state: 'running', endedAt: null });
    expect(await second.endRun()).toBe(true);
    expect(await runOf(id)).toMatchObject({
      ...{ name: 'long', state: 'finished', params: { trees: '100' }, tags: { attempt: '2' }, metrics: { loss: 0.25 } },
    });
  });

  it('waits on disk with all that was logged before, where there is no gateway', async () => {
    const before = open({ sync: 'manual' });
    const { id } = before.startRun({ name: 'offline', params: { trees: 1 } });
    await before.endRun('killed');
    const after = open({ sync: 'manual' });
    const run = after.startRun({ runId: id });
    expect(run.name).toBe('offline');
    expect(() => run.logParam('trees', 2)).toThrow(/param-changed/);
    expect(() => open({ sync: 'manual' }).startRun({ runId: id })).toThrow(/active-run/);
    run.logMetric('loss', 0.1);
    await run.endRun();
    expect(await after.sync()).toMatchObject({ runsSent: 1, runsLeft: 0, conflicts: [] });
    expect(await runOf(id)).toMatchObject({ state: 'finished', metrics: { loss: 0.1 } });
  });

  it('that the registry does not have is told and put aside', async () => {
    const manager = open({ sync: 'manual' });
    const { id } = manager.startRun({ runId: crypto.randomUUID() });
    await manager.endRun();
    expect(await manager.sync()).toMatchObject({ runsLeft: 0, conflicts: [{ runId: id, code: 'run-not-found' }] });
    expect(await readFile(join(folder, 'offline/refused', id, 'journal.ndjson'), 'utf8')).toContain('resume');
  });

  it('has its name, and an id', () => {
    const manager = open({ sync: 'manual' });
    expect(() => manager.startRun({ runId: crypto.randomUUID(), name: 'other' })).toThrow(/invalid-options/);
    expect(() => manager.startRun({ runId: '../elsewhere' })).toThrow(/invalid-value: runId/);
  });
});

describe('without a gateway', () => {
  it('everything waits on disk over a restart of the program, and is sent in order, with its own times, when it is back', async () => {
    const bringBack = await gimbal.takeGatewayAway();
    const before = new Date();
    const id = await open({ experimentName: 'offline', endTimeoutMs: 300 }).withRun({ name: 'alone' }, async (run) => {
      await writeFile(join(folder, 'notes.txt'), 'as it was');
      await run.logArtifact(join(folder, 'notes.txt'));
      await writeFile(join(folder, 'notes.txt'), 'changed since');
      for (let step = 0; step < 50; step++) run.logMetric('loss', 1 / (step + 1), step);
      run.setTag('phase', 'one');
      run.setTag('phase', 'two');
      return run.id;
    });
    const after = new Date();
    await bringBack();
    const report = await open({ sync: 'manual' }).sync();
    expect(report).toEqual({ runsSent: 1, runsLeft: 0, conflicts: [], stoppedBy: null });
    const run = await runOf(id);
    expect(run).toMatchObject({ state: 'finished', tags: { phase: 'two' }, metrics: { loss: 0.02 } });
    for (const time of [run.startedAt, run.endedAt]) {
      expect(new Date(String(time)).getTime()).toBeGreaterThanOrEqual(before.getTime());
      expect(new Date(String(time)).getTime()).toBeLessThanOrEqual(after.getTime());
    }
    expect(await viewer.call('getRunArtifact', { params: { id }, query: { path: 'notes.txt' } })).toBe('as it was');
  });

  it('it is sent by itself when the gateway is back', async () => {
    const bringBack = await gimbal.takeGatewayAway();
    const manager = open({ endTimeoutMs: 100 });
    const run = manager.startRun();
    expect(await manager.endRun()).toBe(false);
    await bringBack();
    await eventually(async () => expect((await runOf(run.id)).state).toBe('finished'));
  });

  it('a second sync changes nothing', async () => {
    const manager = open({ sync: 'manual' });
    const run = manager.startRun();
    manager.logMetric('loss', 0.5);
    await manager.sync();
    const first = await runOf(run.id);
    await rm(join(folder, 'offline/runs', run.id, 'told')); // as if killed before it was noted
    await manager.sync();
    expect(await runOf(run.id)).toEqual(first);
    const history = await viewer.call('metricHistory', { params: { id: run.id, key: 'loss' } });
    expect(history.items).toHaveLength(1);
  });
});

it('what the registry holds otherwise stays there, is reported, and holds nothing else up', async () => {
  const manager = open({ sync: 'manual' });
  const run = manager.startRun();
  await manager.sync();
  await clientOf(gimbal, 'operator').call('logParams', { params: { id: run.id }, body: { params: { trees: '1' } } });
  manager.logParams({ trees: 2, depth: 3 });
  await manager.endRun();
  const report = await manager.sync();
  expect(report).toMatchObject({
    runsSent: 1,
    conflicts: [{ runId: run.id, code: 'already-exists', entry: { params: { trees: '2' } } }],
  });
  expect(await runOf(run.id)).toMatchObject({ params: { trees: '1', depth: '3' }, state: 'finished' });
  expect(await readFile(join(folder, 'offline/conflicts.ndjson'), 'utf8')).toContain(run.id);
});

it('a key without the right to it stops the sync, and nothing is given up', async () => {
  const manager = open({ sync: 'manual', registry: { url: gimbal.url, apiKey: gimbal.keyOf('viewer') } });
  const run = manager.startRun();
  await manager.endRun();
  expect(await manager.sync()).toMatchObject({ runsLeft: 1, stoppedBy: { code: 'role-required' } });
  expect(await open({ sync: 'manual' }).sync()).toMatchObject({ runsSent: 1, runsLeft: 0 });
  expect((await runOf(run.id)).state).toBe('finished');
});

it('a damaged journal is told and kept, and the others are sent', async () => {
  const manager = open({ sync: 'manual' });
  const damaged = manager.startRun();
  await manager.endRun();
  const whole = manager.startRun();
  await manager.endRun();
  await writeFile(join(folder, 'offline/runs', damaged.id, 'journal.ndjson'), 'spoilt\n');
  const report = await open({ sync: 'manual' }).sync();
  expect(report).toMatchObject({ runsSent: 1, runsLeft: 1, stoppedBy: { code: 'buffer-corrupt' } });
  expect((await runOf(whole.id)).state).toBe('finished');
});
