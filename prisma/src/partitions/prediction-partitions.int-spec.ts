import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { PrismaClient } from '../generated/client.js';
import { startTestDatabase, type TestDatabase } from '../testing/index.js';
import { dropPredictionPartitions, ensurePredictionPartitions } from './prediction-partitions.js';

let database: TestDatabase;
let monitoring: PrismaClient;
let modelId: string;

beforeAll(async () => {
  database = await startTestDatabase();
  monitoring = database.client('monitoring');
  const registry = database.client('registry');
  await registry.model.create({ data: { name: 'heart-disease', createdBy: 'test' } });
  const version = await registry.modelVersion.create({
    data: {
      modelName: 'heart-disease',
      version: 1,
      algorithm: 'logistic-regression',
      framework: 'onnx',
      featureNames: ['age'],
      signature: {},
      threshold: 0.5,
      artifactDigest: '0'.repeat(64),
      artifactBytes: 1,
      codeVersion: 'test',
      createdBy: 'test',
    },
  });
  modelId = version.id;
});
afterAll(() => database?.dispose());

async function predictAt(time: string): Promise<string> {
  const id = randomUUID();
  await monitoring.prediction.create({
    data: {
      id,
      createdAt: new Date(time),
      modelId,
      modelName: 'heart-disease',
      modelVersion: 1,
      features: { age: 50 },
      prediction: 1,
      probability: 0.7,
      threshold: 0.5,
      latencyMs: 1,
    },
  });
  return id;
}

async function partitionOf(id: string): Promise<string | undefined> {
  const rows = await monitoring.$queryRaw<{ name: string }[]>`
    SELECT tableoid::regclass::text AS name FROM predictions WHERE id = ${id}::uuid`;
  return rows[0]?.name;
}

describe('partitions of predictions', () => {
  it('loses no row that came before its day had a partition, and gives later ones theirs', async () => {
    const early = await predictAt('2026-03-01T23:59:59.999Z');
    const next = await predictAt('2026-03-02T00:00:00.000Z');
    expect(await partitionOf(early)).toBe('predictions_default');
    const made = await ensurePredictionPartitions(monitoring, { from: new Date('2026-03-01T12:00:00Z'), days: 3 });
    expect(made).toBe(3);
    expect(await partitionOf(early)).toBe('predictions_20260301');
    expect(await partitionOf(next)).toBe('predictions_20260302');
    expect(await partitionOf(await predictAt('2026-03-03T10:00:00Z'))).toBe('predictions_20260303');
    expect(await ensurePredictionPartitions(monitoring, { from: new Date('2026-03-01'), days: 3 })).toBe(0);
  });

  it('makes each day once while several ask and predictions keep arriving', async () => {
    const asked = Array.from({ length: 4 }, () =>
      ensurePredictionPartitions(monitoring, { from: new Date('2026-04-01'), days: 10 }),
    );
    const written = Array.from({ length: 40 }, (_, n) =>
      predictAt(`2026-04-${String((n % 10) + 1).padStart(2, '0')}T08:00:00Z`),
    );
    const made = await Promise.all(asked);
    expect(made.reduce((sum, days) => sum + days, 0)).toBe(10);
    const ids = await Promise.all(written);
    const found = await monitoring.prediction.count({ where: { id: { in: ids } } });
    expect(found).toBe(40);
    const homes = await Promise.all(ids.map(partitionOf));
    expect(homes.filter((home) => home === 'predictions_default')).toEqual([]);
  });

  it('drops old days whole and never the last two', async () => {
    const old = await predictAt('2026-05-01T08:00:00Z');
    await ensurePredictionPartitions(monitoring, { from: new Date('2026-05-01'), days: 2 });
    const kept = await predictAt('2026-05-02T08:00:00Z');
    expect(await dropPredictionPartitions(monitoring, new Date('2026-05-02'))).toBeGreaterThan(0);
    expect(await monitoring.prediction.count({ where: { id: { in: [old, kept] } } })).toBe(1);
    await expect(dropPredictionPartitions(monitoring, new Date())).rejects.toThrow('today and yesterday are kept');
  });

  it('stores a repeated delivery of a prediction once', async () => {
    const id = await predictAt('2026-06-01T08:00:00Z');
    const repeat = await monitoring.$executeRaw`
      INSERT INTO predictions (id, created_at, model_id, model_name, model_version, features, prediction, probability, threshold, latency_ms)
      SELECT id, created_at, model_id, model_name, model_version, features, prediction, probability, threshold, latency_ms
      FROM predictions WHERE id = ${id}::uuid ON CONFLICT DO NOTHING`;
    expect(repeat).toBe(0);
  });
});
