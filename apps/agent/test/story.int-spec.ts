import { randomUUID } from 'node:crypto';
import { deriveId } from '@gimbal/platform';
import { eventually } from '@gimbal/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type AgentHarness, PEOPLE, startAgent } from './agent-harness.js';
import { arrangeModel, arrangeVersion } from './versions.js';

let agent: AgentHarness;
beforeAll(async () => {
  agent = await startAgent();
});
afterAll(() => agent.dispose());

type Shown = { id: string; action_type: string; state: string; code?: string };
const actionOf = (incident: { actions: Shown[] }, type: string): Shown => {
  const found = incident.actions.find(({ action_type }) => action_type === type);
  if (!found) throw new Error(`No ${type} among ${incident.actions.map(({ action_type }) => action_type).join(', ')}`);
  return found;
};
const typesOf = (incident: { actions: Shown[] }): string[] =>
  incident.actions.map(({ action_type }) => action_type).sort();
const refusalsOf = (incident: { refused: Array<{ action_type: string; code: string }> }): Record<string, string> =>
  Object.fromEntries(incident.refused.map(({ action_type, code }) => [action_type, code]));
const live = async (model: string): Promise<number | undefined> =>
  (await agent.rows.modelVersion.findFirst({ where: { modelName: model, isActive: true } }))?.version;
const audited = async (subject: string): Promise<string[]> => {
  const rows = await agent.rows.outboxMessage.findMany({
    where: { owner: 'agent', name: 'audit.recorded' },
    orderBy: { id: 'asc' },
  });
  return rows
    .map(({ payload }) => payload as { subject: string; action: string })
    .flatMap((one) => (one.subject === subject ? [one.action] : []));
};
const approve = (id: string, as: keyof typeof PEOPLE = 'approver') =>
  agent.call({
    method: 'POST',
    path: `/api/v1/agent/actions/${id}/approve`,
    body: { comment: 'Seen the report.' },
    as,
  });
const effectsOf = (decisionId: string): string[] =>
  agent.neighbours.effects.filter((effect) => effect.decisionId === decisionId).map(({ kind }) => kind);

/** What training and the registry do between themselves. */
async function train(model: string, actionId: string, version: number, isAdmitted: boolean): Promise<string> {
  const asked = await eventually(async () => {
    const rows = await agent.rows.outboxMessage.findMany({ where: { name: 'training.requested' } });
    const payload = rows
      .map((row) => row.payload as Record<string, unknown>)
      .find((one) => one['decision_id'] === actionId);
    if (!payload) throw new Error('No training was asked for yet.');
    return payload;
  });
  const trainingRunId = String(asked['training_run_id']);
  const { id: modelVersionId } = await arrangeVersion(agent.rows, model, { version, isAdmitted, trainingRunId });
  const gate = { admitted: isAdmitted, refusals: [], conditions: [] };
  const told = {
    v: 1 as const,
    modelVersionId,
    modelName: model,
    modelVersion: version,
    trainingRunId,
    decisionId: actionId,
    gate,
  };
  await agent.queue.publish('version.registered', told, { jobId: `registered-${modelVersionId}` });
  return trainingRunId;
}

