import { checkpoint, type TrainingHooks } from '../training-hooks.js';
import type { GramEncoder } from './ngrams/gram-encoder.js';

/** Which features each text has: those of row i are `features[starts[i]]` up to, not with, `features[starts[i + 1]]`. */
export interface SparseRows {
  readonly starts: Int32Array;
  readonly features: Int32Array;
}

/** Texts between two looks at the hooks. */
const TEXTS_PER_STEP = 500;

/** Encodes many texts. */
export function encodeTexts(encoder: GramEncoder, texts: readonly string[], hooks: TrainingHooks): SparseRows {
  const starts = new Int32Array(texts.length + 1);
  let features = new Int32Array(64 * texts.length + 64);
  for (let row = 0; row < texts.length; row++) {
    if (row % TEXTS_PER_STEP === 0) checkpoint(hooks, row / texts.length);
    const size = encoder.encode(texts[row]!);
    const start = starts[row]!;
    if (start + size > features.length) {
      const larger = new Int32Array(Math.max(2 * features.length, start + size));
      larger.set(features.subarray(0, start));
      features = larger;
    }
    features.set(encoder.features.subarray(0, size), start);
    starts[row + 1] = start + size;
  }
  return { starts, features: features.subarray(0, starts[texts.length]!) };
}
