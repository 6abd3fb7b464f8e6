import { eventually, ServiceProcess } from '@gimbal/testing';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { ageProfile, visitsOf } from './age-clinic.js';
import { CuttableLine } from './cuttable-line.js';
import { AGE, gatewayHeaders, MonitoringWorld } from './monitoring-world.js';

let world: MonitoringWorld;
const MAIN = new URL('../src/main.ts', import.meta.url);
let started: ServiceProcess[] = [];
let line: CuttableLine | undefined;

beforeEach(async () => {
  world = await MonitoringWorld.arrange();
});
afterEach(async () => {
  await Promise.all(started.map((process) => process.kill()));
  started = [];
  await line?.close();
  line = undefined;
  await world.stop();
});

const launch = async (env: Record<string, string> = {}) => {
  const process = await ServiceProcess.start(MAIN, { ...world.environment, ...env });
  started.push(process);
  return process;
};

/** Of the answers only these two words are read. */
async function post(process: ServiceProcess, path: string, body: object) {
  const answer = await fetch(`${process.url}${path}`, {
    method: 'POST',
    headers: gatewayHeaders(),
    body: JSON.stringify(body),
  });
  return { status: answer.status, json: (await answer.json()) as { assessment_id: string; code?: string } };
}

it('loses nothing acknowledged and writes nothing twice when it is killed with kill -9, again and again', async () => {
  const version = await world.addVersion({ inputs: [AGE], profile: ageProfile() });
  const visits = visitsOf(version, { rows: 6_000, seed: 1, from: new Date(Date.now() - 7_200_000) });
  const ids = visits.map(({ row }) => row.id);
  const acknowledged = new Set<string>();
  await world.log(visits.map(({ row }) => row));
  let assessment = '';
  for (let round = 0; round < 3; round++) {
    const process = await launch();
    const from = new Date(Date.now() - 10_000_000).toISOString();
    const accepted = await post(process, '/api/v1/assessments', { model: version.model, from });
    expect(accepted.status).toBe(202);
    assessment = accepted.json.assessment_id;
    const part = visits.slice(round * 2_000, (round + 1) * 2_000);
    const reporting = (async () => {
      for (let at = 0; at < part.length; at += 50) {
        const labels = part.slice(at, at + 50).map(({ row, actual }) => ({ prediction_id: row.id, actual }));
        const { status } = await post(process, '/api/v1/labels', { labels });
        if (status === 200) for (const { prediction_id } of labels) acknowledged.add(prediction_id);
      }
    })();
    await eventually(() => expect(acknowledged.size).toBeGreaterThan(round * 300));
    await process.kill();
    started = [];
    await reporting.catch(() => undefined); // the connection broke: what was not acknowledged may or may not be there
  }
  const survivor = await launch();
  // A job whose worker was killed starts again after its lock has run out: 15 s, looked at every 7.5 s.
  await eventually(async () => expect(await world.owner.prediction.count({ where: { id: { in: ids } } })).toBe(6_000), {
    timeoutMs: 60_000,
  });
  expect(await world.owner.prediction.count()).toBe(6_000);
  const labels = await world.owner.predictionLabel.findMany({
    select: { predictionId: true, predictionCreatedAt: true, conflictCount: true },
  });
  const known = new Set(labels.map(({ predictionId }) => predictionId));
  expect([...acknowledged].filter((id) => !known.has(id))).toEqual([]);
  expect(
    labels.filter(({ predictionCreatedAt, conflictCount }) => predictionCreatedAt === null || conflictCount > 0),
  ).toEqual([]);
  expect(await world.owner.prediction.count({ where: { actual: { not: null } } })).toBe(known.size);
  const pending = () => world.owner.healthAssessment.count({ where: { state: 'pending' } });
  await eventually(async () => expect(await pending()).toBe(0));
  expect(await world.owner.healthAssessment.count({ where: { state: 'done', trigger: 'manual' } })).toBe(3);
  const told = await world.owner.outboxMessage.findMany({ where: { name: 'health.assessed' } });
  expect(told).toHaveLength(await world.owner.healthAssessment.count()); // the scheduler's own among them
  expect(told.filter(({ payload }) => Reflect.get(payload as object, 'assessment_id') === assessment)).toHaveLength(1);
  expect(await survivor.end()).toBe(0);
});

it('says 503 while PostgreSQL is away, stays up, and goes on by itself when it is back', async () => {
  const version = await world.addVersion({ inputs: [AGE], profile: ageProfile() });
  const url = new URL(world.environment['DATABASE_URL'] ?? '');
  line = await CuttableLine.to({ host: url.hostname, port: Number(url.port) });
  url.hostname = '127.0.0.1';
  url.port = String(line.port);
  const process = await launch({ DATABASE_URL: url.href });
  const visits = visitsOf(version, { rows: 40, seed: 2, from: new Date(Date.now() - 600_000) });
  const labels = visits.map(({ row, actual }) => ({ prediction_id: row.id, actual }));
  const ready = async () => (await fetch(`${process.url}/health/ready`)).status;
  expect(await ready()).toBe(200);

  line.cut();
  expect(await post(process, '/api/v1/labels', { labels })).toMatchObject({
    status: 503,
    json: { code: 'database-unavailable' },
  });
  expect(await post(process, '/api/v1/assessments', { model: version.model })).toMatchObject({ status: 503 });
  await eventually(async () => expect(await ready()).toBe(503));
  expect((await fetch(`${process.url}/health/live`)).status).toBe(200);
  expect(await (await fetch(`${process.url}/metrics`)).text()).not.toContain('ml_alerts_open{');
  await world.log(visits.map(({ row }) => row));

  line.mend();
  await eventually(async () => expect(await ready()).toBe(200));
  expect(await post(process, '/api/v1/labels', { labels })).toMatchObject({ status: 200 });
  await eventually(
    async () => expect(await world.owner.prediction.count({ where: { actual: { not: null } } })).toBe(40),
    { timeoutMs: 90_000 },
  );
  const { json } = await post(process, '/api/v1/assessments', { model: version.model });
  await eventually(
    async () => {
      const row = await world.owner.healthAssessment.findUniqueOrThrow({ where: { id: json.assessment_id } });
      expect(row).toMatchObject({ state: 'done', rows: 40 });
    },
    { timeoutMs: 90_000 },
  );
});
