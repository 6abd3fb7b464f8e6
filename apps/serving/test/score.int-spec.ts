import './native-arrays.js';
import { encodeWire, type Features, ScoredRows, ScoreRows } from '@gimbal/contracts';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readSpool } from './read-spool.js';
import { RegistryStub } from './registry-stub.js';
import { type PredictClient, ServingHarness } from './serving-harness.js';
import { awaitTaskModels, makeTaskModels, serveTaskModels, type TaskModel } from './task-models.js';

const registry = new RegistryStub();
const models = makeTaskModels();
let serving: ServingHarness;
let client: PredictClient;

beforeAll(async () => {
  serveTaskModels(registry, models);
  const url = await registry.start();
  serving = await ServingHarness.make();
  client = await serving.start({ REGISTRY_URL: url });
  await awaitTaskModels(client, models);
});
afterAll(async () => {
  await serving.remove();
  await registry.stop();
});

const score = async (
  { name, digest, signature, threshold }: TaskModel,
  rows: readonly TaskModel['row'][],
  version = 1,
) => {
  const planned = registry.version(name, version, digest, { signature, threshold });
  const asked = encodeWire(ScoreRows, { modelName: name, version: planned, rows: rows as Features[] }) as object; // rows of tests hold what features may
  const { status, body } = await serving.post('/internal/score', asked, 'registry');
  expect(status).toBe(200);
  return ScoredRows.parse(body).rows;
};

describe('rows that are scored for a comparison', () => {
  it.each(models.map((model) => [model.signature.task, model] as const))(
    'get of a version of %s what a prediction says, in traffic or not, and are not logged',
    async (_task, model) => {
      const { body } = await client.predictRows([model.row], { params: { model: model.name } });
      const [said] = (body as { results: { prediction: unknown; probability?: number }[] }).results; // answered before
      const inTraffic = await score(model, [model.row]);
      const archived = await score(model, [model.row], 7);
      expect(archived).toEqual(inTraffic);
      const { outcome } = inTraffic[0]!;
      const { classes } = model.signature;
      expect(classes ? classes[outcome!.prediction] : outcome!.prediction).toEqual(said!.prediction);
      if (said!.probability !== undefined) expect(outcome!.probability).toBeCloseTo(said!.probability, 6);
    },
  );

  it('are refused one by one, with what is wrong with each', async () => {
    const model = models.find(({ name }) => name === 'weight')!;
    const rows = await score(model, [model.row, { ...model.row, size: 'large' }, model.row]);
    expect(rows.map(({ refusal }) => refusal)).toEqual([null, expect.stringContaining('size'), null]);
    expect(rows[1]!.outcome).toBeNull();
    expect(rows[2]).toEqual(rows[0]);
  });

  it('leave nothing in the prediction log', async () => {
    await serving.stop();
    const logged = await readSpool(serving);
    expect(new Set(logged.map(({ modelVersion }) => modelVersion))).toEqual(new Set([1]));
    expect(logged.length).toBeLessThanOrEqual(models.length * 3); // those of the predictions alone
  });
});
