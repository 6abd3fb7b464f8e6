import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateBatchPrediction, JOBS } from '@gimbal/contracts';
import { AuditTrail, OutboxWriter, parseConfig } from '@gimbal/platform';
import { startTestDatabase, type TestDatabase } from '@gimbal/testing';
import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { RegistryClient } from '../clients/registry.client.js';
import { trainingServiceConfig } from '../config.js';
import { Database } from '../database/database.js';
import { BatchClaims } from './batch-claims.js';
import { BatchFiles } from './batch-files.js';
import { BatchPredictionService } from './batch-prediction.service.js';
import { BatchRetentionService } from './batch-retention.service.js';
import { CreateBatchPredictionService } from './create-batch-prediction.service.js';

const ACTOR = { id: '0199c1f0-0000-7000-8000-000000000001', name: 'Zoë', roles: ['predictor'] };
const DAY_MS = 86_400_000;
const NOW = new Date('2026-03-01T00:00:00Z');

/** A registry that knows every model and every dataset. */
class KnowsAll extends RegistryClient {
  override live = async (): Promise<never> => undefined as never; // only asked whether it throws
  override latestDatasetVersion = async () => 3;
  override datasetVersion = async (): Promise<never> => ({ fileName: 'rows.csv' }) as never; // all that is read of it
}

let testDatabase: TestDatabase;
let database: Database;
let folder: string;
let creation: CreateBatchPredictionService;
let batches: BatchPredictionService;
let retention: BatchRetentionService;
let files: BatchFiles;
const warnings: unknown[] = [];

beforeAll(async () => {
  testDatabase = await startTestDatabase();
  folder = await mkdtemp(join(tmpdir(), 'batch-predictions-'));
  const url = 'http://127.0.0.1:1';
  const config = parseConfig(trainingServiceConfig, {
    ...{ DATABASE_URL: testDatabase.url('training'), REGISTRY_URL: url, SERVING_URL: url, DATASETS_DIR: folder },
    ...{ DATA_CACHE_DIR: folder, MODEL_CONFIG: folder, BATCH_PREDICTION_DIR: folder },
    ...{ BATCH_PREDICTIONS_PER_KEY: '2', BATCH_PREDICTION_RETENTION: '7' },
  });
  database = new Database({ connectionString: testDatabase.url('training') });
  const outbox = new OutboxWriter({ catalogue: JOBS, owner: 'training' });
  const audit = new AuditTrail<never>(outbox, 'training');
  files = new BatchFiles(config);
  const registry = new KnowsAll(undefined as never); // every method that is called is its own
  creation = new CreateBatchPredictionService(database, outbox, audit, registry, config);
  batches = new BatchPredictionService(database, new BatchClaims(database, audit, config), files, config);
  retention = new BatchRetentionService(database, batches, files, config, {
    warn: (...words: unknown[]) => void warnings.push(words),
  });
});
afterAll(async () => {
  await database.close();
  await testDatabase.dispose();
  await rm(folder, { recursive: true });
});
beforeEach(async () => {
  await database.reader.batchPrediction.deleteMany({});
  for (const name of await readdir(folder)) await rm(join(folder, name), { recursive: true });
  warnings.length = 0;
});

const request = (model = 'fruit') => CreateBatchPrediction.parse({ model, dataset: 'fruit@1' });

it('the same request under the same key is the same batch prediction, also when no other one may begin', async () => {
  const first = await creation.ofDataset(request(), ACTOR, 'monday');
  await creation.ofDataset(request(), ACTOR, 'tuesday');
  await expect(creation.ofDataset(request(), ACTOR, 'wednesday')).rejects.toMatchObject({ code: 'rate-limited' });
  expect(await creation.ofDataset(request(), ACTOR, 'monday')).toBe(first);
  await database.reader.batchPrediction.updateMany({ data: { state: 'succeeded', endedAt: NOW } });
  expect(await creation.ofDataset(request(), ACTOR, 'monday')).toBe(first);
  expect(await creation.ofDataset(request('other'), ACTOR, 'monday')).not.toBe(first);
  expect(await creation.ofDataset(request(), { ...ACTOR, id: `${ACTOR.id.slice(0, -1)}2` }, 'monday')).not.toBe(first);
});

