import { checkpoint, type TrainingHooks } from '../../training-hooks.js';
import { partOf } from '../part-of.js';
import { GramCounter } from './gram-counter.js';
import { type LearnedSymbols, learnAlphabet, learnWords } from './learn-symbols.js';
import { CharacterReader, WordReader } from './read-symbols.js';
import { type GramRule, scanGrams } from './scan-grams.js';
import { characterRule, type TextLimits, type TextVocabulary, wordRule, wordsMax } from './text-vocabulary.js';

/** Distinct n-grams counted at once: about 100 MB. */
const COUNTED_MAX = 3_000_000;

/** Texts between two looks at the hooks. */
const TEXTS_PER_STEP = 500;

/** Where in the whole work each part ends, for progress. */
const STAGES = { alphabet: 0.1, words: 0.3, wordGrams: 0.5 } as const;

/** What to learn a vocabulary from. */
export interface VocabularyRequest {
  /** Clean texts. */
  readonly texts: readonly string[];
  readonly limits: TextLimits;
  /** Texts that an n-gram must occur in. */
  readonly documentsMin: number;
  /** Most n-grams kept: those that occur in most texts. */
  readonly featuresMax: number;
  readonly hooks: TrainingHooks;
}

interface CountedGram {
  readonly high: number;
  readonly low: number;
  readonly count: number;
}

function countGrams(
  { texts, documentsMin }: VocabularyRequest,
  hooks: TrainingHooks,
  reader: CharacterReader | WordReader,
  rule: GramRule,
): { readonly grams: CountedGram[]; readonly isLossy: boolean } {
  const counter = new GramCounter(COUNTED_MAX);
  if (rule.longest > 0) {
    let row = 0;
    const take = (high: number, low: number): void => counter.add(high, low, row);
    for (; row < texts.length; row++) {
      if (row % TEXTS_PER_STEP === 0) checkpoint(hooks, row / texts.length);
      scanGrams(reader.codes, reader.read(texts[row]!), rule, take);
      counter.trim();
    }
  }
  return { grams: counter.list(documentsMin), isLossy: counter.isLossy };
}

function compareKeys(a: CountedGram, b: CountedGram): number {
  return (a.high >>> 0) - (b.high >>> 0) || (a.low >>> 0) - (b.low >>> 0);
}

/** Keeps the most frequent of both lists together; among equals words first, then smaller keys. */
function selectFrequent(
  words: CountedGram[],
  characters: CountedGram[],
  countMax: number,
): [CountedGram[], CountedGram[]] {
  words.sort(compareKeys);
  characters.sort(compareKeys);
  if (words.length + characters.length <= countMax) return [words, characters];
  const ranked = [...words, ...characters].sort((a, b) => b.count - a.count); // stable: keeps the order among equals
  const kept = new Set(ranked.slice(0, countMax));
  return [words.filter((gram) => kept.has(gram)), characters.filter((gram) => kept.has(gram))];
}

function spell({ high, low }: CountedGram, bits: number, folds: readonly string[], separator: string): string {
  const symbols: string[] = [];
  for (let key = (BigInt(high >>> 0) << 32n) | BigInt(low >>> 0); key > 0n; key >>= BigInt(bits)) {
    symbols.unshift(folds[Number(BigInt.asUintN(bits, key))]!);
  }
  return symbols.join(separator);
}

/**
 * Learns which n-grams count: those of enough texts, up to a bound. The result does not depend on the order of the texts,
 * unless there were more distinct n-grams than can be counted at once (`isLossy`).
 */
export function learnVocabulary(request: VocabularyRequest): {
  readonly vocabulary: TextVocabulary;
  readonly isLossy: boolean;
} {
  const { texts, limits, documentsMin, featuresMax, hooks } = request;
  const alphabet: LearnedSymbols = learnAlphabet(texts, limits, partOf(hooks, 0, STAGES.alphabet));
  const words: LearnedSymbols =
    limits.wordGramMax > 0
      ? learnWords(texts, limits, documentsMin, partOf(hooks, STAGES.alphabet, STAGES.words))
      : { table: { forms: [], codes: [] }, folds: [] };
  const ofWords = countGrams(
    request,
    partOf(hooks, STAGES.words, STAGES.wordGrams),
    new WordReader(words.table, wordsMax(limits)),
    wordRule(limits),
  );
  const ofCharacters = countGrams(
    request,
    partOf(hooks, STAGES.wordGrams, 1),
    new CharacterReader(alphabet.table, limits.charactersMax),
    characterRule(limits),
  );
  const [wordGrams, characterGrams] = selectFrequent(ofWords.grams, ofCharacters.grams, featuresMax);
  const vocabulary: TextVocabulary = {
    limits,
    alphabet: alphabet.table,
    words: words.table,
    wordGrams: wordGrams.map((gram) => spell(gram, wordRule(limits).bits, words.folds, ' ')),
    characterGrams: characterGrams.map((gram) => spell(gram, characterRule(limits).bits, alphabet.folds, '')),
  };
  return { vocabulary, isLossy: ofWords.isLossy || ofCharacters.isLossy };
}
