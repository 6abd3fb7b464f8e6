import { expect, it } from '@jest/globals';
import { VersionStatistics } from '../inference/version-statistics.js';
import { CircuitBreaker } from '../predict/circuit-breaker.js';
import { ModelKeeper } from './model-keeper.js';
import { type LoadedGraph, ServedGraph } from './served-graph.js';
import { type PlannedModel, type PlannedVersion, ServedModels } from './served-models.js';

const limits = { failureThreshold: 1, recoverySeconds: 1, errorThreshold: 1, windowSeconds: 1, minimumCalls: 1 };
const logger = { warn: () => undefined, error: () => undefined };
const idle = async (): Promise<void> => undefined;
const loaded = { opened: { scorer: { close: idle } }, batcher: { idle } } as unknown as LoadedGraph; // what closing one asks for

const planOf = (...versions: readonly number[]): PlannedModel => ({
  modelName: 'triage',
  plan: { live: versions[0] ?? null, ...(versions.length > 1 && { shadow: versions.slice(1) }) },
  versions: versions.map((version) => ({ id: `v${version}`, version, threshold: 0.5 }) as PlannedVersion), // all that is looked at
});

/** Keeps models whose graphs are loaded when `release` says so. */
function keepModels() {
  const models = new ServedModels();
  const held: (() => void)[] = [];
  const graphOf = () =>
    new ServedGraph({
      digest: '',
      readFile: async () => new Uint8Array(),
      breaker: new CircuitBreaker(limits),
      statistics: new VersionStatistics(),
      open: () => new Promise((resolve) => held.push(() => resolve(loaded))),
      onUnloaded: () => undefined,
      waitMs: 1,
      waitingRowsMax: 1,
      retryMs: 1,
    });
  const keeper = new ModelKeeper({ models, loader: { graphOf }, retryMs: 1, logger });
  /** Lets loads end until `work` is done. */
  const finish = async (work: Promise<void>): Promise<void> => {
    let isDone = false;
    const done = work.then(() => {
      isDone = true;
    });
    for (; !isDone; await new Promise(setImmediate)) for (const release of held.splice(0)) release();
    await done;
  };
  return { models, keeper, finish };
}

it.each([
  ['that was not there before', []],
  ['that was served before', [1]],
])('a model %s, removed and wanted again while it changes, is served by graphs that are open', async (_, before) => {
  const { models, keeper, finish } = keepModels();
  if (before.length > 0) await finish(keeper.change([planOf(...before)]));
  const changing = keeper.change([planOf(1, 2)]);
  keeper.remove(['triage']);
  const again = keeper.change([planOf(1, 2)]);
  await finish(Promise.all([changing, again]).then(() => undefined));
  const { versions } = models.find('triage') ?? { versions: new Map() };
  expect([...versions.keys()]).toEqual([1, 2]);
  for (const { graph } of versions.values()) expect(await graph.load()).toBe(loaded);
});

it('a model that is removed while it changes stays away', async () => {
  const { models, keeper, finish } = keepModels();
  const changing = keeper.change([planOf(1)]);
  keeper.remove(['triage']);
  await finish(changing);
  expect(models.find('triage')).toBeUndefined();
});
