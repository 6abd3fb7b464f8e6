import { randomUUID } from 'node:crypto';
import { JobQueue } from '@gimbal/platform';
import { eventually } from '@gimbal/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ExecutorCatalogue } from '../src/actions/executor-catalogue.js';
import { evidenceOf } from '../src/execution/action.repository.js';
import { ClaimLostError, ClaimService, type Held } from '../src/execution/claim.service.js';
import { ExecutionService } from '../src/execution/execution.service.js';
import type { RunningAction } from '../src/execution/executor.js';
import { type AgentHarness, buildAgent, startAgent } from './agent-harness.js';
import { arrangeModel } from './versions.js';

let agent: AgentHarness;
beforeAll(async () => {
  agent = await startAgent();
});
afterAll(() => agent.dispose());
beforeEach(() => {
  agent.neighbours.weather.isDown = false;
  agent.neighbours.weather.lostAnswers = 0;
});

const effectsOf = (decisionId: string): string[] =>
  agent.neighbours.effects.filter((effect) => effect.decisionId === decisionId).map(({ kind }) => kind);
const live = async (model: string): Promise<number | undefined> =>
  (await agent.rows.modelVersion.findFirst({ where: { modelName: model, isActive: true } }))?.version;

/** A bad release of a new model with its proposed rollback. */
async function proposeRollback(model: string): Promise<string> {
  await arrangeModel(agent.rows, model, [
    { version: 1, liveSinceHours: 48 },
    { version: 2, liveSinceHours: 0.1, isAdmitted: false },
  ]);
  agent.neighbours.serve(model, 2);
  const incident = await agent.assess({ model, version: 2, found: 'degraded' });
  return incident.actions.find(({ action_type }: { action_type: string }) => action_type === 'rollback_model').id;
}

const approve = (id: string) =>
  agent.call({
    method: 'POST',
    path: `/api/v1/agent/actions/${id}/approve`,
    body: { comment: 'Yes.' },
    as: 'approver',
  });

/** Approves as the route does, without the job: only the worker of the test knows of it. */
async function approveQuietly(id: string): Promise<void> {
  const row = await agent.rows.agentAction.findUniqueOrThrow({ where: { id } });
  const { evidenceHash, argumentsHash } = row;
  const data = {
    agentActionId: id,
    decision: 'approve',
    decidedBy: 'anna',
    decidedByKeyId: randomUUID(),
    comment: 'Yes.',
    evidenceHash,
    argumentsHash,
  } as const;
  await agent.rows.approval.create({ data });
}

const running = ({ row }: Held): RunningAction => ({
  id: row.id,
  modelName: row.modelName,
  modelVersion: row.modelVersion,
  reason: row.reason,
  arguments: row.arguments,
  evidence: evidenceOf(row)!,
  result: row.executionResult as RunningAction['result'],
});

describe('a worker is killed', () => {
  /** Another process, which the test lets die wherever it likes: it takes no jobs that would come in between. */
  let doomed: Awaited<ReturnType<typeof buildAgent>>;
  let claims: ClaimService;
  let executors: ExecutorCatalogue;
  beforeAll(async () => {
    doomed = await buildAgent(agent.database, agent.neighbours);
    await doomed.app.get<JobQueue>(JobQueue).stopConsuming();
    claims = doomed.app.get(ClaimService);
    executors = doomed.app.get(ExecutorCatalogue);
  });
  afterAll(() => doomed.app.close());

  /** Approved and claimed by the doomed worker in one go; when the other one was faster all the same, with another model. */
  async function claimed(name: string): Promise<Held> {
    for (let attempt = 1; ; attempt++) {
      const id = await proposeRollback(`${name}-${attempt}`);
      await approveQuietly(id);
      await agent.rows.agentAction.update({ where: { id }, data: { state: 'approved' } });
      const held = await claims.claim(id);
      if (held) return held;
    }
  }

  /** The worker gives no sign of life any more: its lease has run out, at the moment that the test chooses. */
  const dies = (held: Held) =>
    agent.rows.agentAction.updateMany({
      where: { id: held.row.id, fencingToken: held.token },
      data: { heartbeatAt: new Date(0) },
    });

  it('right after it took the action: another one finishes it', async () => {
    const held = await claimed('killed-after-claim');
    await dies(held);
    await agent.reach(held.row.id, 'succeeded');
    expect(effectsOf(held.row.id)).toEqual(['rollback']);
  });

  it('after the effect and before it wrote of it: the effect is not made twice', async () => {
    const held = await claimed('killed-after-effect');
    await executors.of('rollback_model').execute(running(held), async () => undefined);
    expect(effectsOf(held.row.id)).toEqual(['rollback']);
    await dies(held);
    await agent.reach(held.row.id, 'succeeded');
    expect(effectsOf(held.row.id)).toEqual(['rollback']);
    expect(await live(held.row.modelName)).toBe(1);
  });

  it('before it verified: another one does', async () => {
    const held = await claimed('killed-before-verify');
    const outcome = await executors.of('rollback_model').execute(running(held), async () => undefined);
    await claims.finish(held, outcome.result, new Date(Date.now() + 60_000));
    await dies(held);
    expect(await agent.reach(held.row.id, 'succeeded')).toMatchObject({ verification: { holds: true } });
  });

  it('and wakes up later: nothing it writes changes anything', async () => {
    const held = await claimed('woken-later');
    await dies(held);
    await agent.reach(held.row.id, 'succeeded');
    await expect(claims.write(held, { executionResult: { version: 666 } })).rejects.toThrow(ClaimLostError);
    await expect(claims.finish(held, { version: 666 }, new Date())).rejects.toThrow(ClaimLostError);
    await expect(claims.end(held, { event: 'fail', code: 'x', message: 'x', data: {} })).rejects.toThrow(
      ClaimLostError,
    );
    expect(await agent.reach(held.row.id, 'succeeded')).toMatchObject({ execution_result: { version: 1 } });
  });
});

