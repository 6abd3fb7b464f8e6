import { GramEncoder } from './ngrams/gram-encoder.js';
import { indexOfLargest, writeSoftmax } from './softmax/softmax.js';
import { ABSTAINED, lengthOf, quantiseSquares, type TextModel } from './text-model.js';

// Taken out of Math once: in a realm of its own, such as a test's, each look-up of a global costs more than the function.
const { fround } = Math;

/** Answers to texts. */
export interface TextAnswers {
  /** Index of each text's class; {@link ABSTAINED} where the model would rather not say. */
  readonly labels: Int32Array;
  /** Texts x classes, each text's summing to 1. */
  readonly probabilities: Float64Array;
}

interface Prepared {
  readonly encoder: GramEncoder;
  readonly squares: Float64Array;
  readonly margins: Float64Array;
}

/** Look-up tables of models in use: made once, forgotten with the model. */
const prepared = new WeakMap<TextModel, Prepared>();

function prepare(model: TextModel): Prepared {
  const known = prepared.get(model);
  if (known) return known;
  const made = {
    encoder: new GramEncoder(model.vocabulary),
    squares: quantiseSquares(model.idf),
    margins: new Float64Array(model.classes.length),
  };
  prepared.set(model, made);
  return made;
}

/** Writes a text's margins and returns how many features it has. Rounds to float32 where the exported graph does. */
function computeMargins(model: TextModel, { encoder, squares, margins }: Prepared, text: string): number {
  const { weights, bias, calibration } = model;
  const count = encoder.encode(text);
  const classCount = margins.length;
  margins.fill(0);
  let sumOfSquares = 0;
  for (let i = 0; i < count; i++) {
    const feature = encoder.features[i]!;
    sumOfSquares += squares[feature]!;
    const base = feature * classCount;
    for (let k = 0; k < classCount; k++) margins[k]! += weights[base + k]!;
  }
  const length = lengthOf(sumOfSquares);
  for (let k = 0; k < classCount; k++) {
    const margin = fround(fround(margins[k]! / length) + bias[k]!);
    margins[k] = fround(margin / calibration.temperature);
  }
  return count;
}

/**
 * Classifies texts. A text without any n-gram that the model knows is never answered, whatever the threshold.
 * The first call for a model takes some milliseconds longer: it prepares look-up tables.
 */
export function predictText(model: TextModel, texts: readonly string[]): TextAnswers {
  const ready = prepare(model);
  const classCount = model.classes.length;
  const labels = new Int32Array(texts.length);
  const probabilities = new Float64Array(texts.length * classCount);
  texts.forEach((text, row) => {
    const count = computeMargins(model, ready, text);
    const best = indexOfLargest(ready.margins);
    writeSoftmax(ready.margins, probabilities, row * classCount);
    const confidence = fround(probabilities[row * classCount + best]!);
    labels[row] = count > 0 && confidence >= model.abstention.threshold ? best : ABSTAINED;
  });
  return { labels, probabilities };
}
