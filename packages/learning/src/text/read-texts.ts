import { LearningError } from '../learning-error.js';
import { cleanText } from './ngrams/split-text.js';

/** Texts with the class of each. */
export interface LabelledTexts {
  readonly texts: readonly string[];
  /** Index of each text's class. */
  readonly target: ArrayLike<number>;
  /** Names of the classes by index: at least two, each unique. */
  readonly classes: readonly string[];
  /** How much each text counts, > 0; absent or null when all count 1. */
  readonly weights?: Float32Array | null;
}

/** Texts as training takes them: clean, in an order that does not depend on how they were given. */
export interface ReadTexts {
  readonly texts: readonly string[];
  readonly target: Int32Array;
  /** Null when all count 1. */
  readonly weights: Float32Array | null;
  /** Where each text stood before. */
  readonly origin: Int32Array;
}

/** Texts of a class that are needed: one to learn from while another is judged. */
const TEXTS_PER_CLASS_MIN = 2;

function checkTarget({ texts, target, classes }: LabelledTexts): void {
  if (texts.length !== target.length) {
    throw new LearningError('invalid-dataset', `There are ${texts.length} texts and ${target.length} labels.`);
  }
  if (classes.length < 2 || new Set(classes).size !== classes.length) {
    throw new LearningError(
      'invalid-dataset',
      `Needs at least two classes with different names; got ${classes.length}.`,
    );
  }
  const counts = new Int32Array(classes.length);
  for (let row = 0; row < texts.length; row++) {
    const label = target[row]!;
    if (!Number.isInteger(label) || label < 0 || label >= classes.length) {
      throw new LearningError('invalid-dataset', `The label of text ${row} is not the index of a class.`);
    }
    counts[label]!++;
  }
  const short = counts.findIndex((count) => count < TEXTS_PER_CLASS_MIN);
  if (short >= 0) {
    throw new LearningError(
      'too-few-rows',
      `Class "${classes[short]}" has ${counts[short]} text(s); each class needs at least ${TEXTS_PER_CLASS_MIN}.`,
    );
  }
}

function checkWeights({ texts, weights }: LabelledTexts): void {
  if (!weights) return;
  if (weights.length !== texts.length) {
    throw new LearningError('invalid-dataset', `There are ${texts.length} texts and ${weights.length} weights.`);
  }
  const wrong = weights.findIndex((weight) => !(weight > 0 && weight < Number.POSITIVE_INFINITY));
  if (wrong >= 0) throw new LearningError('invalid-dataset', `The weight of text ${wrong} is not a number > 0.`);
}

/**
 * Checks and cleans texts and puts them in the order of their characters, then classes, then weights.
 *
 * @throws LearningError `invalid-dataset` for an empty text, a label that is no class, fewer than two classes or two of one
 *   name, a weight that is not above 0; `too-few-rows` for a class with fewer than two texts
 */
export function readTexts(given: LabelledTexts): ReadTexts {
  checkTarget(given);
  checkWeights(given);
  const { target, weights = null } = given;
  const clean = given.texts.map(cleanText);
  const empty = clean.findIndex((text) => text.trim() === '');
  if (empty >= 0) throw new LearningError('invalid-dataset', `Text ${empty} is empty.`);
  const origin = Int32Array.from(clean.keys()).sort((a, b) => {
    const [left, right] = [clean[a]!, clean[b]!];
    if (left !== right) return left < right ? -1 : 1;
    return target[a]! - target[b]! || (weights ? weights[a]! - weights[b]! : 0);
  });
  return {
    texts: Array.from(origin, (row) => clean[row]!),
    target: Int32Array.from(origin, (row) => target[row]!),
    weights: weights && Float32Array.from(origin, (row) => weights[row]!),
    origin,
  };
}
