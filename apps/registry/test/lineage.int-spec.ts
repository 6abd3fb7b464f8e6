import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Answer, type RegistryHarness, startRegistry } from './registry-harness.js';
import { promote, register, rollback } from './versions.js';

const DATASET = 'd'.repeat(64);
const trainingRun = randomUUID();
const retraining = randomUUID();
const action = randomUUID();
const rollbackAction = randomUUID();
let registry: RegistryHarness;
let run: string;

beforeAll(async () => {
  registry = await startRegistry();
  run = (
    await registry.rows.run.create({
      data: {
        name: 'best of ten',
        createdBy: 'training',
        experiment: { create: { name: 'heart', createdBy: 'training' } },
      },
    })
  ).id;
  await registry.rows.dataset.create({
    data: {
      ...{ name: 'patients', createdBy: 'grace', lastVersion: 1 },
      versions: {
        create: {
          ...{
            version: 1,
            digest: DATASET,
            bytes: 10,
            fileName: 'patients.csv',
            form: {},
            formDigest: DATASET,
            rows: 297,
          },
          ...{ columns: 14, profile: {}, warnings: [], dataOrigin: 'upload', createdBy: 'grace' },
        },
      },
    },
  });
  await registry.rows.trainingRun.create({
    data: { id: trainingRun, modelName: 'heart', data: {}, request: {}, requestedBy: 'grace', reason: 'Monthly.' },
  });
  await register(registry, 'heart', { training_run_id: trainingRun, run_id: run, dataset_digest: DATASET });
  await promote(registry, { model: 'heart', version: 1, expected: null });
  await monitor();
  await register(registry, 'heart', { training_run_id: retraining, decision_id: action, parent_version: 1 });
  await promote(registry, { model: 'heart', version: 2, expected: 1, roles: ['admin'] }, { force: true });
  await rollback(registry, 'heart', 2, { decision_id: rollbackAction });
});
afterAll(() => registry.dispose());

/** What monitoring and the agent would have written: three predictions, an assessment with drift, and a retraining asked for. */
async function monitor(): Promise<void> {
  const { id: modelId } = await registry.rows.modelVersion.findFirstOrThrow({
    where: { modelName: 'heart', version: 1 },
  });
  const version = { modelId, modelName: 'heart', modelVersion: 1 };
  const { id: incidentId } = await registry.rows.healthAssessment
    .create({
      data: {
        ...{ modelName: 'heart', modelVersion: 1, state: 'done', verdict: 'degraded', trigger: 'schedule' },
        ...{ requestedBy: 'scheduler', from: new Date(0), until: new Date(1_000), rows: 3 },
        model: { connect: { id: modelId } },
        driftReport: {
          create: {
            ...{ ...version, driftDetected: true, driftScore: 0.5, driftedFeatures: ['age'], details: {} },
            ...{ rows: 3, referenceRows: 90 },
          },
        },
        incident: { create: { modelName: 'heart', conclusion: 'drift', diagnoses: [] } },
      },
      include: { incident: true },
    })
    .then(({ incident }) => incident!);
  for (const [id, actionType] of [
    [action, 'retrain-model'],
    [rollbackAction, 'rollback-model'],
  ] as const)
    await registry.rows.agentAction.create({
      data: {
        ...{
          id,
          actionId: id,
          incidentId,
          actionType,
          riskLevel: 'medium',
          requiresApproval: true,
          modelName: 'heart',
        },
        ...{
          reason: 'Drift.',
          arguments: {},
          argumentsHash: DATASET,
          evidence: {},
          evidenceHash: DATASET,
          proposedBy: 'agent',
        },
      },
    });
  await registry.rows.trainingRun.create({
    data: {
      ...{ id: retraining, modelName: 'heart', data: {}, request: {}, requestedBy: 'agent', reason: 'Drift.' },
      decisionId: action,
    },
  });
  await registry.rows.prediction.createMany({
    data: [1, 2, 3].map(() => ({
      ...version,
      ...{ id: randomUUID(), features: {}, prediction: 1, threshold: 0.5, latencyMs: 1, createdAt: new Date() },
    })),
  });
}

const trace = (version: number, query = ''): Promise<Answer> =>
  registry.call({ path: `/api/v1/models/heart/versions/${version}/lineage${query}` });
