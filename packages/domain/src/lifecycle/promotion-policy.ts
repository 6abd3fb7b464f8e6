import type { NamedMetrics } from './compare-versions.js';
import type { GateCondition, PromotionGate, PromotionVerdict, RefusalCode } from './judge-promotion.js';
import type { SoakRole } from './soak-time.js';

/** What one metric of a candidate must be, besides what the gate asks. Limits are inclusive, in the metric's own unit. */
export interface MetricRule {
  readonly name: string;
  readonly min?: number | undefined;
  readonly max?: number | undefined;
  /** Largest fall against the live version, for metrics where more is better. */
  readonly dropMax?: number | undefined;
  /** Largest rise against the live version, for metrics where less is better. */
  readonly riseMax?: number | undefined;
}

/** What a version of one model must fulfil to go live. */
export interface PromotionPolicy {
  /** Limits of the gate in place of those of the configuration. */
  readonly gate: { readonly [L in keyof PromotionGate]?: PromotionGate[L] | undefined };
  readonly metrics: readonly MetricRule[];
  /** Tags that the version must carry; null: with any value. */
  readonly requiredTags: Readonly<Record<string, string | null>>;
  /** `required`: an uploaded version needs proof that its ONNX file answers as the trained model, too. */
  readonly parity: 'when-trained' | 'required';
  /** Approvers who must agree. Nobody counts who registered the version or asks for its promotion. */
  readonly approvals: number;
  /** How long it must have been tried beside the live one; of no meaning while nothing is live. */
  readonly soak: { readonly roles: readonly SoakRole[]; readonly minutes: number } | null;
}

/** Asks for nothing besides the gate: what holds for a model without a policy of its own. */
export const OPEN_POLICY: PromotionPolicy = {
  gate: {},
  metrics: [],
  requiredTags: {},
  parity: 'when-trained',
  approvals: 0,
  soak: null,
};

interface Person {
  readonly id: string;
  readonly name: string;
}

/** The last word of one approver. */
export interface StandingReview {
  readonly verdict: 'approved' | 'rejected';
  readonly reviewer: Person;
  readonly comment: string;
}

/** What is known of a candidate when a policy judges it. */
export interface PolicyEvidence {
  readonly metrics: NamedMetrics;
  /** Null when nothing is live. */
  readonly liveMetrics: NamedMetrics | null;
  readonly tags: Readonly<Record<string, string>>;
  readonly hasParity: boolean;
  readonly reviews: readonly StandingReview[];
  /** Who asks for the promotion. */
  readonly proposer: Person;
  /** Name of who registered the version. */
  readonly registeredBy: string;
  /** How long it was tried in the roles that the policy names, in minutes. */
  readonly soakedMinutes: number;
}

interface Judged extends GateCondition {
  readonly message: string;
}

/** Judges a candidate by everything that the policy asks besides the gate. Names every refusal, not only the first. */
export function judgePolicy(policy: PromotionPolicy, evidence: PolicyEvidence): PromotionVerdict {
  const judged = [
    ...policy.metrics.flatMap((rule) => judgeMetric(rule, evidence)),
    ...judgeTags(policy, evidence),
    ...(policy.parity === 'required' ? [judgeProof(evidence)] : []),
    ...judgeReviews(policy, evidence),
    ...judgeSoak(policy, evidence),
  ];
  return {
    admitted: judged.every(({ holds }) => holds),
    refusals: judged.filter(({ holds }) => !holds).map(({ code, message }) => ({ code, message })),
    conditions: judged.map(({ code, holds, measured, limit }) => ({ code, holds, measured, limit })),
  };
}

/** What two judges found, as one verdict: admitted only by both. */
export function joinVerdicts(one: PromotionVerdict, other: PromotionVerdict): PromotionVerdict {
  return {
    admitted: one.admitted && other.admitted,
    refusals: [...one.refusals, ...other.refusals],
    conditions: [...one.conditions, ...other.conditions],
  };
}

/** The approvals that count: by people who neither registered the version nor ask for its promotion. */
export function countApprovals({ reviews, proposer, registeredBy }: PolicyEvidence): number {
  return reviews.filter(
    ({ verdict, reviewer }) =>
      verdict === 'approved' &&
      reviewer.name !== registeredBy &&
      reviewer.name !== proposer.name &&
      reviewer.id !== proposer.id,
  ).length;
}

