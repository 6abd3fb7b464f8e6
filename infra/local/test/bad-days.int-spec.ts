import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { GimbalError } from '@gimbal/client';
import type { AgentAction } from '@gimbal/contracts';
import { requireServable } from '@gimbal/domain';
import { eventually } from '@gimbal/testing';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { trainBadModel } from '../src/demo/bad-model.js';
import { Clinic, findAction, MODEL } from '../src/demo/clinic.js';
import { readHospitals } from '../src/demo/patients.js';
import { Story } from '../src/demo/story.js';
import { EXAMPLE_PATIENT } from '../src/welcome.js';
import { admitPatients, expectAllInLog, type Part, Ward } from './ward.js';

// The built services, as `npm start` runs them: what docs/failure-modes.md promises, taken at its word.
jest.setTimeout(600_000);
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
          const answer = await eventually(() => predictor.predict('/predict', EXAMPLE_PATIENT));
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
    'moves of the live version (%s): each decision, asked for until it was answered, counts once and in order',
    async (part) => {
      const decisions = await moveToAndFro(() => ward.kill(part));
      const { items } = await (await ward.client('viewer')).call('aliasHistory', {
        params: { model: MODEL, alias: 'live' },
        query: { limit: '1000' },
      });
      expect(items.slice(0, decisions.length).map(({ decisionId }) => decisionId)).toEqual(decisions.toReversed());
      expect(await liveVersion()).toBe(items[0]?.toVersion);
      await eventually(async () => {
        const entries = [...(await audited('model.promoted')), ...(await audited('model.rolled-back'))].map((entry) =>
          JSON.stringify(entry),
        );
        for (const decision of decisions) expect(entries.filter((text) => text.includes(decision))).toHaveLength(1);
      });
    },
  );

  it('an approved rollback (agent and registry at once): the action is finished once, and the former version is live', async () => {
    const runtime = await ward.runtime();
    const clinic = new Clinic(runtime.gateway, await ward.keys(), new Story(() => undefined, false));
    const { before, proposal } = await proposeRollback(clinic);
    const rollbacks = (await audited('model.rolled-back')).length;
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
    await eventually(async () => {
      const ours = async (action: string) =>
        (await audited(action)).filter((entry) => JSON.stringify(entry).includes(proposal.id)).length;
      expect([await ours('action.approved'), await ours('action.verified')]).toEqual([1, 1]);
      expect(await audited('model.rolled-back')).toHaveLength(rollbacks + 1);
    });
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

/**
 * Version 2 goes live, then 1 and 2 in turn by rollbacks: some before `during`, all the while, and some after it. As a person whose
 * answer was lost would, it asks again under the same decision. @returns the decisions that were answered, oldest first
 */
async function moveToAndFro(during: () => Promise<void>): Promise<string[]> {
  const admin = await ward.client('admin');
  const decisions: string[] = [];
  let target = Number.POSITIVE_INFINITY;
  const move = async (): Promise<void> => {
    const { live, items } = await eventually(async () => ({
      live: await liveVersion(),
      items: (await admin.call('listVersions', { params: { model: MODEL } })).items,
    }));
    const isFirst = items.find(({ version }) => version === 2)?.stage === 'training';
    const body = { decision_id: randomUUID(), expected_live_version: live ?? 1, reason: 'to and fro' };
    const to = live === 1 ? 2 : 1;
    const ask = async () => {
      try {
        if (isFirst) {
          await admin.call('promoteVersion', { params: { model: MODEL, version: to }, body: { ...body, force: true } });
        } else {
          await admin.call('rollbackModel', { params: { model: MODEL }, body: { ...body, to_version: to } });
        }
        return null;
      } catch (error) {
        // Refused is refused; only what nobody answered is asked again.
        if (error instanceof GimbalError && error.status < 500) return error;
        throw error;
      }
    };
    const refused = await eventually(ask);
    if (refused) throw refused;
    decisions.push(body.decision_id);
  };
  const moving = (async () => {
    while (decisions.length < target) await move();
  })();
  moving.catch(() => undefined); // awaited below
  try {
    await eventually(() => expect(decisions.length).toBeGreaterThan(1));
    await during();
  } finally {
    target = decisions.length + 2;
    await moving;
  }
  return decisions;
}

/** A version that learned nonsense is forced live, patients come, and the agent proposes to go back. */
async function proposeRollback(clinic: Clinic): Promise<{ before: number | null; proposal: AgentAction }> {
  const hospitals = await readHospitals(join(ward.home, 'data', MODEL));
  const patients = [...(await hospitals.patientsOf('cleveland')), ...(await hospitals.patientsOf('hungarian'))];
  const before = await clinic.liveVersion();
  const live = await clinic.as.viewer.call('getVersion', { params: { model: MODEL, version: before ?? 0 } });
  const { signature } = requireServable(live);
  const bad = await clinic.as.operator.upload(
    'registerVersion',
    { model: MODEL },
    trainBadModel({ patients, signature, parentVersion: before }),
  );
  await clinic.as.admin.call('promoteVersion', {
    params: { model: MODEL, version: bad.version },
    body: { decision_id: randomUUID(), expected_live_version: before, reason: 'forced', force: true },
  });
  await eventually(async () => expect(await ward.answers()).toBe(bad.version));
  const proposal = findAction(await clinic.visit(patients), 'rollback_model');
  if (!proposal) throw new Error('no rollback was proposed');
  return { before, proposal };
}
