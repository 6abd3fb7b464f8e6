import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GimbalProcesses } from '@gimbal/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ExperimentManager, ModelRegistry } from '../src/index.js';
import { clientOf } from './client-of.js';
import { MODEL_FILE, metadataOf } from './model-files.js';

let gimbal: GimbalProcesses;
let registry: ModelRegistry;
beforeAll(async () => {
  gimbal = await GimbalProcesses.start();
  registry = new ModelRegistry(clientOf(gimbal, 'operator'));
});
afterAll(() => gimbal.dispose());

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const collected: T[] = [];
  for await (const item of items) collected.push(item);
  return collected;
}

const register = (model: string, accuracy = 0.82) =>
  registry.register(model, { file: MODEL_FILE, metadata: metadataOf({ accuracy }) });

describe('the registry', () => {
  it('registers a local file, and tells versions by number, the latest and the one in production', async () => {
    const first = await register('plain');
    const second = await register('plain');
    expect([first.version, second.version]).toEqual([1, 2]);
    expect(await registry.version('plain', 1)).toEqual(first);
    expect((await registry.latestVersion('plain'))?.version).toBe(2);
    expect(await registry.productionVersion('plain')).toBeNull();
    await registry.promote('plain', 1, { reason: 'the first' });
    expect(await registry.productionVersion('plain')).toMatchObject({
      version: 1,
      stage: 'production',
      isActive: true,
    });
  });

  it('promotes once for one decision, refuses what is not there, and goes back to what was live', async () => {
    await register('moved');
    await register('moved');
    await registry.promote('moved', 1, { reason: 'the first' });
    const decision = { reason: 'better', decisionId: crypto.randomUUID(), expectedLiveVersion: 1 };
    const promotion = await registry.promote('moved', 2, decision);
    expect(promotion).toMatchObject({ fromVersion: 1, toVersion: 2 });
    expect(await registry.promote('moved', 2, decision)).toEqual(promotion);
    await expect(registry.promote('moved', 3, { reason: 'none' })).rejects.toMatchObject({ code: 'version-not-found' });
    await expect(registry.promote('moved', 1, { reason: 'late', expectedLiveVersion: 1 })).rejects.toMatchObject({
      code: 'promotion-conflict',
    });
    expect(await registry.rollback('moved', { reason: 'worse' })).toMatchObject({ fromVersion: 2, toVersion: 1 });
  });

  it('finds models and versions by framework, stage and accuracy', async () => {
    await register('found', 0.7);
    await register('found', 0.9);
    await registry.promote('found', 2, { reason: 'good' });
    const versions = async (query: Parameters<ModelRegistry['versions']>[1]) =>
      (await collect(registry.versions('found', query))).map(({ version }) => version);
    expect(await versions({})).toEqual([2, 1]);
    expect(await versions({ minAccuracy: 0.8 })).toEqual([2]);
    expect(await versions({ stage: 'production' })).toEqual([2]);
    const models = await collect(registry.models({ framework: 'onnx', stage: 'production', minAccuracy: 0.85 }));
    expect(models.map(({ name }) => name)).toEqual(['found']);
    const everywhere = await collect(registry.searchVersions({ minAccuracy: 0.85, stage: 'production' }));
    expect(everywhere.map(({ modelName, version }) => `${modelName} ${version}`)).toEqual(['found 2']);
    expect(await registry.statistics()).toMatchObject({ models: expect.any(Number) });
  });

  it('compares two versions in the shape of the requirements, and knows where a version is from', async () => {
    await register('compared', 0.8);
    await register('compared', 0.9);
    const { metrics } = await registry.compare('compared', 1, 2);
    expect(metrics['accuracy']).toEqual({
      v1: 0.8,
      v2: 0.9,
      diff: expect.closeTo(0.1),
      pct_change: expect.closeTo(12.5),
    });
    expect(await registry.lineage('compared', 2)).toMatchObject({ modelName: 'compared', version: 2 });
    await expect(registry.compare('compared', 1, 9)).rejects.toMatchObject({ code: 'version-not-found' });
  });

  it('moves aliases, with their history, also as they were', async () => {
    await register('named');
    await register('named');
    await registry.setAlias('named', 'champion', { version: 1, reason: 'the first' });
    const then = new Date();
    await registry.setAlias('named', 'champion', { version: 2, reason: 'the second' });
    expect((await registry.alias('named', 'champion')).version).toBe(2);
    expect((await registry.alias('named', 'champion', then)).version).toBe(1);
    const history = await collect(registry.aliasHistory('named', 'champion'));
    expect(history.map(({ toVersion, reason }) => [toVersion, reason])).toEqual([
      [2, 'the second'],
      [1, 'the first'],
    ]);
  });

  it('spreads traffic, unless it was changed meanwhile', async () => {
    await register('spread');
    await register('spread');
    await registry.promote('spread', 1, { reason: 'the first' });
    const seen = await registry.traffic('spread');
    const plan = { live: 1, canary: { version: 2, percent: 10 } };
    expect((await registry.setTraffic('spread', plan, seen)).plan.canary).toEqual({ version: 2, percent: 10 });
    await expect(registry.setTraffic('spread', plan, seen)).rejects.toMatchObject({ code: 'revision-conflict' });
  });
});

describe('a model that a run logs', () => {
  it('is registered once, offline or not, and however often it is told', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'gimbal-buffer-'));
    const bringBack = await gimbal.takeGatewayAway();
    const manager = new ExperimentManager({ registry, offlineDir: folder, sync: 'manual' });
    const run = manager.startRun();
    await manager.logModel({ file: MODEL_FILE, model: 'logged', metadata: metadataOf() });
    expect((await manager.sync()).stoppedBy).not.toBeNull();
    await bringBack();
    await manager.sync();
    await rm(join(folder, 'runs', run.id, 'told')); // as if killed before it was noted
    await manager.sync();
    await manager.endRun();
    expect(await manager.sync()).toMatchObject({ runsSent: 1, conflicts: [] });
    const versions = await collect(registry.versions('logged'));
    expect(versions).toMatchObject([{ version: 1, runId: run.id }]);
    await rm(folder, { recursive: true, force: true });
  });

  it('is told what is wrong with its metadata when it is logged', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'gimbal-buffer-'));
    const manager = new ExperimentManager({ registry, offlineDir: folder, sync: 'manual' });
    manager.startRun();
    const { evaluation: _, ...metadata } = metadataOf();
    const logged = manager.logModel({ file: MODEL_FILE, model: 'logged', metadata: metadata as never });
    await expect(logged).rejects.toThrow(/invalid-value: .*metadata/);
    await rm(folder, { recursive: true, force: true });
  });
});