interface MetricLimit {
  readonly code: RefusalCode;
  readonly value: number;
  readonly limit: number | undefined;
  readonly holds: (value: number, limit: number) => boolean;
  /** What is limited and how, to be followed by the limit. */
  readonly wish: string;
}

const atLeast = (value: number, limit: number): boolean => value >= limit;
const atMost = (value: number, limit: number): boolean => value <= limit;

/** A metric that was not measured, of the candidate or of the version it is held against, fulfils no rule. */
function judgeMetric({ name, min, max, dropMax, riseMax }: MetricRule, evidence: PolicyEvidence): readonly Judged[] {
  const value = measured(evidence.metrics[name]);
  const limits: MetricLimit[] = [
    { code: 'metric-below-minimum', value, limit: min, holds: atLeast, wish: `${name} must be at least` },
    { code: 'metric-above-maximum', value, limit: max, holds: atMost, wish: `${name} must be at most` },
  ];
  if (evidence.liveMetrics) {
    const change = value - measured(evidence.liveMetrics[name]);
    const lowest = dropMax === undefined ? undefined : -dropMax;
    const code = 'metric-worse-than-live';
    limits.push(
      {
        code,
        value: change,
        limit: lowest,
        holds: atLeast,
        wish: `The change of ${name} against live must be at least`,
      },
      {
        code,
        value: change,
        limit: riseMax,
        holds: atMost,
        wish: `The change of ${name} against live must be at most`,
      },
    );
  }
  return limits.flatMap(judgeLimit);
}

function judgeLimit({ code, value, limit, holds, wish }: MetricLimit): readonly Judged[] {
  if (limit === undefined) return [];
  const isMeasured = Number.isFinite(value);
  const found = isMeasured ? `it is ${Number(value.toPrecision(4))}` : 'it was not measured';
  return [
    {
      code,
      holds: holds(value, limit),
      measured: isMeasured ? value : null,
      limit,
      message: `${wish} ${limit}; ${found}.`,
    },
  ];
}

function judgeTags({ requiredTags }: PromotionPolicy, { tags }: PolicyEvidence): readonly Judged[] {
  return Object.entries(requiredTags).map(([key, wanted]) => {
    const value = Object.hasOwn(tags, key) ? tags[key] : undefined;
    return {
      ...yesOrNo('tag-missing', value !== undefined && (wanted === null || value === wanted)),
      message: `The policy asks for the tag ${key}${wanted === null ? '' : ` with the value ${wanted}`}.`,
    };
  });
}

function judgeProof({ hasParity }: PolicyEvidence): Judged {
  return {
    ...yesOrNo('parity-missing', hasParity),
    message: 'The policy asks for proof that the ONNX file answers as the trained model did.',
  };
}

function judgeReviews({ approvals: needed }: PromotionPolicy, evidence: PolicyEvidence): readonly Judged[] {
  const given = countApprovals(evidence);
  const rejections = evidence.reviews.filter(({ verdict }) => verdict === 'rejected');
  const approvals = {
    code: 'approvals-missing',
    holds: given >= needed,
    measured: given,
    limit: needed,
    message: `${given} of ${needed} approvals are given, by people who neither registered it nor ask for the promotion.`,
  } as const;
  return [
    ...(needed > 0 ? [approvals] : []),
    ...rejections.map(({ reviewer, comment }) => ({
      ...yesOrNo('review-rejected', false),
      message: `${reviewer.name} rejected it: ${comment}`,
    })),
  ];
}

function judgeSoak({ soak }: PromotionPolicy, { soakedMinutes, liveMetrics }: PolicyEvidence): readonly Judged[] {
  if (!soak || liveMetrics === null) return [];
  const shown = Math.floor(soakedMinutes);
  return [
    {
      code: 'soak-too-short',
      holds: soakedMinutes >= soak.minutes,
      measured: shown,
      limit: soak.minutes,
      message: `It was tried as ${soak.roles.join(' or ')} for ${shown} minutes; the policy asks for ${soak.minutes}.`,
    },
  ];
}

const yesOrNo = (code: RefusalCode, holds: boolean) => ({ code, holds, measured: null, limit: null });
const measured = (value: number | null | undefined): number => value ?? Number.NaN;