it('is begun once when the same request comes many times at once', async () => {
  const ids = await Promise.all(Array.from({ length: 8 }, () => creation.ofDataset(request(), ACTOR, 'monday')));
  expect(new Set(ids).size).toBe(1);
  expect(await database.reader.batchPrediction.count()).toBe(1);
});

/** One that is over since then, or under way, with files. */
async function made(endedAt: Date | null): Promise<string> {
  const id = creation.createId();
  const data = { id, modelName: 'fruit', request: {}, fileName: 'rows.csv', requestedBy: 'Zoë', keyId: ACTOR.id };
  const state = endedAt === null ? ('running' as const) : ('succeeded' as const);
  await database.reader.batchPrediction.create({ data: { ...data, state, endedAt } });
  await folderOf(id, endedAt ?? NOW);
  return id;
}

async function folderOf(id: string, changedAt: Date): Promise<void> {
  await mkdir(join(folder, id));
  await writeFile(join(folder, id, 'result'), 'row,prediction\n');
  await utimes(join(folder, id), changedAt, changedAt);
}

const left = async () => {
  const rows = await database.reader.batchPrediction.findMany({ select: { id: true } });
  return { rows: rows.map(({ id }) => id).sort(), folders: (await readdir(folder)).sort() };
};
const before = (days: number): Date => new Date(NOW.getTime() - days * DAY_MS);

it('is removed with its files when it has been over for as long as results are kept, and no other one is', async () => {
  await made(before(7.01));
  await made(before(400));
  const kept = [await made(before(6.99)), await made(null)].sort();
  await retention.sweep(NOW);
  expect(await left()).toEqual({ rows: kept, folders: kept });
  expect(warnings).toEqual([]);
});

it('leaves no files behind of an upload that was killed, and takes none that is not its own', async () => {
  const [lost, coming] = [creation.createId(), creation.createId()];
  await folderOf(lost, before(2));
  await folderOf(coming, before(0.5));
  await folderOf('of-somebody-else', before(100));
  const underWay = await made(null);
  await utimes(join(folder, underWay), before(30), before(30));
  await retention.sweep(NOW);
  expect((await left()).folders).toEqual([coming, underWay, 'of-somebody-else'].sort());
});

it('goes on with the others when one cannot be removed, and tries that again', async () => {
  const [stuck, other] = [await made(before(10)), await made(before(9))];
  const remove = files.remove.bind(files);
  files.remove = async (id) => {
    if (id === stuck) throw new Error('the disk says no');
    await remove(id);
  };
  await retention.sweep(NOW);
  expect(await left()).toEqual({ rows: [stuck], folders: [stuck] });
  expect(other).not.toBe(stuck);
  expect(warnings.length).toBeGreaterThan(0);
  files.remove = remove;
  await retention.sweep(NOW);
  expect(await left()).toEqual({ rows: [], folders: [] });
});

it('two processes that sweep at once are not in each other’s way', async () => {
  for (let count = 0; count < 10; count++) await made(before(8));
  await Promise.all([retention.sweep(NOW), retention.sweep(NOW)]);
  expect(await left()).toEqual({ rows: [], folders: [] });
  expect(warnings).toEqual([]);
});

it('is there for the key that asked and for operators, and to every other key as if it was not', async () => {
  const id = await made(before(1));
  const stranger = { ...ACTOR, id: 'another-key' };
  const operator = { ...stranger, roles: ['operator'] };
  const query = { limit: 10 };
  for (const actor of [ACTOR, operator]) {
    expect(await batches.find(id, actor)).toMatchObject({ id });
    await expect(batches.cancel(id, actor)).rejects.toMatchObject({ code: 'invalid-transition' });
  }
  expect((await batches.list(query, stranger)).items).toEqual([]);
  const tries = [
    batches.find(id, stranger),
    batches.get(id, stranger),
    batches.cancel(id, stranger),
    batches.openResult(id, stranger),
    batches.remove(id, stranger),
  ];
  for (const tried of await Promise.allSettled(tries))
    expect(tried).toMatchObject({ status: 'rejected', reason: { code: 'batch-prediction-not-found' } });
  await batches.remove(id, operator);
  expect(await left()).toEqual({ rows: [], folders: [] });
});
