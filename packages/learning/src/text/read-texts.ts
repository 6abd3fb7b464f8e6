import { LearningError } from '../learning-error.js';
import { cleanText } from './ngrams/split-text.js';

/** Texts with the class of each. */
export interface LabelledTexts {
  readonly texts: readonly string[];
  /** Index of each text's class. */
  readonly target: ArrayLike<number>;
  /** Names of the classes by index: at least two, each unique. */
  readonly classes: readonly string[];
}

/** Texts as training takes them: clean, in an order that does not depend on how they were given. */
export interface ReadTexts {
  readonly texts: readonly string[];
  readonly target: Int32Array;
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

/**
 * Checks and cleans texts and puts them in the order of their characters, then classes.
 *
 * @throws LearningError `invalid-dataset` for an empty text, a label that is no class, fewer than two classes or two of one
 *   name; `too-few-rows` for a class with fewer than two texts
 */
export function readTexts(given: LabelledTexts): ReadTexts {
  checkTarget(given);
  const clean = given.texts.map(cleanText);
  const empty = clean.findIndex((text) => text.trim() === '');
  if (empty >= 0) throw new LearningError('invalid-dataset', `Text ${empty} is empty.`);
  const origin = Int32Array.from(clean.keys()).sort((a, b) => {
    const [left, right] = [clean[a]!, clean[b]!];
    return left < right ? -1 : left > right ? 1 : given.target[a]! - given.target[b]!;
  });
  return {
    texts: Array.from(origin, (row) => clean[row]!),
    target: Int32Array.from(origin, (row) => given.target[row]!),
    origin,
  };
}
