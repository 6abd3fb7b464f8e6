import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  countApprovals,
  judgePolicy,
  OPEN_POLICY,
  type PolicyEvidence,
  type PromotionPolicy,
  type StandingReview,
} from './promotion-policy.js';

const person = (name: string) => ({ id: `key-of-${name}`, name });
const review = (name: string, verdict: StandingReview['verdict'] = 'approved'): StandingReview => ({
  verdict,
  reviewer: person(name),
  comment: 'Looked at it.',
});
const evidence = (changes: Partial<PolicyEvidence> = {}): PolicyEvidence => ({
  metrics: { f1_score: 0.8, log_loss: 0.4 },
  liveMetrics: { f1_score: 0.82, log_loss: 0.35 },
  tags: {},
  hasParity: false,
  reviews: [],
  proposer: person('grace'),
  registeredBy: 'ada',
  soakedMinutes: 0,
  ...changes,
});
const policy = (changes: Partial<PromotionPolicy>): PromotionPolicy => ({ ...OPEN_POLICY, ...changes });
const refusals = (wanted: Partial<PromotionPolicy>, known: Partial<PolicyEvidence> = {}) =>
  judgePolicy(policy(wanted), evidence(known)).refusals.map(({ code }) => code);

describe('a promotion policy', () => {
  it('asks for nothing unless it says so', () => {
    expect(judgePolicy(OPEN_POLICY, evidence())).toEqual({ admitted: true, refusals: [], conditions: [] });
  });

  it('names every refusal at once', () => {
    const verdict = judgePolicy(
      policy({
        metrics: [{ name: 'f1_score', min: 0.9, dropMax: 0.01 }],
        requiredTags: { reviewed: null, stage: 'ready' },
        parity: 'required',
        approvals: 2,
        soak: { roles: ['canary', 'shadow'], minutes: 60 },
      }),
      evidence({ tags: { stage: 'draft' }, reviews: [review('linus')], soakedMinutes: 59.9 }),
    );
    expect(verdict.refusals).toEqual([
      { code: 'metric-below-minimum', message: 'f1_score must be at least 0.9; it is 0.8.' },
      {
        code: 'metric-worse-than-live',
        message: 'The change of f1_score against live must be at least -0.01; it is -0.02.',
      },
      { code: 'tag-missing', message: 'The policy asks for the tag reviewed.' },
      { code: 'tag-missing', message: 'The policy asks for the tag stage with the value ready.' },
      {
        code: 'parity-missing',
        message: 'The policy asks for proof that the ONNX file answers as the trained model did.',
      },
      {
        code: 'approvals-missing',
        message: '1 of 2 approvals are given, by people who neither registered it nor ask for the promotion.',
      },
      { code: 'soak-too-short', message: 'It was tried as canary or shadow for 59 minutes; the policy asks for 60.' },
    ]);
    expect(verdict.admitted).toBe(false);
  });

  it('admits exactly on every limit', () => {
    const metrics = [
      { name: 'f1_score', min: 0.8, dropMax: 0.5 },
      { name: 'log_loss', max: 0.4, riseMax: 0.25 },
    ];
    const known = { metrics: { f1_score: 0.8, log_loss: 0.4 }, liveMetrics: { f1_score: 1.3, log_loss: 0.15 } };
    expect(
      refusals(
        { metrics, approvals: 1, soak: { roles: ['shadow'], minutes: 5 } },
        { ...known, reviews: [review('linus')], soakedMinutes: 5 },
      ),
    ).toEqual([]);
  });

  it('takes what was not measured for no pass', () => {
    const rule = { name: 'recall', min: 0, max: 1, dropMax: 1, riseMax: 1 };
    expect(refusals({ metrics: [rule] })).toEqual([
      'metric-below-minimum',
      'metric-above-maximum',
      'metric-worse-than-live',
      'metric-worse-than-live',
    ]);
    expect(refusals({ metrics: [{ name: 'f1_score', min: 0 }] }, { metrics: { f1_score: Number.NaN } })).toHaveLength(
      1,
    );
  });

  it('asks nothing against live, and no trial beside it, while nothing is live', () => {
    const wanted = { metrics: [{ name: 'f1_score', dropMax: 0 }], soak: { roles: ['canary'] as const, minutes: 60 } };
    expect(refusals(wanted, { liveMetrics: null })).toEqual([]);
  });

  it('does not find a tag in the prototype of an object', () => {
    expect(refusals({ requiredTags: { constructor: null } })).toEqual(['tag-missing']);
  });

  it('hears a rejection even where it asks for no approval', () => {
    expect(refusals({}, { reviews: [review('linus', 'rejected')] })).toEqual(['review-rejected']);
  });
});

describe('approvals', () => {
  it('of the proposer and of who registered the version do not count', () => {
    const reviews = [review('grace'), review('ada'), review('linus')];
    expect(countApprovals(evidence({ reviews }))).toBe(1);
    expect(
      countApprovals(evidence({ reviews: [{ ...review('other'), reviewer: { id: 'key-of-grace', name: 'other' } }] })),
    ).toBe(0);
  });

  it('count no more than there are reviewers, and more people never make it harder', () => {
    const names = fc.uniqueArray(fc.constantFrom('grace', 'ada', 'linus', 'barbara', 'edsger', 'donald'));
    fc.assert(
      fc.property(names, fc.nat(4), (list, approvals) => {
        const reviews = list.map((name) => review(name));
        const counted = countApprovals(evidence({ reviews }));
        expect(counted).toBe(list.filter((name) => name !== 'grace' && name !== 'ada').length);
        expect(refusals({ approvals }, { reviews })).toEqual(counted >= approvals ? [] : ['approvals-missing']);
      }),
    );
  });
});
