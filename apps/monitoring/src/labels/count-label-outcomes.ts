import type { StatedLabel } from '@gimbal/domain';

/** One outcome as it was reported. */
export interface StatedOutcome {
  readonly predictionId: string;
  readonly actual: StatedLabel;
  readonly observedAt?: string | undefined;
}

/** A reported outcome with what it means to the version of its prediction. */
export interface ReportedLabel {
  readonly predictionId: string;
  readonly stated: StatedLabel;
  /** 0 or 1, the index of the class, or the value; null while the prediction is not in the log. */
  readonly actual: number | null;
  readonly observedAt?: string | undefined;
}

/** How the entries of one request fared; the four add up to the number of entries. */
export interface LabelOutcomes {
  readonly accepted: number;
  readonly unknown: number;
  readonly duplicate: number;
  readonly conflict: number;
}

/** Another value than the one that stands: how often it was said, and what was said last. */
export interface LabelConflict {
  readonly predictionId: string;
  readonly count: number;
  readonly stated: StatedLabel;
}

/** The label that stands for a prediction after this request, and whether this request brought it. */
export interface StandingLabel {
  /** Null while its prediction is not in the log, and where it did not fit; `stated` then has what was said. */
  readonly actual: number | null;
  readonly stated: StatedLabel | null;
  readonly isNew: boolean;
  /** Whether its prediction is in the log. */
  readonly isMatched: boolean;
}

/** The first entry for each prediction: the one that would stand if none does yet. */
export function firstLabels(labels: readonly ReportedLabel[]): ReportedLabel[] {
  const first = new Map<string, ReportedLabel>();
  for (const label of labels) if (!first.has(label.predictionId)) first.set(label.predictionId, label);
  return [...first.values()];
}

/**
 * Counts entry by entry, in the order sent: an entry that brought a new label is `accepted`, or `unknown` while its prediction is not in
 * the log; every other entry is a `duplicate` of the label that stands, or in `conflict` with it. So a prediction that is named twice in one
 * request counts as if it had been named in two.
 */
export function countLabelOutcomes(
  labels: readonly ReportedLabel[],
  standing: ReadonlyMap<string, StandingLabel>,
): { readonly outcomes: LabelOutcomes; readonly conflicts: readonly LabelConflict[] } {
  const outcomes = { accepted: 0, unknown: 0, duplicate: 0, conflict: 0 };
  const conflicts = new Map<string, LabelConflict>();
  const counted = new Set<string>();
  for (const reported of labels) {
    const { predictionId, stated } = reported;
    const label = standing.get(predictionId);
    if (!label) throw new TypeError('Every reported prediction has a label that stands.');
    if (label.isNew && !counted.has(predictionId)) {
      counted.add(predictionId);
      outcomes[label.isMatched ? 'accepted' : 'unknown']++;
    } else if (saysSame(label, reported)) outcomes.duplicate++;
    else {
      outcomes.conflict++;
      conflicts.set(predictionId, { predictionId, stated, count: (conflicts.get(predictionId)?.count ?? 0) + 1 });
    }
  }
  return { outcomes, conflicts: [...conflicts.values()] };
}

/** By what it means where that is known, else by the letter: 3 and "3" may name one class. */
function saysSame(standing: StandingLabel, reported: ReportedLabel): boolean {
  if (standing.actual !== null && reported.actual !== null) return standing.actual === reported.actual;
  return String(standing.stated) === String(reported.stated);
}
