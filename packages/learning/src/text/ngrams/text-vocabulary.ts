import { bitsPerSymbol } from './gram-table.js';
import type { GramRule } from './scan-grams.js';

/** Codes of the symbols that every model has. A character's code is at least 3, a word's at least 2. */
export const BLANK = 1;
export const UNKNOWN_CHARACTER = 2;
export const UNKNOWN_WORD = 1;

/** Words that are read of one text, for each character that is: a quarter, four characters being a short word. */
const WORDS_PER_CHARACTER = 1 / 4;

/** Which n-grams are looked for and how much of a text is read. */
export interface TextLimits {
  /** Code points read from the start of a text. */
  readonly charactersMax: number;
  /** Longest n-gram of words; 0 for none. */
  readonly wordGramMax: number;
  /** Shortest and longest n-gram of characters; none when the longest is 0. */
  readonly characterGramMin: number;
  readonly characterGramMax: number;
}

/** Spellings and what each means: `forms[i]` has the code `codes[i]`. */
export interface SymbolTable {
  readonly forms: readonly string[];
  readonly codes: readonly number[];
}

/** All that a model knows of language. Feature f is `wordGrams[f]`, after those `characterGrams[f - wordGrams.length]`. */
export interface TextVocabulary {
  readonly limits: TextLimits;
  /** Single code points. What is not here is an unknown character. */
  readonly alphabet: SymbolTable;
  /** Words as texts spell them: small letters, capitalised, capitals, and any other way seen in training. */
  readonly words: SymbolTable;
  /** One or more folded words joined by a blank. */
  readonly wordGrams: readonly string[];
  /** Folded characters; a blank at either end marks the edge of a word. */
  readonly characterGrams: readonly string[];
}

/** Words read from the start of a text. */
export function wordsMax(limits: TextLimits): number {
  return Math.ceil(limits.charactersMax * WORDS_PER_CHARACTER);
}

/** The rule for n-grams of characters. */
export function characterRule(limits: TextLimits): GramRule {
  const longest = limits.characterGramMax;
  const bits = bitsPerSymbol(Math.max(1, longest));
  return { shortest: limits.characterGramMin, longest, bits, blank: BLANK, unknown: UNKNOWN_CHARACTER };
}

/** The rule for n-grams of words. */
export function wordRule(limits: TextLimits): GramRule {
  const longest = limits.wordGramMax;
  return { shortest: 1, longest, bits: bitsPerSymbol(Math.max(1, longest)), blank: 0, unknown: UNKNOWN_WORD };
}
