import { totalWeight } from '../evaluation/weighted-rows.js';
import { LearningError } from '../learning-error.js';
import type { Abstention } from './text-model.js';

/** Without reaching the target a threshold must still answer this share of the texts. */
const COVERAGE_MIN = 0.05;

/** Judged answers to texts that the judging models had not seen. */
export interface JudgedAnswers {
  /** Largest probability of each text. */
  readonly confidences: ArrayLike<number>;
  /** 1 where the most probable class is the right one, else 0. */
  readonly hits: ArrayLike<number>;
  /** How much each text counts, > 0; null when all count 1. */
  readonly weights: ArrayLike<number> | null;
}

interface Cut {
  readonly answered: number;
  /** Share of the texts, by weight. */
  readonly coverage: number;
  readonly accuracy: number;
}

/** What answering the first n texts gives, for each n that does not part equal confidences. */
function listCuts(sorted: readonly number[], { confidences, hits, weights }: JudgedAnswers): Cut[] {
  const cuts: Cut[] = [];
  const whole = totalWeight(sorted.length, weights);
  let right = 0;
  let answered = 0;
  sorted.forEach((row, i) => {
    const weight = weights === null ? 1 : weights[row]!;
    right += weight * hits[row]!;
    answered += weight;
    const next = sorted[i + 1];
    if (next !== undefined && confidences[next] === confidences[row]) return;
    cuts.push({ answered: i + 1, coverage: answered / whole, accuracy: right / answered });
  });
  return cuts;
}

/** A float32 between the least confidence that is answered and the greatest that is not. */
function placeThreshold(answered: number, refused: number): number {
  const middle = Math.fround((answered + refused) / 2);
  return middle > refused && middle <= answered ? middle : Math.fround(answered);
}

/**
 * Finds the smallest confidence at which the answers are right often enough: the one that answers most texts with at least the
 * target accuracy. When none does, the most accurate one that answers a twentieth of the texts.
 *
 * @throws LearningError `invalid-argument` for no answers or unequal lengths
 */
export function tuneAbstention(answers: JudgedAnswers, targetAccuracy: number): Abstention {
  const count = answers.confidences.length;
  if (count === 0 || answers.hits.length !== count) {
    throw new LearningError('invalid-argument', `Needs as many confidences as hits, at least one; got ${count}.`);
  }
  const { confidences } = answers;
  const sorted = Array.from({ length: count }, (_, row) => row).sort((a, b) => confidences[b]! - confidences[a]!);
  const cuts = listCuts(sorted, answers);
  const good = cuts.findLast(({ accuracy }) => accuracy >= targetAccuracy);
  const fair = cuts.filter(({ coverage }) => coverage >= COVERAGE_MIN);
  const { answered, coverage, accuracy } =
    good ?? fair.reduce((best, cut) => (cut.accuracy >= best.accuracy ? cut : best));
  const last = confidences[sorted[answered - 1]!]!;
  return {
    threshold: answered === count ? 0 : placeThreshold(last, confidences[sorted[answered]!]!),
    targetAccuracy,
    coverage,
    accuracy,
    reached: good !== undefined,
  };
}
