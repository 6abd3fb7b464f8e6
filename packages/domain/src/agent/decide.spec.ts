import { describe, expect, it } from '@jest/globals';
import { ACTION_TYPES } from './action-type.js';
import { ACTIONS } from './actions/action-catalogue.js';
import { shiftThreshold, THRESHOLD_STEP_MAX } from './actions/adjust-threshold.js';
import { DEFAULT_AGENT_POLICY } from './agent-policy.js';
import type { AssessmentEvidence } from './assessment-evidence.js';
import { type Decision, decide } from './decide.js';
import type { DecisionContext } from './decision-context.js';
import { diagnose } from './diagnoses/diagnose.js';
import { DIAGNOSES } from './diagnoses/diagnosis.js';
import {
  AFTER_RELEASE,
  BAD_RELEASE,
  BROKEN,
  CONTEXT,
  DEGRADED,
  DRIFTED,
  HEALTHY,
  HOUR,
  metric,
  NOW,
  past,
} from './situations.testspec.js';

const proposed = (decision: Decision): string[] => decision.proposals.map(({ actionType }) => actionType).sort();
const refusals = (decision: Decision): Record<string, string> =>
  Object.fromEntries(decision.refused.map(({ actionType, code }) => [actionType, code]));
const found = (evidence: AssessmentEvidence, context: DecisionContext = CONTEXT): string[] =>
  Object.values(diagnose(evidence, context.live)).flatMap(({ diagnosis, present }) => (present ? [diagnosis] : []));

describe('the four hospitals', () => {
  it('proposes nothing for a healthy window, and says that it looked', () => {
    const decision = decide(HEALTHY, CONTEXT);
    expect(decision).toMatchObject({ kind: 'monitor', proposals: [], refused: [] });
    expect(decision.diagnoses.map(({ diagnosis }) => diagnosis).sort()).toEqual([...DIAGNOSES].sort());
    expect(decision.conclusion).toMatch(/Nothing wrong was found.*Performance holds/);
  });

  it('reports drift without damage and refuses to retrain for it', () => {
    const decision = decide(DRIFTED, CONTEXT);
    expect(found(DRIFTED)).toEqual(['data-drift']);
    expect(proposed(decision)).toEqual(['generate_report', 'send_alert']);
    expect(decision.proposals.every(({ requiresApproval }) => !requiresApproval)).toBe(true);
    expect(refusals(decision)).toEqual({ retrain_model: 'drift-without-degradation' });
  });

  it('proposes to retrain, for an approver to decide, when labels prove the damage', () => {
    const decision = decide(DEGRADED, CONTEXT);
    expect(found(DEGRADED)).toEqual(['performance-degradation', 'data-drift']);
    expect(proposed(decision)).toEqual(['collect_diagnostics', 'generate_report', 'retrain_model', 'send_alert']);
    expect(decision.proposals.find(({ actionType }) => actionType === 'retrain_model')).toMatchObject({
      risk: 'medium',
      requiresApproval: true,
      expiresAt: NOW + 24 * HOUR,
      arguments: {
        dataset: 'heart-disease',
        parts: ['cleveland'],
        labelledUntil: new Date(DEGRADED.assessedAt).toISOString(),
        expectedLiveVersion: 1,
      },
    });
    expect(refusals(decision)).toEqual({ rollback_model: 'no-previous-version', adjust_threshold: 'ranking-lost' });
  });

  it('learns nothing from broken data', () => {
    const decision = decide(BROKEN, CONTEXT);
    expect(proposed(decision)).toEqual(['collect_diagnostics', 'send_alert', 'validate_data']);
    expect(refusals(decision)).toEqual({ retrain_model: 'broken-data', rollback_model: 'broken-data' });
    expect(decision.proposals.find(({ actionType }) => actionType === 'send_alert')?.arguments).toMatchObject({
      alertType: 'data-quality',
      severity: 'critical',
    });
  });
});

