import { tuneThreshold } from '../../evaluation/tune-threshold.js';
import { LearningError } from '../../learning-error.js';

/** Scores of known rows, and what is known about them. */
export type AnomalyThresholdRequest =
  | {
      /** In [0, 1], higher is stranger. */
      readonly scores: ArrayLike<number>;
      /** 1 for an anomaly, else 0; both occur. */
      readonly labels: ArrayLike<number>;
    }
  | {
      readonly scores: ArrayLike<number>;
      /** `auto`, or the share of rows to call anomalies, in (0, 0.5]. */
      readonly contamination: 'auto' | number;
    };

/** A threshold on anomaly scores: a row is an anomaly when score >= threshold. */
export interface AnomalyThreshold {
  /** float32 in (0, 1]. */
  readonly threshold: number;
  /** Rows of `scores` that it calls anomalies. */
  readonly flagged: number;
  /** F1 on the labelled rows it was tuned on; null without labels. */
  readonly f1: number | null;
}

/** Where the paper puts it: rows with scores well below 0.5 are ordinary, and if all are near 0.5 there is no distinct anomaly. */
const AUTO_THRESHOLD = 0.5;

function countFlagged(scores: Float32Array, threshold: number): number {
  let flagged = 0;
  for (const score of scores) if (score >= threshold) flagged++;
  return flagged;
}

/** The middle between the last score that is flagged and the next; with ties, fewer rows than asked for are flagged. */
function thresholdForShare(scores: Float32Array, share: number): number {
  const sorted = Float32Array.from(scores).sort().reverse();
  let flagged = Math.round(share * sorted.length);
  while (flagged > 0 && flagged < sorted.length && sorted[flagged - 1] === sorted[flagged]) flagged--;
  if (flagged === 0) return Math.min(1, Math.fround(sorted[0]! + 2 ** -20));
  const low = sorted[flagged] ?? 0;
  const middle = Math.fround((sorted[flagged - 1]! + low) / 2);
  return middle > low ? middle : sorted[flagged - 1]!;
}

/**
 * Chooses the score from which a row counts as an anomaly: with labels the one with the highest F1, else the one that calls the
 * given share of the rows anomalies, else (`auto`) 0.5.
 *
 * @throws LearningError `too-few-rows` without scores or when all labels are the same, `invalid-argument` for a share out of range
 *   or labels of another length, `invalid-score` for a score out of [0, 1]
 */
export function tuneAnomalyThreshold(request: AnomalyThresholdRequest): AnomalyThreshold {
  const scores = Float32Array.from(request.scores);
  if (scores.length === 0) throw new LearningError('too-few-rows', 'A threshold needs at least one score.');
  if (scores.some((score) => !(score >= 0 && score <= 1))) {
    throw new LearningError('invalid-score', 'Anomaly scores lie in [0, 1].');
  }
  if ('labels' in request) {
    const labels = Float64Array.from(request.labels);
    if (labels.length !== scores.length) {
      throw new LearningError('invalid-argument', `${scores.length} scores but ${labels.length} labels.`);
    }
    if (labels.every((label) => label === labels[0])) {
      throw new LearningError('too-few-rows', 'All labels are the same: there is nothing to tell apart.');
    }
    const { threshold, f1 } = tuneThreshold(labels, scores);
    return { threshold, flagged: countFlagged(scores, threshold), f1 };
  }
  const { contamination } = request;
  if (contamination !== 'auto' && !(contamination > 0 && contamination <= 0.5)) {
    throw new LearningError('invalid-argument', `contamination is auto or a share in (0, 0.5], got ${contamination}.`);
  }
  const threshold = contamination === 'auto' ? AUTO_THRESHOLD : thresholdForShare(scores, contamination);
  return { threshold, flagged: countFlagged(scores, threshold), f1: null };
}
