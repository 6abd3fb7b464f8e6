import { expect, it } from '@jest/globals';
import { ACTION_STATES } from './action-state.js';
import { DEFAULT_AGENT_POLICY } from './agent-policy.js';
import { type DecidableAction, judgeReview } from './approval-rules.js';
import { recheckProposal } from './recheck-proposal.js';
import {
  AFTER_RELEASE,
  BAD_RELEASE,
  BROKEN,
  CONTEXT,
  DEGRADED,
  HEALTHY,
  HOUR,
  NOW,
  past,
} from './situations.testspec.js';

const open: DecidableAction = {
  state: 'proposed',
  requiresApproval: true,
  expiresAt: NOW + HOUR,
  proposedBy: 'agent',
  proposedByKeyId: 'key-of-the-asker',
};
const review = {
  decision: 'approve',
  reviewer: { id: 'key-of-another', name: 'anna' },
  now: NOW,
  isPaused: false,
} as const;
const code = (verdict: ReturnType<typeof judgeReview>): string => (verdict.allowed ? 'allowed' : verdict.code);

it('lets another key approve in time', () => {
  expect(judgeReview(open, review)).toEqual({ allowed: true });
});

it('lets nobody approve what their own key asked for, but lets them withdraw it', () => {
  const own = { ...review, reviewer: { id: 'key-of-the-asker', name: 'anna' } };
  expect(code(judgeReview(open, own))).toBe('self-approval');
  expect(code(judgeReview(open, { ...own, decision: 'reject' }))).toBe('allowed');
  expect(code(judgeReview(open, { ...review, reviewer: { id: 'x', name: 'agent' } }))).toBe('self-approval');
});

it('takes silence for a no: from the very millisecond on', () => {
  expect(code(judgeReview(open, { ...review, now: NOW + HOUR - 1 }))).toBe('allowed');
  expect(code(judgeReview(open, { ...review, now: NOW + HOUR }))).toBe('approval-expired');
});

it('decides each proposal once', () => {
  const codes = Object.fromEntries(
    ACTION_STATES.map((state) => [state, code(judgeReview({ ...open, state }, review))]),
  );
  expect(codes).toEqual({
    proposed: 'allowed',
    approved: 'approval-decided',
    executing: 'approval-decided',
    verifying: 'approval-decided',
    succeeded: 'approval-decided',
    failed: 'approval-decided',
    compensated: 'approval-decided',
    rejected: 'approval-decided',
    expired: 'approval-expired',
    superseded: 'approval-stale',
    'dry-run': 'invalid-transition',
  });
});

it('has nothing to approve where low risk runs by itself, and approves nothing while paused', () => {
  expect(code(judgeReview({ ...open, requiresApproval: false }, review))).toBe('invalid-transition');
  expect(code(judgeReview(open, { ...review, isPaused: true }))).toBe('agent-paused');
  expect(code(judgeReview(open, { ...review, isPaused: true, decision: 'reject' }))).toBe('allowed');
});

const retrain = { actionType: 'retrain_model', evidence: DEGRADED, isApprovedByPerson: true } as const;
const failing = (recheck: ReturnType<typeof recheckProposal>): string[] =>
  recheck.conditions.filter(({ holds }) => !holds).map(({ code: name }) => name);

it('still holds when nothing changed, and when a newer look could not tell', () => {
  expect(recheckProposal(retrain, null, CONTEXT)).toMatchObject({ holds: true, reason: '' });
  const later = {
    ...HEALTHY,
    assessedAt: NOW,
    performance: { ...HEALTHY.performance!, verdict: 'insufficient' as const },
  };
  expect(recheckProposal(retrain, later, CONTEXT).holds).toBe(true);
});

it('is stale when the live version moved, the data broke, or the model was found well again', () => {
  expect(failing(recheckProposal(retrain, null, { ...CONTEXT, live: { ...CONTEXT.live!, version: 2 } }))).toContain(
    'version-live',
  );
  expect(failing(recheckProposal(retrain, { ...BROKEN, assessedAt: NOW }, CONTEXT))).toContain('data-sound');
  expect(failing(recheckProposal(retrain, { ...HEALTHY, assessedAt: NOW }, CONTEXT))).toContain('performance-degraded');
});

it('is not made stale by an older assessment, or by one of another version', () => {
  expect(recheckProposal(retrain, { ...HEALTHY, assessedAt: DEGRADED.assessedAt - 1 }, CONTEXT).holds).toBe(true);
  expect(recheckProposal(retrain, { ...HEALTHY, assessedAt: NOW, modelVersion: 7 }, CONTEXT).holds).toBe(true);
});

it('obeys a policy that became stricter meanwhile', () => {
  const dryRun = { ...CONTEXT, policy: { ...DEFAULT_AGENT_POLICY, dryRun: true } };
  expect(failing(recheckProposal(retrain, null, dryRun))).toEqual(['policy-allows']);
  const alert = { actionType: 'send_alert', evidence: DEGRADED, isApprovedByPerson: false } as const;
  expect(recheckProposal(alert, null, CONTEXT).holds).toBe(true);
  const stricter = { ...CONTEXT, policy: { ...DEFAULT_AGENT_POLICY, risk: { send_alert: 'medium' } as const } };
  expect(failing(recheckProposal(alert, null, stricter))).toEqual(['policy-allows']);
});

// Guards waiting: the suspicion is measured from the assessment, so a slow approver does not make a rollback stale.
it('keeps a rollback fresh however long the approver took', () => {
  const rollback = { actionType: 'rollback_model', evidence: BAD_RELEASE, isApprovedByPerson: true } as const;
  expect(recheckProposal(rollback, null, { ...AFTER_RELEASE, now: NOW + 100 * HOUR }).holds).toBe(true);
  const rejected = [past({ type: 'rollback_model', state: 'rejected', modelVersion: 3 })];
  expect(failing(recheckProposal(rollback, null, { ...AFTER_RELEASE, history: rejected }))).toEqual([
    'rollback-not-rejected',
  ]);
});
