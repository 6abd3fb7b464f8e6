import { eventually } from '@gimbal/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type AgentHarness, PEOPLE, startAgent } from './agent-harness.js';
import { arrangeModel } from './versions.js';

let agent: AgentHarness;
beforeAll(async () => {
  agent = await startAgent();
});
afterAll(() => agent.dispose());

const decide = (id: string, word: 'approve' | 'reject', as: keyof typeof PEOPLE = 'approver') =>
  agent.call({ method: 'POST', path: `/api/v1/agent/actions/${id}/${word}`, body: { comment: 'Considered.' }, as });
const codeOf = async (answer: Promise<{ status: number; body: { code?: string } }>) => {
  const { status, body } = await answer;
  return [status, body.code];
};

async function proposeRetraining(model: string, requestedBy?: string): Promise<string> {
  await arrangeModel(agent.rows, model, [{ version: 1, liveSinceHours: 48 }]);
  agent.neighbours.serve(model, 1);
  return await retrainingOf(model, requestedBy);
}

async function retrainingOf(model: string, requestedBy?: string): Promise<string> {
  const asked = requestedBy === undefined ? {} : { requestedBy };
  const incident = await agent.assess({ model, version: 1, found: 'degraded', ...asked });
  return incident.actions.find(({ action_type }: { action_type: string }) => action_type === 'retrain_model').id;
}

const policy = async (name: string, changes: object) => {
  const { body } = await agent.call({ path: '/api/v1/agent/policies' });
  const present = body.items.find((item: { name: string }) => item.name === name) ?? {
    ...body.items[0],
    name,
    revision: 0,
  };
  return await agent.call({ method: 'PUT', path: '/api/v1/agent/policies', body: { ...present, ...changes, name } });
};

it('one of ten approvals at once counts', async () => {
  const id = await proposeRetraining('crowded');
  const answers = await Promise.all(Array.from({ length: 10 }, () => codeOf(decide(id, 'approve'))));
  expect(answers.filter(([status]) => status === 200)).toHaveLength(1);
  expect(answers.filter(([, code]) => code === 'approval-decided')).toHaveLength(9);
  expect(await agent.rows.approval.count({ where: { agentActionId: id } })).toBe(1);
});

it('a rejected proposal is never done, closes its incident, and is not proposed again at once', async () => {
  const id = await proposeRetraining('rejected');
  expect((await decide(id, 'reject')).body).toMatchObject({ state: 'rejected', comment: 'Considered.' });
  expect(await codeOf(decide(id, 'approve'))).toEqual([409, 'approval-decided']);
  const again = await agent.assess({ model: 'rejected', version: 1, found: 'degraded' });
  expect(again.refused).toContainEqual(expect.objectContaining({ action_type: 'retrain_model', code: 'cool-down' }));
});

it('an open proposal is not proposed twice', async () => {
  await proposeRetraining('twice');
  const again = await agent.assess({ model: 'twice', version: 1, found: 'degraded' });
  expect(again.refused).toContainEqual(
    expect.objectContaining({ action_type: 'retrain_model', code: 'already-proposed' }),
  );
});

it('silence is a no: it expires by itself, and says so when asked too late', async () => {
  const id = await proposeRetraining('silent');
  await agent.rows.agentAction.update({ where: { id }, data: { expiresAt: new Date(Date.now() - 1) } });
  expect(await codeOf(decide(id, 'approve'))).toEqual([409, 'approval-expired']);
  await agent.reach(id, 'expired');
  const other = await proposeRetraining('silent-too');
  await agent.rows.agentAction.update({ where: { id: other }, data: { expiresAt: new Date(Date.now() - 1) } });
  await agent.reach(other, 'expired');
});

it('a newer look that finds the model well withdraws the proposal', async () => {
  const id = await proposeRetraining('recovered');
  await agent.assess({ model: 'recovered', version: 1, found: 'healthy' });
  expect((await agent.reach(id, 'superseded')).execution_result.error.code).toBe('approval-stale');
  expect(await codeOf(decide(id, 'approve'))).toEqual([409, 'approval-stale']);
});