describe('the story', () => {
  it('1. a healthy window: nothing is proposed, and the decision is kept', async () => {
    await arrangeModel(agent.rows, 'calm', [{ version: 1, liveSinceHours: 48 }]);
    const incident = await agent.assess({ model: 'calm', version: 1, found: 'healthy' });
    expect(incident).toMatchObject({ state: 'no-action', actions: [], refused: [] });
    expect(incident.diagnoses).toHaveLength(5);
    expect(await audited(`incident:${incident.id}`)).toEqual(['incident.opened']);
  });

  it('2. drift without damage: report and alert run by themselves, retraining is refused with its reason', async () => {
    await arrangeModel(agent.rows, 'drifting', [{ version: 1, liveSinceHours: 48 }]);
    const incident = await agent.assess({ model: 'drifting', version: 1, found: 'drift' });
    expect(typesOf(incident)).toEqual(['generate_report', 'send_alert']);
    expect(refusalsOf(incident)).toEqual({ retrain_model: 'drift-without-degradation' });
    expect(incident.refused[0].conditions.length).toBeGreaterThan(3);
    for (const { id } of incident.actions) {
      const done = await agent.reach(id, 'succeeded');
      expect(done).toMatchObject({ requires_approval: false, verification: { holds: true } });
      expect(await audited(`agent-action:${id}`)).toEqual(['action.proposed', 'action.executed', 'action.verified']);
    }
    const closed = await agent.call({ path: `/api/v1/incidents/${incident.id}` });
    expect(closed.body.state).toBe('resolved');
  });

  it('3. degradation: retraining waits for another key, is carried out once, verified, and served', async () => {
    await arrangeModel(agent.rows, 'decaying', [{ version: 1, liveSinceHours: 48 }]);
    agent.neighbours.serve('decaying', 1);
    const incident = await agent.assess({
      model: 'decaying',
      version: 1,
      found: 'degraded',
      requestedBy: PEOPLE.asker.id,
    });
    expect(refusalsOf(incident)).toMatchObject({ rollback_model: 'no-previous-version' });
    const { id } = actionOf(incident, 'retrain_model');
    expect(actionOf(incident, 'retrain_model')).toMatchObject({
      state: 'proposed',
      requires_approval: true,
      risk_level: 'medium',
    });
    const wordless = await agent.call({
      method: 'POST',
      path: `/api/v1/agent/actions/${id}/approve`,
      body: { comment: ' ' },
      as: 'approver',
    });
    expect([wordless.status, wordless.body.code]).toEqual([400, 'validation-failed']);
    for (const [as, code] of [
      ['asker', 'self-approval'],
      ['viewer', 'role-required'],
    ] as const) {
      const refused = await approve(id, as);
      expect([refused.status, refused.body.code]).toEqual([403, code]);
    }
    const approved = await approve(id);
    expect(approved).toMatchObject({ status: 200, body: { reviewed_by: 'anna', comment: 'Seen the report.' } });
    const trainingRunId = await train('decaying', id, 2, true);
    expect(trainingRunId).toBe(deriveId(`training:${id}`));
    const done = await agent.reach(id, 'succeeded');
    expect(done).toMatchObject({ execution_result: { version: 2, replaced: 1 }, verification: { holds: true } });
    expect([await live('decaying'), agent.neighbours.served('decaying')]).toEqual([2, 2]);
    expect(effectsOf(id)).toEqual(['promote']);
    const again = await approve(id);
    expect([again.status, again.body.code]).toEqual([409, 'approval-decided']);
    expect(await audited(`agent-action:${id}`)).toEqual([
      'action.proposed',
      'action.refused',
      'action.approved',
      'action.executed',
      'action.verified',
    ]);
  });

  it('3b. a candidate that is not better: version 1 stays, the action says so, people are told', async () => {
    await arrangeModel(agent.rows, 'no-better', [{ version: 1, liveSinceHours: 48 }]);
    const incident = await agent.assess({ model: 'no-better', version: 1, found: 'degraded' });
    const { id } = actionOf(incident, 'retrain_model');
    await approve(id);
    await train('no-better', id, 2, false);
    const failed = await agent.reach(id, 'failed');
    expect(failed.execution_result).toMatchObject({ version: 2, error: { code: 'candidate-not-admitted' } });
    expect([await live('no-better'), effectsOf(id)]).toEqual([1, []]);
    await eventually(async () => {
      const { body } = await agent.call({ path: `/api/v1/incidents/${incident.id}` });
      const told = body.actions.filter(({ action_type }: Shown) => action_type === 'send_alert');
      expect(told).toHaveLength(2);
      expect(body.state).toBe('resolved');
    });
  });

  it('3b2. a model of an uploaded table is trained on its latest version and on nothing else', async () => {
    const trainingRunId = randomUUID();
    await agent.rows.dataset.create({ data: { name: 'churn', lastVersion: 4, createdBy: 'test' } });
    const trainedOn = { modelName: 'churn', data: { dataset: 'churn', version: 2 }, request: {}, requestedBy: 'test' };
    await agent.rows.trainingRun.create({ data: { id: trainingRunId, ...trainedOn } });
    await arrangeModel(agent.rows, 'churn', [{ version: 1, liveSinceHours: 48, trainingRunId }]);
    const incident = await agent.assess({ model: 'churn', version: 1, found: 'degraded' });
    const { id } = actionOf(incident, 'retrain_model');
    await approve(id);
    const asked = await eventually(async () => {
      const rows = await agent.rows.outboxMessage.findMany({ where: { name: 'training.requested' } });
      const payloads = rows.map(({ payload }) => payload as Record<string, unknown>);
      expect(payloads).toContainEqual(expect.objectContaining({ decision_id: id }));
      return payloads.find((payload) => payload['decision_id'] === id);
    });
    expect(asked).toMatchObject({ model_name: 'churn', promote: 'by-decision' });
    expect(asked?.['data']).toEqual({ dataset: 'churn', version: 4 });
  });

  it('3c. a training that fails closes the action', async () => {
    await arrangeModel(agent.rows, 'untrainable', [{ version: 1, liveSinceHours: 48 }]);
    const { id } = actionOf(
      await agent.assess({ model: 'untrainable', version: 1, found: 'degraded' }),
      'retrain_model',
    );
    await approve(id);
    await agent.reach(id, 'executing');
    const trainingRunId = deriveId(`training:${id}`);
    const error = { code: 'dataset-invalid', message: 'chol is 0 in every row' };
    const data = {
      id: trainingRunId,
      modelName: 'untrainable',
      state: 'failed',
      data: {},
      request: {},
      requestedBy: 'agent',
      error,
    } as const;
    await agent.rows.trainingRun.create({ data });
    const told = { v: 1 as const, trainingRunId, decisionId: id, state: 'failed' as const, ...error };
    await agent.queue.publish('training.failed', told, { jobId: `failed-${trainingRunId}` });
    const failed = await agent.reach(id, 'failed');
    expect(failed.execution_result.error).toEqual({
      code: 'training-failed',
      message: 'chol is 0 in every row (dataset-invalid)',
    });
  });

  it('3d. a version that is promoted and does not come to be served is taken back, and people are told', async () => {
    await arrangeModel(agent.rows, 'unserved', [{ version: 1, liveSinceHours: 48 }]);
    agent.neighbours.serve('unserved', 1);
    agent.neighbours.weather.stuck.add('unserved');
    const { id } = actionOf(await agent.assess({ model: 'unserved', version: 1, found: 'degraded' }), 'retrain_model');
    await approve(id);
    await train('unserved', id, 2, true);
    const undone = await agent.reach(id, 'compensated');
    expect(undone.verification).toMatchObject({
      holds: false,
      compensation: { state: 'done', result: { decisionId: deriveId(`compensation:${id}`), liveVersion: 1 } },
    });
    expect([await live('unserved'), agent.neighbours.served('unserved')]).toEqual([1, 1]);
    expect(await audited(`agent-action:${id}`)).toContain('action.compensated');
    await eventually(async () => {
      const alerts = await agent.rows.alert.findMany({
        where: { modelName: 'unserved', alertType: 'retrain_model-compensated' },
      });
      expect(alerts).toHaveLength(1);
    });
  });

  it('4. broken data: validated and told, never learned from', async () => {
    await arrangeModel(agent.rows, 'broken', [{ version: 1, liveSinceHours: 48 }]);
    const incident = await agent.assess({ model: 'broken', version: 1, found: 'data-fault' });
    expect(typesOf(incident)).toEqual(['collect_diagnostics', 'send_alert', 'validate_data']);
    expect(refusalsOf(incident)).toMatchObject({ retrain_model: 'broken-data', rollback_model: 'broken-data' });
    const validated = await agent.reach(actionOf(incident, 'validate_data').id, 'succeeded');
    expect(validated.execution_result).toMatchObject({ verdict: 'fault', findings: [{ feature: 'chol' }] });
    const collected = await agent.reach(actionOf(incident, 'collect_diagnostics').id, 'succeeded');
    expect(Object.keys(collected.execution_result).sort()).toEqual([
      'assessments',
      'promotions',
      'serving',
      'traffic',
      'warnings',
    ]);
  });

  it('5. a bad release: rollback proposed, retraining refused, the former version live within 5 s of the approval', async () => {
    await arrangeModel(agent.rows, 'released', [
      { version: 1, liveSinceHours: 72 },
      { version: 2, liveSinceHours: 48 },
      { version: 3, liveSinceHours: 0.1, isAdmitted: false },
    ]);
    agent.neighbours.serve('released', 3);
    const incident = await agent.assess({ model: 'released', version: 3, found: 'degraded' });
    expect(refusalsOf(incident)).toMatchObject({ retrain_model: 'deployment-suspected' });
    const { id } = actionOf(incident, 'rollback_model');
    expect(actionOf(incident, 'rollback_model')).toMatchObject({ risk_level: 'high', state: 'proposed' });
    const approvedAt = Date.now();
    await approve(id);
    const done = await agent.reach(id, 'succeeded');
    expect(Date.now() - approvedAt).toBeLessThan(5_000);
    expect(done.execution_result).toMatchObject({ version: 2, replaced: 3 });
    expect([await live('released'), agent.neighbours.served('released')]).toEqual([2, 2]);
  });

  it('6. a moved share of positives: the threshold moves one step by itself', async () => {
    await arrangeModel(agent.rows, 'shifted', [{ version: 1, liveSinceHours: 48 }]);
    agent.neighbours.serve('shifted', 1);
    const incident = await agent.assess({ model: 'shifted', version: 1, found: 'prior-shift' });
    const done = await agent.reach(actionOf(incident, 'adjust_threshold').id, 'succeeded');
    expect(done.execution_result).toMatchObject({ from: 0.45, to: 0.55 });
  });
});
