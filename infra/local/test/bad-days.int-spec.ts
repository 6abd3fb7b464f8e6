import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { AgentAction } from '@gimbal/contracts';
import { eventually } from '@gimbal/testing';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { trainBadModel } from '../src/demo/bad-model.js';
import { Clinic, findAction, MODEL } from '../src/demo/clinic.js';
import { readHospitals } from '../src/demo/patients.js';
import { Story } from '../src/demo/story.js';
import { admitPatients, expectAllInLog, type Part, Ward } from './ward.js';

// The built services, as `npm start` runs them: what docs/failure-modes.md promises, taken at its word.
jest.setTimeout(180_000);
let ward: Ward;
beforeAll(async () => {
  ward = await Ward.open();
  await ward.trainFirstVersion();
});
afterAll(() => ward?.close());

const liveVersion = async () =>
  (await (await ward.client('viewer')).call('getModel', { params: { model: MODEL } })).liveVersion;
const audited = async (action: string, subject?: string) => {
  const viewer = await ward.client('viewer');
  const query = { action, limit: '1000', ...(subject === undefined ? {} : { subject }) };
  return (await viewer.call('listAudit', { query })).items;
};

describe('kill -9 while patients come in', () => {
  it.each<Part>(['registry', 'training', 'monitoring', 'agent', 'postgres'])(
    '%s: no prediction fails, nothing acknowledged is lost or doubled',
    async (part) => {
      const seen = await admitPatients(ward, () => ward.kill(part));
      expect(Object.fromEntries(seen.failed)).toEqual({});
      await expectAllInLog(ward, seen);
    },
  );

  it.each<Part>(['serving', 'gateway'])(
    '%s: it comes back by itself, nothing acknowledged is lost or doubled',
    async (part) => {
      await expectAllInLog(ward, await admitPatients(ward, () => ward.kill(part)));
    },
  );

  it('serving, while PostgreSQL and the registry cannot come back: it predicts from what it kept, and all of it is logged later', async () => {
    const giveBack = [await ward.keepAway('postgres'), await ward.keepAway('registry')];
    let predictions: string[];
    try {
      await ward.kill('serving');
      const predictor = await ward.client('predictor');
      predictions = await Promise.all(
        Array.from({ length: 20 }, async () => {
          const answer = await eventually(() => predictor.predict('/predict', PATIENT), { timeoutMs: 20_000 });
          return (answer as { prediction_id: string }).prediction_id; // the route's own answer
        }),
      );
    } finally {
      await Promise.all(giveBack.map((give) => give()));
    }
    await expectAllInLog(ward, {
      from: new Date(Date.now() - 60_000).toISOString(),
      predictions: new Set(predictions),
      labels: new Map(),
      failed: new Map(),
    });
  });
});

const PATIENT = {
  age: 58,
  sex: 0,
  cp: 4,
  trestbps: 100,
  chol: 248,
  fbs: 0,
  restecg: 2,
  thalach: 122,
  exang: 0,
  oldpeak: 1,
  slope: 2,
  ca: 0,
  thal: 3,
};