it('another version that went live meanwhile makes the proposal stale at the moment of approval', async () => {
  const id = await proposeRetraining('moved-on');
  await agent.rows.modelVersion.updateMany({ where: { modelName: 'moved-on' }, data: { isActive: false } });
  expect(await codeOf(decide(id, 'approve'))).toEqual([409, 'approval-stale']);
  await agent.reach(id, 'superseded');
});

it('what was approved is what is done: altered arguments are refused', async () => {
  const id = await proposeRetraining('altered');
  const row = await agent.rows.agentAction.findUniqueOrThrow({ where: { id } });
  const forged = { ...(row.arguments as object), dataset: 'another' };
  await agent.rows.agentAction.update({ where: { id }, data: { arguments: forged } });
  expect(await codeOf(decide(id, 'approve'))).toEqual([409, 'approval-stale']);
});

it('nobody approves what their own key asked for, but they may withdraw it', async () => {
  const id = await proposeRetraining('own', PEOPLE.asker.id);
  expect(await codeOf(decide(id, 'approve', 'asker'))).toEqual([403, 'self-approval']);
  expect((await decide(id, 'reject', 'asker')).status).toBe(200);
});

describe('the pause switch', () => {
  it('stops proposals, approvals and executions, and lets go on afterwards', async () => {
    const id = await proposeRetraining('paused');
    const paused = await agent.call({
      method: 'POST',
      path: '/api/v1/agent/pause',
      body: { reason: 'Audit.' },
      as: 'asker',
    });
    expect(paused.body).toMatchObject({ paused: true, changed_by: 'olga' });
    expect(await codeOf(decide(id, 'approve'))).toEqual([409, 'agent-paused']);
    const seen = await agent.assess({ model: 'paused', version: 1, found: 'degraded' });
    expect(seen).toMatchObject({ state: 'no-action', actions: [] });
    expect(seen.refused.map(({ code }: { code: string }) => code)).toContain('agent-paused');
    const resume = (as: keyof typeof PEOPLE) =>
      agent.call({ method: 'POST', path: '/api/v1/agent/resume', body: { reason: 'Done.' }, as });
    expect((await resume('asker')).body.code).toBe('role-required');
    expect((await resume('admin')).body.paused).toBe(false);
    expect((await decide(id, 'approve')).status).toBe(200);
    await agent.reach(id, 'executing');
  });
});

describe('policies', () => {
  it('a dry run shows what would be done and does nothing', async () => {
    await arrangeModel(agent.rows, 'rehearsed', [{ version: 1, liveSinceHours: 48 }]);
    expect((await policy('rehearsed', { dry_run: true })).body).toMatchObject({ dry_run: true, revision: 1 });
    const before = agent.neighbours.effects.length;
    const incident = await agent.assess({ model: 'rehearsed', version: 1, found: 'degraded' });
    expect(incident.actions.map(({ state }: { state: string }) => state)).toEqual(
      incident.actions.map(() => 'dry-run'),
    );
    expect(incident.actions[0].execution_result).toMatchObject({
      dryRun: true,
      wouldDo: expect.arrayContaining([expect.any(String)]),
    });
    expect(agent.neighbours.effects.length).toBe(before);
    expect(await codeOf(decide(incident.actions[0].id, 'approve'))).toEqual([409, 'invalid-transition']);
  });

  it('a risk can be raised: then even an alert waits for a person', async () => {
    await arrangeModel(agent.rows, 'careful', [{ version: 1, liveSinceHours: 48 }]);
    await policy('careful', { risk: { send_alert: 'medium', retrain_model: 'low' } });
    const { actions } = await agent.assess({ model: 'careful', version: 1, found: 'degraded' });
    const risks = Object.fromEntries(
      actions.map((one: { action_type: string; risk_level: string; state: string }) => [
        one.action_type,
        [one.risk_level, one.state],
      ]),
    );
    expect(risks).toMatchObject({ send_alert: ['medium', 'proposed'], retrain_model: ['medium', 'proposed'] });
  });

  it('are set only by an admin, only on the present revision, and only within their ranges', async () => {
    const { body } = await agent.call({ path: '/api/v1/agent/policies' });
    const [present] = body.items;
    expect(present).toMatchObject({ name: 'default', dry_run: false, attempts_max: 3 });
    const put = (changes: object, as: keyof typeof PEOPLE = 'admin') =>
      codeOf(agent.call({ method: 'PUT', path: '/api/v1/agent/policies', body: { ...present, ...changes }, as }));
    expect(await put({}, 'asker')).toEqual([403, 'role-required']);
    expect(await put({ revision: 7 })).toEqual([412, 'revision-conflict']);
    expect(await put({ attempts_max: 0 })).toEqual([400, 'validation-failed']);
    expect(await put({ name: 'nobody-knows', revision: 0 })).toEqual([404, 'model-not-found']);
    expect(await put({})).toEqual([200, undefined]);
    expect(await put({})).toEqual([412, 'revision-conflict']);
  });
});

