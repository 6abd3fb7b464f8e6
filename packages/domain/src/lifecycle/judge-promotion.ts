import {
  type ComparedWithLive,
  compareHoldouts,
  type JudgedMetrics,
  type MeasuredDifference,
} from './compare-holdouts.js';
import {
  type JudgedScores,
  judgeOwnScores,
  judgeScores,
  judgeScoresAgainstLive,
  type ScoreDifference,
} from './judge-scores.js';

/** What is known of a candidate when it is judged. */
export interface CandidateEvidence {
  /** Quality on the holdout, which fitting, tuning and selection never touched. */
  readonly holdout: JudgedMetrics;
  /** The same of a model that is no binary classifier; it is judged by these and not by `holdout` then. */
  readonly scores?: JudgedScores | null;
  /** Beside {@link scores}, what {@link versusLive} is beside {@link holdout}. */
  readonly scoresVersusLive?: readonly ScoreDifference[];
  /** Candidate and the version that is live now on the same rows; empty when they were never compared or nothing is live. */
  readonly versusLive: readonly ComparedWithLive[];
  /** ONNX file against the trained model; null when nobody measured it. */
  readonly parity: { readonly worstProbabilityDifference: number; readonly labelDifferences: number } | null;
  /** Digest of the data it was trained and held out on, when known. */
  readonly datasetDigest: string | null;
  /** `trained`: our own training made it, so it can prove its parity. */
  readonly origin: 'trained' | 'uploaded';
  /** `repair`: a decision asked for it because live had decayed, so it must be better than live, not only as good. */
  readonly purpose: 'repair' | 'release';
}

/** The version that is live now. */
export interface LiveEvidence {
  readonly version: number;
  readonly holdout: JudgedMetrics;
  /** Of a version that has no `holdout`. */
  readonly scores?: JudgedScores | null;
  readonly datasetDigest: string | null;
}

/** Limits of the gate, inclusive; all absolute, in the metric's own unit. */
export interface PromotionGate {
  /** Least F1 on the holdout, in [0, 1]. */
  readonly f1Min: number;
  /** Largest loss of ROC-AUC, or of another score that both only measured of themselves, against live that is not worth a refusal, in [0, 1]. */
  readonly rocAucDropMax: number;
  /** Largest growth of the Brier score against live, in [0, 1]. */
  readonly brierRiseMax: number;
  /** Largest difference between a probability of the ONNX file and of the trained model. */
  readonly parityMax: number;
}

export type RefusalCode =
  | 'f1-below-minimum'
  | 'not-better-than-constant'
  | 'score-worse-than-live'
  | 'parity-missing'
  | 'parity-differs'
  | 'parity-labels-differ'
  | 'not-compared-with-live'
  | 'auc-worse-than-live'
  | 'brier-worse-than-live'
  | 'not-better-than-live'
  | 'metric-below-minimum'
  | 'metric-above-maximum'
  | 'metric-worse-than-live'
  | 'tag-missing'
  | 'approvals-missing'
  | 'review-rejected'
  | 'soak-too-short';

/** One rule that was asked, named by the refusal it would give. `measured` and `limit` are null where there is no number. */
export interface GateCondition {
  readonly code: RefusalCode;
  readonly holds: boolean;
  readonly measured: number | null;
  readonly limit: number | null;
}

/** What the gate found, with every condition it asked, so that a decision keeps its reasons. */
export interface PromotionVerdict {
  readonly admitted: boolean;
  readonly refusals: readonly { readonly code: RefusalCode; readonly message: string }[];
  readonly conditions: readonly GateCondition[];
}

interface Judged extends GateCondition {
  readonly message: string;
}

/** The slice of a comparison that repeats the past; every other slice is recent data, which a repair is made for. */
export const HOLDOUT_SLICE = 'holdout';

/**
 * Judges whether a candidate may take live traffic. Pure: no clock, no I/O.
 *
 * Returns every refusal rather than the first, so that one training run can fix them all. Without a live version (first deployment) the
 * rules against live are vacuous; the absolute rules still hold. A NaN measurement is a refusal, never a pass: each rule asks for the
 * good case and negates it.
 *
 * ROC-AUC on small slices is noisy (two fits on 80 rows differ by -.06 to +.09 for no reason), so a drop refuses only when it is beyond
 * the tolerance and its interval excludes zero. The Brier score is a mean over rows and steadier: its estimate alone decides.
 */
export function judgePromotion(
  candidate: CandidateEvidence,
  live: LiveEvidence | null,
  gate: PromotionGate,
): PromotionVerdict {
  const { scores } = candidate;
  const judged = scores
    ? [
        ...judgeScores(scores, gate.f1Min),
        ...judgeParity(candidate, gate),
        ...(live ? judgeScoresBesideLive(candidate, scores, live, gate) : []),
      ]
    : [
        judgeF1(candidate.holdout, gate),
        ...judgeParity(candidate, gate),
        ...(live ? judgeAgainstLive(candidate, live, gate) : []),
      ];
  const refusals = judged.filter(({ holds }) => !holds).map(({ code, message }) => ({ code, message }));
  return {
    admitted: refusals.length === 0,
    refusals,
    conditions: judged.map(({ code, holds, measured, limit }) => ({
      code,
      holds,
      measured: finiteOrNull(measured),
      limit,
    })),
  };
}