describe('kill -9 in the middle of', () => {
  it('a training: another attempt brings it to exactly one version', async () => {
    const viewer = await ward.client('viewer');
    const id = await ward.requestTraining({ promote: 'never', seed: 7 });
    await eventually(
      async () => {
        const run = await viewer.call('getTrainingRun', { params: { id } });
        expect(run.state).not.toBe('queued');
      },
      { intervalMs: 5 },
    );
    await ward.kill('training');
    const run = await ward.endedTraining(id);
    expect(run).toMatchObject({ state: 'succeeded', outcome: { version: 2 } });
    const versions = await viewer.call('listVersions', { params: { model: MODEL } });
    expect(versions.items.map(({ version }) => version)).toEqual([2, 1]);
  });

  it.each<Part>(['registry', 'postgres', 'gateway'])(
    'promotions (%s): each decision that was asked for again counts once, in order',
    async (part) => {
      const admin = await ward.client('admin');
      const before = await liveVersion();
      const decisions: string[] = [];
      let isOver = false;
      const promote = async () => {
        for (let live = before; !isOver || decisions.length < 6; live = live === 1 ? 2 : 1) {
          const decision = randomUUID();
          const body = { decision_id: decision, expected_live_version: live, reason: 'to and fro', force: true };
          // A person whose answer was lost asks again, under the same decision.
          await eventually(
            () => admin.call('promoteVersion', { params: { model: MODEL, version: live === 1 ? 2 : 1 }, body }),
            { timeoutMs: 45_000 },
          );
          decisions.push(decision);
        }
      };
      const promoting = promote();
      try {
        await eventually(() => expect(decisions.length).toBeGreaterThan(1));
        await ward.kill(part);
      } finally {
        isOver = true;
      }
      await promoting;
      const viewer = await ward.client('viewer');
      const { items } = await viewer.call('aliasHistory', {
        params: { model: MODEL, alias: 'live' },
        query: { limit: '1000' },
      });
      const ours = items.filter(({ reason }) => reason === 'to and fro').slice(0, decisions.length);
      expect(ours.map(({ decisionId }) => decisionId)).toEqual(decisions.toReversed());
      expect(await liveVersion()).toBe(ours[0]?.toVersion);
      await eventually(
        async () => {
          const entries = (await audited('model.promoted')).map(({ payload }) => JSON.stringify(payload));
          for (const decision of decisions) expect(entries.filter((text) => text.includes(decision))).toHaveLength(1);
        },
        { timeoutMs: 30_000 },
      );
    },
  );

  it('an approved rollback (agent and registry at once): the action is finished once, and the former version is live', async () => {
    const runtime = await ward.runtime();
    const clinic = new Clinic(runtime.gateway, await ward.keys(), new Story(() => undefined, false));
    const { before, proposal } = await proposeRollback(clinic);
    await clinic.as.approver.call('approveAction', { params: { id: proposal.id }, body: { comment: 'Go back.' } });
    await Promise.all([ward.kill('agent'), ward.kill('registry')]);
    const ended = await eventually(
      async () => {
        const action = await clinic.as.viewer.call('getAction', { params: { id: proposal.id } });
        expect(['succeeded', 'failed', 'compensated']).toContain(action.state);
        return action;
      },
      { timeoutMs: 90_000, intervalMs: 200 },
    );
    expect(ended).toMatchObject({ state: 'succeeded', comment: 'Go back.' });
    expect(await liveVersion()).toBe(before);
    expect(await ward.answers()).toBe(before);
    await eventually(
      async () => {
        const ours = async (action: string) =>
          (await audited(action)).filter((entry) => JSON.stringify(entry).includes(proposal.id)).length;
        expect([await ours('action.approved'), await ours('action.verified')]).toEqual([1, 1]);
        expect(await audited('model.rolled-back')).toHaveLength(1);
      },
      { timeoutMs: 30_000 },
    );
  });

  it('everything: a second start recovers by itself, nothing acknowledged is lost or doubled, and the audit chain holds', async () => {
    const versions = await (await ward.client('viewer')).call('listVersions', { params: { model: MODEL } });
    const live = await liveVersion();
    const seen = await admitPatients(ward, async () => {
      await ward.killEverything();
      await ward.start();
    });
    await expectAllInLog(ward, seen);
    const viewer = await ward.client('viewer');
    expect(await viewer.call('listVersions', { params: { model: MODEL } })).toEqual(versions);
    expect(await liveVersion()).toBe(live);
    expect(await viewer.call('verifyAudit', {})).toMatchObject({ valid: true, firstBrokenSeq: null });
  });
});

/** A version that learned nonsense is forced live, patients come, and the agent proposes to go back. */
async function proposeRollback(clinic: Clinic): Promise<{ before: number | null; proposal: AgentAction }> {
  const hospitals = await readHospitals(join(ward.home, 'data', MODEL));
  const patients = [...(await hospitals.patientsOf('cleveland')), ...(await hospitals.patientsOf('hungarian'))];
  const before = await clinic.liveVersion();
  const { signature } = await clinic.as.viewer.call('getVersion', { params: { model: MODEL, version: before ?? 0 } });
  const bad = await clinic.as.operator.upload(
    'registerVersion',
    { model: MODEL },
    trainBadModel({ patients, signature, parentVersion: before }),
  );
  await clinic.as.admin.call('promoteVersion', {
    params: { model: MODEL, version: bad.version },
    body: { decision_id: randomUUID(), expected_live_version: before, reason: 'forced', force: true },
  });
  await eventually(async () => expect(await ward.answers()).toBe(bad.version), { timeoutMs: 20_000 });
  const proposal = findAction(await clinic.visit(patients), 'rollback_model');
  if (!proposal) throw new Error('no rollback was proposed');
  return { before, proposal };
}
