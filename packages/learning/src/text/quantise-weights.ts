import { LearningError } from '../learning-error.js';
import { type TextLimits, wordsMax } from './ngrams/text-vocabulary.js';
import type { WeightRows } from './softmax/weight-rows.js';

/** Bits of a float32's significand. */
const SIGNIFICAND_BITS = 24;

/** Features that one text can have at most. */
function featuresPerText({ charactersMax, wordGramMax, characterGramMin, characterGramMax }: TextLimits): number {
  const lengths = characterGramMax === 0 ? 0 : characterGramMax - characterGramMin + 1;
  return (
    lengths * (charactersMax + 2) +
    wordGramMax * wordsMax({ charactersMax, wordGramMax, characterGramMin, characterGramMax })
  );
}

/**
 * Multiplies learned weights by idf and rounds them to a power of two coarse enough that float32 adds those of any text without
 * rounding, in every order. At the usual sizes that is 2^-8 or finer on sums of some tens.
 *
 * @param learned features x classes, then one row of biases
 * @throws LearningError `invalid-dataset` when the weights are not finite
 */
export function quantiseWeights(
  { weights: learned, stride, classCount }: WeightRows,
  idf: Float64Array,
  limits: TextLimits,
): { readonly weights: Float32Array; readonly bias: Float32Array } {
  const weights = new Float32Array(idf.length * classCount);
  let largest = 0;
  let total = 0;
  for (let feature = 0; feature < idf.length; feature++) {
    for (let k = 0; k < classCount; k++) {
      const weight = learned[feature * stride + k]! * idf[feature]!;
      weights[feature * classCount + k] = weight;
      total += weight;
      if (weight > largest) largest = weight;
      else if (-weight > largest) largest = -weight;
    }
  }
  if (!Number.isFinite(total)) throw new LearningError('invalid-dataset', 'The weights grew beyond all bounds.');
  const terms = Math.min(idf.length, featuresPerText(limits));
  const unit = largest === 0 ? 1 : 2 ** (Math.ceil(Math.log2(largest * terms)) - SIGNIFICAND_BITS);
  const { round } = Math;
  for (let i = 0; i < weights.length; i++) weights[i] = round(weights[i]! / unit) * unit;
  const bias = learned.slice(idf.length * stride, idf.length * stride + classCount);
  return { weights, bias };
}