describe('the lists', () => {
  it('are paged, newest first, and filtered', async () => {
    await arrangeModel(agent.rows, 'paged', [{ version: 1, liveSinceHours: 48 }]);
    for (const found of ['healthy', 'drift', 'healthy'] as const)
      await agent.assess({ model: 'paged', version: 1, found });
    const first = await agent.call({ path: '/api/v1/incidents?model=paged&limit=2' });
    expect(first.body.items).toHaveLength(2);
    const cursor = encodeURIComponent(first.body.next_cursor);
    const second = await agent.call({ path: `/api/v1/incidents?model=paged&limit=2&cursor=${cursor}` });
    expect([second.body.items.length, second.body.next_cursor]).toEqual([1, null]);
    const times = [...first.body.items, ...second.body.items].map(
      ({ created_at }: { created_at: string }) => created_at,
    );
    expect(times).toEqual([...times].sort().reverse());
    await eventually(async () => {
      const { body } = await agent.call({ path: '/api/v1/agent/actions?model=paged&state=succeeded' });
      expect(body.items).toHaveLength(2);
    });
  });

  it('answer what they do not know with a problem', async () => {
    const nowhere = '99999999-9999-4999-8999-999999999999';
    expect(await codeOf(agent.call({ path: `/api/v1/incidents/${nowhere}` }))).toEqual([404, 'incident-not-found']);
    expect(await codeOf(agent.call({ path: `/api/v1/agent/actions/${nowhere}` }))).toEqual([404, 'action-not-found']);
    expect(await codeOf(decide(nowhere, 'approve'))).toEqual([404, 'action-not-found']);
    expect(await codeOf(agent.call({ path: '/api/v1/incidents/7' }))).toEqual([400, 'validation-failed']);
    expect(await codeOf(agent.call({ path: '/api/v1/incidents?cursor=%00' }))).toEqual([400, 'invalid-cursor']);
    expect(await codeOf(agent.call({ path: '/api/v1/incidents?limit=0' }))).toEqual([400, 'validation-failed']);
    const keyless = await agent.app.inject({ method: 'GET', url: '/api/v1/incidents' });
    expect(keyless.statusCode).toBe(401);
  });
});

it('tells Prometheus what waits and what was done', async () => {
  await proposeRetraining('measured');
  const reply = await agent.app.inject({ method: 'GET', url: '/metrics', remoteAddress: '127.0.0.1' });
  expect(reply.body).toMatch(/gimbal_agent_actions\{type="retrain_model",state="proposed"\} [1-9]/);
  expect(reply.body).toMatch(/gimbal_agent_approvals_pending [1-9]/);
  expect(reply.body).toMatch(/gimbal_agent_paused 0/);
});
