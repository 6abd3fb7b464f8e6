import { randomUUID } from 'node:crypto';
import { JobRejectedError } from '@gimbal/platform';
import { eventually } from '@gimbal/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ageProfile, visitsOf } from './age-clinic.js';
import { AssessmentDesk, NOON } from './assessment-desk.js';
import { AGE, MonitoringWorld, type SeededVersion } from './monitoring-world.js';

let world: MonitoringWorld;
let desk: AssessmentDesk;

beforeAll(async () => {
  world = await MonitoringWorld.start();
  desk = new AssessmentDesk(world);
  await world.addVersion({ inputs: [AGE], profile: ageProfile() });
});
afterAll(() => world?.stop());

describe("the scheduler's turn", () => {
  const turn = async () => {
    const jobId = `turn-${randomUUID()}`;
    await world.queue.publish('assessment.due', { v: 1 }, { jobId });
    // A turn may begin several assessments, and other suites may keep the processors.
    await eventually(async () =>
      expect(await world.queue.counts('monitoring')).toMatchObject({ waiting: 0, active: 0, delayed: 1 }),
    );
  };
  const scheduled = (modelName: string) =>
    world.owner.healthAssessment.count({ where: { modelName, trigger: 'schedule' } });

  it('is on the calendar', async () => {
    await eventually(async () =>
      expect((await world.queue.listSchedules('monitoring')).map(({ id }) => id)).toContain('assessment-due'),
    );
  });

  it('assesses a live model once for its news, and again only when there are new ones', async () => {
    const model = 'scheduled';
    const live = await world.addVersion({ model, inputs: [AGE], profile: ageProfile() });
    await turn();
    expect(await scheduled(model)).toBe(0);
    await desk.bring(visitsOf(live, { rows: 40, seed: 13, from: new Date(Date.now() - 3_600_000) }), 0);
    await turn();
    await eventually(async () => expect(await scheduled(model)).toBe(1));
    const hourAgo = new Date(Date.now() - 3_600_000);
    await world.owner.prediction.updateMany({ where: { modelName: model }, data: { receivedAt: hourAgo } });
    await turn();
    expect(await scheduled(model)).toBe(1);
    const [labelled] = await world.owner.prediction.findMany({ where: { modelName: model }, take: 1 });
    await world.call('POST', '/api/v1/labels', { body: { labels: [{ prediction_id: labelled?.id, actual: 1 }] } });
    await turn();
    await eventually(async () => expect(await scheduled(model)).toBe(2));
    const row = await world.owner.healthAssessment.findFirstOrThrow({ where: { modelName: model } });
    expect(row).toMatchObject({
      requestedBy: 'scheduler',
      idempotencyKey: expect.stringMatching(/^schedule:scheduled:turn-/),
    });
  });

  it('takes up an assessment whose job was lost', async () => {
    const lost = await world.owner.healthAssessment.create({
      data: {
        ...{ modelName: 'heart-disease', trigger: 'manual', requestedBy: 'key-1', from: NOON, until: new Date() },
        createdAt: new Date(Date.now() - 3_600_000),
        details: { schemaVersion: 1, window: { kind: 'given', labelledFrom: NOON.toISOString() } },
      },
    });
    await turn();
    expect(await desk.ended(lost.id)).toMatchObject({ model_version: 1 });
  });

  it('raises an alert for dead letters, once for each new one', async () => {
    const dead = () => world.owner.alert.findMany({ where: { alertType: 'dead-letters' } });
    expect(await dead()).toEqual([]);
    const kill = async () => {
      const before = (await world.queue.counts('monitoring')).dead;
      await world.queue.publish(
        'assessment.requested',
        { v: 1, assessmentId: randomUUID() },
        { jobId: `lost-${randomUUID()}` },
      );
      await eventually(async () => expect((await world.queue.counts('monitoring')).dead).toBe(before + 1));
    };
    await kill();
    await turn();
    expect(await dead()).toMatchObject([{ occurrences: 1, severity: 'critical' }]);
    await turn();
    expect(await dead()).toMatchObject([{ occurrences: 1 }]);
    await kill();
    await turn();
    expect(await dead()).toMatchObject([{ occurrences: 2 }]);
  });

  it('raises an alert for dead letters of other services, too, lists them, and gives one all its tries again', async () => {
    const refuse = async () => {
      throw new JobRejectedError('The receiver is gone.');
    };
    const registry = world.queue.consume('registry', {
      ...{ 'webhook-delivery.due': refuse, 'deployment-announcement.due': refuse },
    });
    const jobId = `lost-${randomUUID()}`;
    await world.queue.publish('webhook-delivery.due', { v: 1, deliveryId: randomUUID() }, { jobId });
    await eventually(async () => expect((await world.queue.counts('registry')).dead).toBe(1));
    await registry.close();
    await turn();
    const title = 'Jobs of registry could not be done';
    expect(await world.owner.alert.findMany({ where: { title } })).toMatchObject([{ occurrences: 1 }]);
    const list = async () => (await world.call('GET', '/api/v1/dead-letters?service=registry')).json.items;
    expect(await list()).toMatchObject([
      { job_id: jobId, name: 'webhook-delivery.due', reason: 'The receiver is gone.' },
    ]);
    const body = { service: 'registry', job_id: jobId };
    expect((await world.call('POST', '/api/v1/dead-letters/retry', { body })).json).toEqual({ retried: 1 });
    expect(await list()).toEqual([]);
    expect((await world.call('POST', '/api/v1/dead-letters/retry', { body })).json.code).toBe('job-not-found');
  });

  it('gives predictions that ran out of tries all their tries again, and leaves rejected ones to a person', async () => {
    const late: SeededVersion = { id: randomUUID(), model: 'restored', version: 1 };
    const [row] = visitsOf(late, { rows: 1, seed: 14 });
    const [batch] = await world.log(row ? [row.row] : []);
    const isDead = async () => (await world.queue.listDeadLetters('monitoring')).some(({ jobId }) => jobId === batch);
    await eventually(async () => expect(await isDead()).toBe(true));
    await world.addVersion({ model: 'restored', inputs: [AGE], id: late.id });
    await turn();
    expect(await isDead()).toBe(true);
    // Ten tries take minutes: the count of tries is what an outage would have left.
    await world.owner.$executeRaw`UPDATE bullmq.job SET attempts_made = 10 WHERE id = ${batch}`;
    await turn();
    await eventually(async () =>
      expect(await world.owner.prediction.count({ where: { id: row?.row.id ?? '' } })).toBe(1),
    );
    expect(await isDead()).toBe(false);
  });
});
