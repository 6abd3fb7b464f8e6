import { GramTable } from './gram-table.js';
import { CharacterReader, WordReader } from './read-symbols.js';
import { type GramRule, scanGrams } from './scan-grams.js';
import { cleanText } from './split-text.js';
import { characterRule, type SymbolTable, type TextVocabulary, wordRule, wordsMax } from './text-vocabulary.js';

/** The keys of n-grams given as texts, in their order. */
function tabulateGrams(
  grams: readonly string[],
  split: (gram: string) => readonly string[],
  symbols: SymbolTable,
  rule: GramRule,
): GramTable {
  const codeOfForm = new Map(symbols.forms.map((form, i) => [form, symbols.codes[i]!]));
  const table = new GramTable(grams.length);
  for (const gram of grams) {
    let high = 0;
    let low = 0;
    for (const form of split(gram)) {
      high = (high << rule.bits) | (low >>> (32 - rule.bits));
      low = (low << rule.bits) | codeOfForm.get(form)!;
    }
    table.add(high, low);
  }
  return table;
}

/** Keys of a vocabulary's n-grams of words. */
export function tabulateWordGrams({ wordGrams, words, limits }: TextVocabulary): GramTable {
  return tabulateGrams(wordGrams, (gram) => gram.split(' '), words, wordRule(limits));
}

/** Keys of a vocabulary's n-grams of characters. */
export function tabulateCharacterGrams({ characterGrams, alphabet, limits }: TextVocabulary): GramTable {
  return tabulateGrams(characterGrams, (gram) => [...gram], alphabet, characterRule(limits));
}

/** Finds the features of a vocabulary in texts. Not safe to share between threads: it keeps buffers. */
export class GramEncoder {
  /** Features of the text encoded last, each once, valid up to the count that `encode` returned. */
  readonly features: Int32Array;
  private readonly stamps: Int32Array;
  private stamp = 0;
  private size = 0;
  private readonly words: WordReader;
  private readonly characters: CharacterReader;
  private readonly wordRule: GramRule;
  private readonly characterRule: GramRule;
  private readonly takeWordGram: (high: number, low: number) => void;
  private readonly takeCharacterGram: (high: number, low: number) => void;

  constructor(vocabulary: TextVocabulary) {
    const { limits, wordGrams, characterGrams } = vocabulary;
    this.words = new WordReader(vocabulary.words, wordsMax(limits));
    this.characters = new CharacterReader(vocabulary.alphabet, limits.charactersMax);
    this.wordRule = wordRule(limits);
    this.characterRule = characterRule(limits);
    this.features = new Int32Array(wordGrams.length + characterGrams.length);
    this.stamps = new Int32Array(this.features.length);
    const take = (table: GramTable, first: number) => (high: number, low: number) => {
      const found = table.find(high, low);
      if (found < 0 || this.stamps[first + found] === this.stamp) return;
      this.stamps[first + found] = this.stamp;
      this.features[this.size++] = first + found;
    };
    this.takeWordGram = take(tabulateWordGrams(vocabulary), 0);
    this.takeCharacterGram = take(tabulateCharacterGrams(vocabulary), wordGrams.length);
  }

  /** Encodes one text and returns how many features it has. */
  encode(text: string): number {
    const clean = cleanText(text);
    this.stamp = (this.stamp + 1) | 0;
    this.size = 0;
    if (this.wordRule.longest > 0) {
      scanGrams(this.words.codes, this.words.read(clean), this.wordRule, this.takeWordGram);
    }
    if (this.characterRule.longest > 0) {
      scanGrams(this.characters.codes, this.characters.read(clean), this.characterRule, this.takeCharacterGram);
    }
    return this.size;
  }
}
