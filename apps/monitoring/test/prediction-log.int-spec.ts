import { randomUUID } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { encodeDefinition, encodePredictions, type LoggedRows } from '@gimbal/contracts';
import { eventually } from '@gimbal/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AGE, MonitoringWorld, rowOf, type SeededVersion } from './monitoring-world.js';

let world: MonitoringWorld;
let version: SeededVersion;

beforeAll(async () => {
  world = await MonitoringWorld.start();
  version = await world.addVersion({ inputs: [AGE] });
});
afterAll(() => world?.stop());

/** A request as serving's shipper takes it to the queue. */
const spooled = ({ id, model, version: modelVersion }: SeededVersion, request: LoggedRows): Buffer => {
  const inputs = [{ name: AGE.name, outside: 'is outside', missing: 'is missing' }];
  const definition = { modelVersionId: id, modelName: model, modelVersion, threshold: 0.5, inputs };
  return Buffer.concat([encodeDefinition(0, definition, crc32), ...encodePredictions(0, request, crc32)]);
};

const count = (ids: string[]) => world.owner.prediction.count({ where: { id: { in: ids } } });

describe('the prediction log', () => {
  it('stores a row once, however often and in whatever batches it is delivered', async () => {
    const rows = Array.from({ length: 400 }, () => rowOf(version));
    const ids = rows.map(({ id }) => id);
    await Promise.all([
      world.log(rows),
      world.log(rows),
      world.log(rows.slice(100, 350)),
      world.log([...rows].reverse()),
    ]);
    await eventually(async () => expect(await count(ids)).toBe(400));
    await world.log(rows.slice(0, 5));
    const last = rowOf(version);
    await world.log([last]);
    await eventually(async () => expect(await count([last.id])).toBe(1));
    expect(await count(ids)).toBe(400);
  });

  it('joins a label that came before its prediction', async () => {
    const row = rowOf(version);
    const early = await world.call('POST', '/api/v1/labels', {
      body: { labels: [{ prediction_id: row.id, actual: 1 }] },
    });
    expect(early.json).toEqual({ accepted: 0, unknown: 1, duplicate: 0, conflict: 0 });
    await world.log([row]);
    await eventually(async () =>
      expect((await world.call('GET', `/api/v1/predictions/${row.id}`)).json).toMatchObject({ actual: 1 }),
    );
    const label = await world.owner.predictionLabel.findUniqueOrThrow({ where: { predictionId: row.id } });
    expect(label.predictionCreatedAt).toEqual(new Date(row.createdAt));
  });

  it('never loses a label and a prediction that arrive in the same moment', async () => {
    const rows = Array.from({ length: 200 }, () => rowOf(version));
    const labels = rows.map(({ id }) => ({ prediction_id: id, actual: 1 }));
    const send = (part: typeof labels) => world.call('POST', '/api/v1/labels', { body: { labels: part } });
    const parts = Array.from({ length: 10 }, (_, i) => i * 20);
    await Promise.all(parts.flatMap((at) => [world.log(rows.slice(at, at + 20)), send(labels.slice(at, at + 20))]));
    const ids = rows.map(({ id }) => id);
    await eventually(async () => {
      expect(await world.owner.prediction.count({ where: { id: { in: ids }, actual: 1 } })).toBe(200);
    });
    expect(
      await world.owner.predictionLabel.count({ where: { predictionId: { in: ids }, predictionCreatedAt: null } }),
    ).toBe(0);
  });

  it('keeps a row of a day that has no partition', async () => {
    const old = rowOf(version, { createdAt: '2020-02-03T04:05:06.789Z' });
    await world.log([old]);
    await eventually(async () => expect(await count([old.id])).toBe(1));
    const found = await world.call('GET', `/api/v1/predictions/${old.id}`);
    expect(found.json).toMatchObject({ created_at: '2020-02-03T04:05:06.789Z' });
    const [home] = await world.owner.$queryRaw<{ name: string }[]>`
      SELECT tableoid::regclass::text AS name FROM predictions WHERE id = ${old.id}::uuid`;
    expect(home?.name).toBe('predictions_default');
  });

  it('has a partition for today and the days to come', async () => {
    const days = [0, 1, 7].map((day) =>
      new Date(Date.now() + day * 86_400_000).toISOString().slice(0, 10).replaceAll('-', ''),
    );
    await eventually(async () => {
      const found = await world.owner.$queryRaw<{ name: string }[]>`
        SELECT inhrelid::regclass::text AS name FROM pg_inherits WHERE inhparent = 'predictions'::regclass`;
      expect(found.map(({ name }) => name)).toEqual(expect.arrayContaining(days.map((day) => `predictions_${day}`)));
    });
  });

  it('takes rows as the spool keeps them, also more than one statement takes, and again without storing them twice', async () => {
    const count = 2_300;
    const request: LoggedRows = {
      ...{
        count,
        firstId: '01926c3a-0000-7000-8000-0000fffffff0',
        createdAtMs: Date.now() - 3_600_000,
        latencyMs: 1.5,
      },
      requestId: 'request-of-many',
      predictions: new Float64Array(count).fill(1),
      probabilities: new Float64Array(count).fill(0.75),
      values: Float64Array.from({ length: count }, (_, row) => (row === 7 ? Number.NaN : 40 + (row % 30))),
      warnings: Array.from({ length: count }, (_, row) => (row === 7 ? [{ input: 0, code: 'missing' as const }] : [])),
      texts: Array.from({ length: count }, () => []),
      classes: new Float32Array(0),
    };
    const bytes = spooled(version, request);
    const [first, again] = [await world.logSpooled(count, bytes), await world.logSpooled(count, bytes)];
    expect(first).not.toBe(again);
    const mine = { requestId: 'request-of-many', modelVersion: version.version };
    await eventually(async () => expect(await world.owner.prediction.count({ where: mine })).toBe(count));
    const last = rowOf(version);
    await world.log([last]);
    await eventually(async () => expect(await world.owner.prediction.count({ where: { id: last.id } })).toBe(1));
    expect(await world.owner.prediction.count({ where: mine })).toBe(count);
    const eighth = await world.call('GET', '/api/v1/predictions/01926c3a-0000-7000-8000-0000fffffff7');
    expect(eighth.json).toMatchObject({
      ...{ prediction: 1, probability: 0.75, features: { [AGE.name]: null } },
      warnings: [{ field: AGE.name, code: 'missing', message: 'is missing' }],
    });
  });

  it.each([
    ['damaged', (bytes: Buffer) => bytes.fill(1, bytes.length - 9, bytes.length - 8)],
    ['cut off', (bytes: Buffer) => bytes.subarray(0, bytes.length - 1)],
    ['made up', () => Buffer.from('predictions')],
  ])('keeps records that are %s as a dead letter, and goes on', async (_, harm) => {
    const request: LoggedRows = {
      ...{ count: 1, firstId: randomUUID(), createdAtMs: Date.now(), latencyMs: 1.5, requestId: 'harmed' },
      ...{ predictions: Float64Array.of(1), probabilities: Float64Array.of(0.75), values: Float64Array.of(63) },
      ...{ warnings: [[]], texts: [[]], classes: new Float32Array(0) },
    };
    const batch = await world.logSpooled(1, harm(spooled(version, request)));
    await eventually(async () => {
      const dead = await world.queue.listDeadLetters('monitoring');
      expect(dead.find(({ jobId }) => jobId === batch)).toMatchObject({ attempts: 1 });
    });
    const next = rowOf(version);
    await world.log([next]);
    await eventually(async () => expect(await count([next.id])).toBe(1));
    expect(await count([request.firstId])).toBe(0);
  });

  it('stores what it can of a batch with an unknown version, and shows the rest as a dead letter', async () => {
    const good = rowOf(version);
    const bad = rowOf({ ...version, id: randomUUID() });
    const [batch] = await world.log([bad, good]);
    await eventually(async () => expect(await count([good.id])).toBe(1));
    await eventually(async () => {
      const dead = await world.queue.listDeadLetters('monitoring');
      expect(dead.map(({ jobId }) => jobId)).toContain(batch);
    });
  });
});