/** What to do about a version of which nothing is known. */
const UNMEASURED =
  'F1 on the holdout was not measured. Register the version with its evaluation; with an MLflow client, log f1_score (of a regression r2_score) of held-out rows to the run before the version is registered.';

function judgeF1({ f1Score }: JudgedMetrics, { f1Min }: PromotionGate): Judged {
  return {
    code: 'f1-below-minimum',
    holds: f1Score >= f1Min,
    measured: f1Score,
    limit: f1Min,
    message: Number.isNaN(f1Score)
      ? UNMEASURED
      : `F1 on the holdout is ${shown(f1Score)}; at least ${f1Min} is needed.`,
  };
}

function judgeParity({ parity, origin }: CandidateEvidence, { parityMax }: PromotionGate): readonly Judged[] {
  if (!parity) {
    const message = 'A trained version needs proof that its ONNX file answers as the trained model did.';
    return origin === 'trained' ? [{ code: 'parity-missing', holds: false, measured: null, limit: null, message }] : [];
  }
  const { worstProbabilityDifference, labelDifferences } = parity;
  return [
    {
      code: 'parity-differs',
      holds: worstProbabilityDifference <= parityMax,
      measured: worstProbabilityDifference,
      limit: parityMax,
      message: `A probability of the ONNX file is ${worstProbabilityDifference} away from the trained model's; at most ${parityMax} is allowed.`,
    },
    {
      code: 'parity-labels-differ',
      holds: labelDifferences === 0,
      measured: labelDifferences,
      limit: 0,
      message: `The ONNX file answers ${labelDifferences} rows with another label than the trained model.`,
    },
  ];
}

function judgeScoresBesideLive(
  { scoresVersusLive = [], origin, purpose, datasetDigest: ours }: CandidateEvidence,
  scores: JudgedScores,
  live: LiveEvidence,
  { rocAucDropMax }: PromotionGate,
): readonly Judged[] {
  const { version, scores: theirs, datasetDigest } = live;
  const isOtherData = ours !== null && datasetDigest !== null && ours !== datasetDigest;
  const isOwnWord = scoresVersusLive.length === 0 && origin === 'uploaded' && purpose === 'release';
  return isOwnWord && !isOtherData && theirs?.primary === scores.primary
    ? judgeOwnScores(scores, { ...theirs, version }, rocAucDropMax)
    : judgeScoresAgainstLive(scoresVersusLive, { liveVersion: version, purpose });
}

function judgeAgainstLive(candidate: CandidateEvidence, live: LiveEvidence, gate: PromotionGate): readonly Judged[] {
  const paired = candidate.versusLive;
  const comparisons = paired.length > 0 || candidate.purpose === 'repair' ? paired : compareHoldouts(candidate, live);
  if (comparisons.length === 0)
    return [notCompared(`It was never compared with version ${live.version}, which is live, on the same rows.`)];
  const judged = comparisons.flatMap((one) => [judgeAuc(one, gate), judgeBrier(one, gate)]);
  return candidate.purpose === 'repair' ? [...judged, ...judgeRepair(comparisons, live)] : judged;
}

const notCompared = (message: string): Judged => ({
  code: 'not-compared-with-live',
  holds: false,
  measured: null,
  limit: null,
  message,
});

function judgeAuc({ slice, rocAucDifference }: ComparedWithLive, { rocAucDropMax }: PromotionGate): Judged {
  const limit = -rocAucDropMax;
  const code = 'auc-worse-than-live';
  // With one class only there is no ranking to compare.
  if (!rocAucDifference) return { code, holds: true, measured: null, limit, message: '' };
  const { estimate, low, high } = rocAucDifference;
  return {
    code,
    holds: isMeasured(rocAucDifference) && (estimate >= limit || high >= 0),
    measured: estimate,
    limit,
    message: `ROC-AUC on ${slice} is ${shown(-estimate)} below live (interval ${shown(low)} to ${shown(high)}); ${rocAucDropMax} is tolerated.`,
  };
}

function judgeBrier({ slice, brierDifference }: ComparedWithLive, { brierRiseMax }: PromotionGate): Judged {
  return {
    code: 'brier-worse-than-live',
    holds: brierDifference.estimate <= brierRiseMax,
    measured: brierDifference.estimate,
    limit: brierRiseMax,
    message: `The Brier score on ${slice} is ${shown(brierDifference.estimate)} above live; ${brierRiseMax} is tolerated.`,
  };
}

function judgeRepair(comparisons: readonly ComparedWithLive[], live: LiveEvidence): readonly Judged[] {
  const recent = comparisons.filter(({ slice }) => slice !== HOLDOUT_SLICE);
  if (recent.length === 0)
    return [notCompared(`It was never compared with version ${live.version}, which is live, on recent rows.`)];
  return recent.map(({ slice, brierDifference }) => ({
    code: 'not-better-than-live',
    holds: brierDifference.estimate < 0,
    measured: brierDifference.estimate,
    limit: 0,
    message: `A repair must be better than live: the Brier score on ${slice} differs by ${shown(brierDifference.estimate)}, not below 0.`,
  }));
}

const isMeasured = ({ estimate, low, high }: MeasuredDifference): boolean =>
  [estimate, low, high].every(Number.isFinite);

/** JSON has no NaN: a number that could not be measured is kept as null beside `holds: false`. */
const finiteOrNull = (value: number | null): number | null => (value !== null && Number.isFinite(value) ? value : null);

const shown = (value: number): string => (Number.isFinite(value) ? String(Number(value.toFixed(4))) : 'not a number');