describe('after a deployment', () => {
  it('takes the release back rather than learn over it', () => {
    const decision = decide(BAD_RELEASE, AFTER_RELEASE);
    expect(decision.proposals.find(({ actionType }) => actionType === 'rollback_model')).toMatchObject({
      risk: 'high',
      requiresApproval: true,
      arguments: { toVersion: 2, expectedLiveVersion: 3 },
      reason: expect.stringContaining('inputs are as in training'),
    });
    expect(refusals(decision)).toMatchObject({ retrain_model: 'deployment-suspected' });
  });

  it('suspects the deployment only within its time, and only until an approver said no', () => {
    const old = {
      ...AFTER_RELEASE,
      live: { ...AFTER_RELEASE.live!, promotedAt: BAD_RELEASE.assessedAt - 24 * HOUR - 1 },
    };
    expect(refusals(decide(BAD_RELEASE, old))).toMatchObject({ rollback_model: 'no-recent-deployment' });
    expect(proposed(decide(BAD_RELEASE, old))).toContain('retrain_model');
    const history = [past({ type: 'rollback_model', state: 'rejected', modelVersion: 3, executedAt: null })];
    const said = decide(BAD_RELEASE, { ...AFTER_RELEASE, history });
    expect(refusals(said)).toMatchObject({ rollback_model: 'rollback-rejected-before' });
    expect(proposed(said)).toContain('retrain_model');
  });

  // Guards the story: a version with a bad baseline of its own never gets worse than itself.
  it('finds a version that was bad from the start by the ranking floor', () => {
    const performance = {
      ...HEALTHY.performance!,
      loss: { title: 'Brier score', ...metric(0.26, 0.03, 0.25) },
      rocAuc: metric(0.5, 0.12, 0.51),
    };
    const evidence = { ...BAD_RELEASE, performance };
    expect(found(evidence, AFTER_RELEASE)).toEqual(['performance-degradation']);
    const admitted = { ...AFTER_RELEASE, live: { ...AFTER_RELEASE.live!, isAdmitted: true } };
    expect(found(evidence, admitted)).toEqual([]);
  });
});

describe('what else is asked', () => {
  it('needs labels to retrain: too few are no proof and no teacher', () => {
    const few = { ...DEGRADED, labelledRows: 99 };
    expect(refusals(decide(few, CONTEXT))).toMatchObject({ retrain_model: 'not-enough-labels' });
    const unknown = {
      ...DRIFTED,
      labelledRows: 3,
      performance: { ...DRIFTED.performance!, verdict: 'insufficient' as const },
    };
    expect(refusals(decide(unknown, CONTEXT))).toEqual({ retrain_model: 'performance-unknown' });
    expect(refusals(decide({ ...unknown, performance: null }, CONTEXT))).toEqual({
      retrain_model: 'performance-unknown',
    });
  });

  it('repairs nothing when the assessed version is not the one that answers', () => {
    const moved = { ...CONTEXT, live: { ...CONTEXT.live!, version: 2 } };
    expect(refusals(decide(DEGRADED, moved))).toMatchObject({
      retrain_model: 'version-not-live',
      rollback_model: 'version-not-live',
    });
    expect(refusals(decide(DEGRADED, { ...CONTEXT, live: null }))).toMatchObject({ retrain_model: 'version-not-live' });
  });

  it('does not train what is being trained, or what came from nobody knows where', () => {
    expect(refusals(decide(DEGRADED, { ...CONTEXT, isTraining: true }))).toMatchObject({
      retrain_model: 'training-in-progress',
    });
    const uploaded = { ...CONTEXT, live: { ...CONTEXT.live!, training: null } };
    expect(refusals(decide(DEGRADED, uploaded))).toMatchObject({ retrain_model: 'training-data-unknown' });
  });

  it('learns an uploaded table again from its latest version', () => {
    const training = { dataset: 'churn', parts: [], version: 3 };
    const { proposals } = decide(DEGRADED, { ...CONTEXT, live: { ...CONTEXT.live!, training } });
    const retraining = proposals.find(({ actionType }) => actionType === 'retrain_model');
    expect(retraining?.arguments).toMatchObject({ dataset: 'churn', version: 3 });
    expect(retraining?.reason).toContain('learn from the latest version of churn');
  });

  it('never treats unknown quality as good', () => {
    expect(refusals(decide({ ...DEGRADED, quality: null }, CONTEXT))).toMatchObject({ retrain_model: 'broken-data' });
  });

  it('looks closer, and alarms, when the answers themselves are odd', () => {
    const anomalies = [{ kind: 'constant-output', share: 1, detail: 'every answer is 0.5' }];
    const odd = { ...HEALTHY, predictions: { ...HEALTHY.predictions!, anomalies } };
    expect(found(odd)).toEqual(['prediction-anomalies']);
    expect(proposed(decide(odd, CONTEXT))).toEqual(['collect_diagnostics', 'send_alert']);
    const unsure = {
      ...HEALTHY,
      predictions: { ...HEALTHY.predictions!, lowConfidenceShare: 0.4, lowConfidenceRaised: true },
    };
    expect(found(unsure)).toEqual(['low-confidence']);
    expect(proposed(decide(unsure, CONTEXT))).toEqual(['collect_diagnostics', 'send_alert']);
  });
});