describe('GET /api/v1/predictions', () => {
  it('pages through every row once, newest first, and filters by model, version, time and label', async () => {
    const other = await world.addVersion({ model: 'other-model', inputs: [AGE] });
    const base = Date.now() - 1_000_000;
    const rows = Array.from({ length: 25 }, (_, i) =>
      rowOf(other, { createdAt: new Date(base + Math.floor(i / 3) * 1_000).toISOString() }),
    );
    await world.log(rows);
    await eventually(async () => expect(await count(rows.map(({ id }) => id))).toBe(25));
    const labels = rows.slice(0, 4).map(({ id }) => ({ prediction_id: id, actual: 0 }));
    await world.call('POST', '/api/v1/labels', { body: { labels } });

    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page = await world.call(
        'GET',
        `/api/v1/predictions?model=other-model&limit=7${cursor ? `&cursor=${cursor}` : ''}`,
      );
      expect(page.status).toBe(200);
      seen.push(...page.json.items.map((item: { id: string }) => item.id));
      cursor = page.json.next_cursor;
    } while (cursor);
    expect([...seen].sort()).toEqual(rows.map(({ id }) => id).sort());

    const all = await world.call('GET', '/api/v1/predictions?limit=1000');
    const times = all.json.items.map((item: { created_at: string }) => item.created_at);
    expect(times).toEqual([...times].sort().reverse());
    expect(new Set(all.json.items.map((item: { model_name: string }) => item.model_name))).toEqual(
      new Set(['heart-disease', 'other-model']),
    );

    const only = async (query: string) =>
      (await world.call('GET', `/api/v1/predictions?model=other-model&${query}`)).json.items.length;
    expect(await only('labelled=true')).toBe(4);
    expect(await only('labelled=false')).toBe(21);
    expect(await only('version=2')).toBe(0);
    expect(await only(`from=${new Date(base + 8_000).toISOString()}`)).toBe(1);
    expect(await only(`until=${new Date(base + 1_000).toISOString()}`)).toBe(3);
  });

  it('refuses a foreign cursor and an unknown id with their codes', async () => {
    expect((await world.call('GET', '/api/v1/predictions?cursor=abc')).json).toMatchObject({
      status: 400,
      code: 'invalid-cursor',
    });
    expect((await world.call('GET', `/api/v1/predictions/${randomUUID()}`)).json).toMatchObject({
      status: 404,
      code: 'prediction-not-found',
    });
    expect((await world.call('GET', '/api/v1/predictions?wrong=1')).json).toMatchObject({
      status: 400,
      code: 'validation-failed',
    });
  });
});
