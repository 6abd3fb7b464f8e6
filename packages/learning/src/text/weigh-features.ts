import type { TextVocabulary } from './ngrams/text-vocabulary.js';
import type { SparseRows } from './sparse-rows.js';

/** Texts behind each feature, and how many texts there are. */
export interface DocumentCounts {
  readonly counts: Int32Array;
  readonly total: number;
}

/** Counts the texts that each feature occurs in, of all rows or of some. */
export function countDocuments(rows: SparseRows, vocabulary: TextVocabulary, members?: Int32Array): DocumentCounts {
  const counts = new Int32Array(vocabulary.wordGrams.length + vocabulary.characterGrams.length);
  if (!members) {
    for (const feature of rows.features) counts[feature]!++;
    return { counts, total: rows.starts.length - 1 };
  }
  for (const row of members) {
    for (let i = rows.starts[row]!; i < rows.starts[row + 1]!; i++) counts[rows.features[i]!]!++;
  }
  return { counts, total: members.length };
}

/** Smoothed inverse document frequency as scikit-learn's TfidfTransformer has it, words weighted. */
export function weighFeatures(
  { counts, total }: DocumentCounts,
  vocabulary: TextVocabulary,
  wordWeight: number,
): Float64Array {
  const words = vocabulary.wordGrams.length;
  return Float64Array.from(counts, (count, feature) => {
    const idf = Math.log((1 + total) / (1 + count)) + 1;
    return feature < words ? idf * wordWeight : idf;
  });
}

/** 1 / length of each row's vector; 0 for a row without features. */
export function weighRows({ starts, features }: SparseRows, idf: Float64Array): Float64Array {
  return Float64Array.from({ length: starts.length - 1 }, (_, row) => {
    let sum = 0;
    for (let i = starts[row]!; i < starts[row + 1]!; i++) sum += idf[features[i]!]! ** 2;
    return sum > 0 ? 1 / Math.sqrt(sum) : 0;
  });
}