describe('the threshold', () => {
  const performance = {
    ...HEALTHY.performance!,
    rows: 300,
    positives: 60,
    rocAuc: metric(0.89, 0.04, 0.9),
    f1: metric(0.65, 0.07, 0.8),
  };
  const shifted = { ...HEALTHY, labelledRows: 300, performance };

  it('moves one bounded step when ranking holds and the share of positives fell', () => {
    const decision = decide(shifted, CONTEXT);
    expect(decision.proposals.find(({ actionType }) => actionType === 'adjust_threshold')).toMatchObject({
      risk: 'low',
      requiresApproval: false,
      arguments: { version: 1, expectedThreshold: 0.45, threshold: 0.45 + THRESHOLD_STEP_MAX },
    });
  });

  it('stays when ranking is lost, when the share of positives did not move, or on few labels', () => {
    const lost = { ...shifted, performance: { ...performance, rocAuc: metric(0.75, 0.05, 0.9) } };
    expect(refusals(decide(lost, CONTEXT))).toMatchObject({ adjust_threshold: 'ranking-lost' });
    const same = { ...shifted, performance: { ...performance, positives: 139 } };
    expect(refusals(decide(same, CONTEXT))).toMatchObject({ adjust_threshold: 'positive-share-unchanged' });
    expect(refusals(decide({ ...shifted, labelledRows: 40 }, CONTEXT))).toMatchObject({
      adjust_threshold: 'not-enough-labels',
    });
  });

  it('corrects odds by the ratio of the prior odds (Saerens et al. 2002)', () => {
    expect(shiftThreshold(0.5, 0.5, 0.5)).toBeCloseTo(0.5, 12);
    expect(shiftThreshold(0.5, 0.5, 0.2)).toBeCloseTo(0.8, 12);
    expect(shiftThreshold(0.3, 0.2, 0.4)).toBeCloseTo(
      ((0.3 / 0.7) * (0.6 / 0.4) * (0.2 / 0.8)) / (1 + (0.3 / 0.7) * (0.6 / 0.4) * (0.2 / 0.8)),
      12,
    );
  });
});