describe('the world is unkind', () => {
  it('the answer to an effect is lost: it is asked again and happens once', async () => {
    const id = await proposeRollback('lost-answer');
    agent.neighbours.weather.lostAnswers = 2;
    await approve(id);
    await agent.reach(id, 'succeeded');
    expect(effectsOf(id)).toEqual(['rollback']);
    expect(await live('lost-answer')).toBe(1);
  });

  it('every neighbour is away for a while: the action waits and is then carried out', async () => {
    const id = await proposeRollback('away');
    agent.neighbours.weather.isDown = true;
    const calls = agent.neighbours.calls.length;
    await approve(id);
    await eventually(() => expect(agent.neighbours.calls.length).toBeGreaterThan(calls));
    await agent.reach(id, 'executing');
    agent.neighbours.weather.isDown = false;
    await agent.reach(id, 'succeeded');
    expect(effectsOf(id)).toEqual(['rollback']);
  });

  it('the same job comes thirty times to two processes: one effect', async () => {
    const other = await buildAgent(agent.database, agent.neighbours);
    try {
      const id = await proposeRollback('thirty');
      await approve(id);
      const jobs = Array.from({ length: 30 }, (_, n) => ({ jobId: `due-${id}-${n}` }));
      await Promise.all(jobs.map((options) => agent.queue.publish('action.due', { v: 1, actionId: id }, options)));
      const { signal } = new AbortController();
      await Promise.all(Array.from({ length: 10 }, () => other.app.get(ExecutionService).drive(id, signal)));
      await agent.reach(id, 'succeeded');
      expect(effectsOf(id)).toEqual(['rollback']);
      expect(await agent.rows.approval.count({ where: { agentActionId: id, consumedAt: { not: null } } })).toBe(1);
    } finally {
      await other.app.close();
    }
  });

  it('the same assessment comes five times at once: one incident, one proposal', async () => {
    await arrangeModel(agent.rows, 'five', [{ version: 1, liveSinceHours: 48 }]);
    const incident = await agent.assess({ model: 'five', version: 1, found: 'degraded' });
    const told = { v: 1 as const, assessmentId: incident.assessment_id, modelName: 'five' };
    await Promise.all(
      [1, 2, 3, 4].map((n) => agent.queue.publish('health.assessed', told, { jobId: `again-${incident.id}-${n}` })),
    );
    await eventually(async () => expect((await agent.queue.counts('agent')).waiting).toBe(0));
    const { body } = await agent.call({ path: '/api/v1/agent/actions?model=five' });
    expect(
      body.items.filter(({ action_type }: { action_type: string }) => action_type === 'retrain_model'),
    ).toHaveLength(1);
  });
});

describe('the post-condition does not come true', () => {
  it('a rollback that is not served fails, stays rolled back, and people are told', async () => {
    const id = await proposeRollback('stuck-rollback');
    agent.neighbours.weather.stuck.add('stuck-rollback');
    await approve(id);
    const failed = await agent.reach(id, 'failed');
    expect(failed.execution_result.error.code).toBe('verification-failed');
    expect(failed.verification).toMatchObject({
      holds: false,
      checks: [
        { code: 'live-in-registry', holds: true },
        { code: 'served', holds: false },
      ],
    });
    expect(await live('stuck-rollback')).toBe(1);
    await eventually(async () => {
      const alerts = await agent.rows.alert.findMany({
        where: { modelName: 'stuck-rollback', alertType: 'rollback_model-failed' },
      });
      expect(alerts).toMatchObject([{ severity: 'critical' }]);
    });
  });

  it('nobody can be asked for longer than the time for it: nothing is undone, it is asked again', async () => {
    const id = await proposeRollback('unasked');
    agent.neighbours.weather.servingIsDown = true;
    await approve(id);
    await agent.reach(id, 'verifying');
    await agent.rows.agentAction.update({ where: { id }, data: { verifyUntil: new Date(Date.now() - 1) } });
    await eventually(async () => {
      const { body } = await agent.call({ path: `/api/v1/agent/actions/${id}` });
      expect(body).toMatchObject({ state: 'verifying', verification: { checks: [{ code: 'could-be-asked' }] } });
    });
    agent.neighbours.weather.servingIsDown = false;
    await agent.reach(id, 'succeeded');
  });

  it('a threshold that is not served is put back', async () => {
    await arrangeModel(agent.rows, 'stuck-threshold', [{ version: 1, liveSinceHours: 48 }]);
    agent.neighbours.serve('stuck-threshold', 1);
    agent.neighbours.weather.stuck.add('stuck-threshold');
    const incident = await agent.assess({ model: 'stuck-threshold', version: 1, found: 'prior-shift' });
    const { id } = incident.actions.find(
      ({ action_type }: { action_type: string }) => action_type === 'adjust_threshold',
    );
    const undone = await agent.reach(id, 'compensated');
    expect(undone.verification.compensation).toMatchObject({ state: 'done', result: { threshold: 0.45 } });
    const moves = await agent.rows.thresholdAdjustment.findMany({
      where: { modelName: 'stuck-threshold' },
      orderBy: { createdAt: 'asc' },
    });
    expect(moves.map(({ fromThreshold, toThreshold }) => [fromThreshold, toThreshold])).toEqual([
      [0.45, 0.55],
      [0.55, 0.45],
    ]);
  });
});