const edgesOf = ({ body }: Answer): string[] => {
  const short = new Map<string, string>(
    body.nodes.map(({ id, kind, label }: { id: string; kind: string; label: string }) => [id, `${kind} ${label}`]),
  );
  return body.edges.map(({ from, relation, to }: { from: string; relation: string; to: string }) =>
    [short.get(from), relation, short.get(to)].join(' | '),
  );
};

describe('the lineage of a version', () => {
  it('goes back to the data, the run and who asked', async () => {
    expect(edgesOf(await trace(1, '?direction=origins')).sort()).toEqual([
      'dataset patients 1 | read-by | training-run training of heart',
      'logged-model heart | registered-as | version heart 1',
      'run best of ten | logged | logged-model heart',
      'training-run training of heart | recorded-as | run best of ten',
    ]);
    expect(edgesOf(await trace(2, '?direction=origins'))).toEqual(
      expect.arrayContaining([
        'version heart 1 | trained-into | version heart 2',
        `agent-action retrain-model ${action} | asked-for | training-run training of heart`,
        'training-run training of heart | logged | logged-model heart',
        'logged-model heart | registered-as | version heart 2',
      ]),
    );
  });

  it('goes on to where it answered, how it was judged and what was done about it', async () => {
    const answer = await trace(1, '?direction=effects');
    expect(edgesOf(answer)).toEqual(
      expect.arrayContaining([
        'version heart 1 | deployed-as | deployment heart 1 live',
        'deployment heart 1 live | answered | predictions predictions of heart 1',
        'predictions predictions of heart 1 | judged-in | assessment assessment: degraded',
        'assessment assessment: degraded | found | drift-report drift',
        `assessment assessment: degraded | led-to | agent-action retrain-model ${action}`,
        `agent-action retrain-model ${action} | asked-for | training-run training of heart`,
        'training-run training of heart | registered-as | version heart 2',
        `agent-action rollback-model ${rollbackAction} | asked-for | version heart 1`,
        'version heart 1 | trained-into | version heart 2',
      ]),
    );
    const predictions = answer.body.nodes.find(({ kind }: { kind: string }) => kind === 'predictions');
    expect(predictions.facts).toEqual({ count: 3, counted_all: true });
    expect(answer.body.nodes.some(({ kind }: { kind: string }) => kind === 'dataset')).toBe(false);
  });

  it('tells when the version was live, twice here, and that the second time was asked for by the agent', async () => {
    const answer = await trace(1);
    const deployments = answer.body.nodes.filter(({ kind }: { kind: string }) => kind === 'deployment');
    expect(deployments).toEqual([
      expect.objectContaining({ until: null, facts: expect.objectContaining({ role: 'live', percent: 100 }) }),
      expect.objectContaining({ until: expect.any(String), facts: expect.objectContaining({ reason: 'Better.' }) }),
    ]);
    expect(edgesOf(answer)).toContain(
      `agent-action rollback-model ${rollbackAction} | asked-for | deployment heart 1 live`,
    );
  });

  it('shows as many of a kind as were asked for, and says of which there are more', async () => {
    const { body } = await trace(1, '?limit=1');
    expect(body.nodes.filter(({ kind }: { kind: string }) => kind === 'deployment')).toHaveLength(1);
    expect(body.cut.sort()).toEqual(['agent-action', 'deployment']);
    const ids = new Set(body.nodes.map(({ id }: { id: string }) => id));
    expect(body.edges.every(({ from, to }: { from: string; to: string }) => ids.has(from) && ids.has(to))).toBe(true);
  });

  it('keeps its short form, and refuses what does not exist', async () => {
    const { body } = await trace(2);
    expect(body).toMatchObject({
      model_name: 'heart',
      version: 2,
      parents: [1],
      children: [],
      training_run_id: retraining,
    });
    expect(body.decisions.map(({ kind }: { kind: string }) => kind)).toEqual(['retrain', 'promote', 'rollback']);
    expect((await trace(9)).body.code).toBe('version-not-found');
    expect((await trace(1, '?limit=0')).body.code).toBe('validation-failed');
    expect((await trace(1, '?direction=sideways')).body.code).toBe('validation-failed');
  });
});