describe('limits', () => {
  const retrain = (history: DecisionContext['history'], policy = DEFAULT_AGENT_POLICY): string | undefined =>
    refusals(decide(DEGRADED, { ...CONTEXT, history, policy })).retrain_model;

  it('does not propose again what is open, or what was done or refused a moment ago', () => {
    expect(retrain([])).toBeUndefined();
    expect(retrain([past({ state: 'proposed', executedAt: null })])).toBe('already-proposed');
    expect(retrain([past({ state: 'executing' })])).toBe('already-proposed');
    expect(retrain([past({ endedAt: NOW - HOUR + 1 })])).toBe('cool-down');
    expect(retrain([past({ state: 'rejected', executedAt: null, endedAt: NOW - 1 })])).toBe('cool-down');
    expect(retrain([past({ endedAt: NOW - HOUR })])).toBeUndefined();
    expect(retrain([past({ state: 'expired', executedAt: null, endedAt: NOW - 1 })])).toBeUndefined();
  });

  it('stops after the attempts allowed and calls for a person', () => {
    const history = [1, 2, 3].map((n) => past({ executedAt: NOW - n * 2 * HOUR, endedAt: NOW - n * 2 * HOUR }));
    expect(retrain(history)).toBe('attempts-exhausted');
    expect(retrain(history, { ...DEFAULT_AGENT_POLICY, attemptsMax: 4 })).toBeUndefined();
    const alert = decide(DEGRADED, { ...CONTEXT, history }).proposals.find(
      ({ actionType }) => actionType === 'send_alert',
    );
    expect(alert?.arguments).toMatchObject({
      severity: 'critical',
      message: expect.stringContaining('a person has to look'),
    });
  });

  it('does one repair at a time; only a rollback does not wait for a training', () => {
    const adjusting = [past({ type: 'adjust_threshold', state: 'executing' })];
    expect(retrain(adjusting)).toBe('repair-in-progress');
    const training = [past({ state: 'executing' })];
    expect(proposed(decide(BAD_RELEASE, { ...AFTER_RELEASE, history: training }))).toContain('rollback_model');
  });

  it('proposes and does nothing while paused, and says so', () => {
    const decision = decide(DEGRADED, { ...CONTEXT, isPaused: true });
    expect(decision.proposals).toEqual([]);
    expect(refusals(decision)).toMatchObject({ retrain_model: 'agent-paused', send_alert: 'agent-paused' });
  });

  it('raises a risk by policy and never lowers one', () => {
    const policy = { ...DEFAULT_AGENT_POLICY, risk: { send_alert: 'high', retrain_model: 'low' } as const };
    const { proposals } = decide(DEGRADED, { ...CONTEXT, policy });
    expect(proposals.find(({ actionType }) => actionType === 'send_alert')).toMatchObject({
      risk: 'high',
      requiresApproval: true,
    });
    expect(proposals.find(({ actionType }) => actionType === 'retrain_model')).toMatchObject({
      risk: 'medium',
      requiresApproval: true,
    });
  });

  it('shows what it would do in a dry run', () => {
    const { proposals } = decide(DEGRADED, { ...CONTEXT, policy: { ...DEFAULT_AGENT_POLICY, dryRun: true } });
    expect(proposals.every(({ isDryRun, preview }) => isDryRun && preview.length > 0)).toBe(true);
  });
});

it('has seven actions with the risks that were asked for', () => {
  expect(Object.keys(ACTIONS).sort()).toEqual([...ACTION_TYPES].sort());
  const risks = Object.fromEntries(Object.values(ACTIONS).map(({ type, risk }) => [type, risk]));
  expect(risks).toEqual({
    retrain_model: 'medium',
    rollback_model: 'high',
    send_alert: 'low',
    adjust_threshold: 'low',
    collect_diagnostics: 'low',
    validate_data: 'low',
    generate_report: 'low',
  });
});

it('keeps each condition with what was measured and what was allowed', () => {
  for (const evidence of [HEALTHY, DRIFTED, DEGRADED, BROKEN])
    for (const item of [...decide(evidence, CONTEXT).proposals, ...decide(evidence, CONTEXT).refused]) {
      expect(item.conditions.length).toBeGreaterThan(0);
      for (const condition of item.conditions) {
        expect(condition).toEqual({
          code: expect.any(String),
          holds: expect.any(Boolean),
          measured: condition.measured,
          limit: condition.limit,
          message: expect.stringMatching(/\.$/),
        });
        expect(condition.measured).not.toBeUndefined();
      }
    }
});
