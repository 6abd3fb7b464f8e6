import type { MeasuredDifference } from './compare-holdouts.js';

/** Quality on rows a version has not seen, by the score that its selection went by. */
export interface JudgedScores {
  readonly rows: number;
  /** Name of the score, for people. */
  readonly primary: string;
  readonly better: 'higher' | 'lower';
  readonly value: number;
  /** What the best constant answer scores on the same rows; null when there is no such thing. */
  readonly constant: number | null;
  /** Macro-averaged F1, of a classifier; null of anything else. */
  readonly macroF1: number | null;
}

/** How much better a candidate is than the live version on the same rows, by their mean loss: positive when it is better. */
export interface ScoreDifference {
  readonly slice: string;
  readonly gain: MeasuredDifference;
}

/** One rule of the gate and what came of it. `measured` and `limit` are null where there is no number. */
export interface JudgedScore {
  readonly code:
    | 'f1-below-minimum'
    | 'not-better-than-constant'
    | 'not-compared-with-live'
    | 'score-worse-than-live'
    | 'not-better-than-live';
  readonly holds: boolean;
  readonly measured: number | null;
  readonly limit: number | null;
  readonly message: string;
}

const shown = (value: number): string =>
  Number.isFinite(value) ? String(Number(value.toPrecision(4))) : 'not a number';

/**
 * The absolute rules for a model that is no binary classifier: a classifier reaches the least F1, averaged over its classes, and every
 * model is better than the best constant answer. A NaN never passes.
 */
export function judgeScores(scores: JudgedScores, f1Min: number): readonly JudgedScore[] {
  const { primary, better, value, constant, macroF1 } = scores;
  const judged: JudgedScore[] = [];
  if (macroF1 !== null) {
    judged.push({
      code: 'f1-below-minimum',
      holds: macroF1 >= f1Min,
      measured: macroF1,
      limit: f1Min,
      message: `F1 on the holdout, averaged over the classes, is ${shown(macroF1)}; at least ${f1Min} is needed.`,
    });
  }
  if (constant !== null) {
    judged.push({
      code: 'not-better-than-constant',
      holds: better === 'higher' ? value > constant : value < constant,
      measured: value,
      limit: constant,
      message: `${primary} on the holdout is ${shown(value)}; the best constant answer has ${shown(constant)}, and a model must do better.`,
    });
  }
  return judged;
}

/**
 * The weaker evidence that is left when nobody ran both on the same rows: what each says of itself by the same score. A difference within
 * the tolerance says nothing, since each was measured on rows of its own.
 */
export function judgeOwnScores(
  scores: JudgedScores,
  live: JudgedScores & { readonly version: number },
  tolerance: number,
): readonly JudgedScore[] {
  const gain = scores.better === 'higher' ? scores.value - live.value : live.value - scores.value;
  return [
    {
      code: 'score-worse-than-live',
      holds: gain >= -tolerance,
      measured: gain,
      limit: -tolerance,
      message: `${scores.primary} is ${shown(scores.value)}; version ${live.version}, which is live, has ${shown(live.value)}, and ${tolerance} is tolerated.`,
    },
  ];
}

/**
 * The rules against the live version: on the same rows the candidate is not beyond doubt worse (the 95 % interval of its gain reaches 0),
 * and a repair is better in its estimate. A NaN never passes.
 */
export function judgeScoresAgainstLive(
  differences: readonly ScoreDifference[],
  { liveVersion, purpose }: { readonly liveVersion: number; readonly purpose: 'repair' | 'release' },
): readonly JudgedScore[] {
  if (differences.length === 0) {
    const message = `It was never compared with version ${liveVersion}, which is live, on the same rows.`;
    return [{ code: 'not-compared-with-live', holds: false, measured: null, limit: null, message }];
  }
  return differences.flatMap(({ slice, gain: { estimate, low, high } }) => {
    const judged: JudgedScore[] = [
      {
        code: 'score-worse-than-live',
        holds: estimate >= 0 || high >= 0,
        measured: estimate,
        limit: 0,
        message: `On ${slice} the mean loss is ${shown(-estimate)} above live (gain ${shown(low)} to ${shown(high)}).`,
      },
    ];
    if (purpose === 'repair') {
      judged.push({
        code: 'not-better-than-live',
        holds: estimate > 0,
        measured: estimate,
        limit: 0,
        message: `A repair must be better than live: on ${slice} its mean loss is ${shown(-estimate)} above.`,
      });
    }
    return judged;
  });
}
