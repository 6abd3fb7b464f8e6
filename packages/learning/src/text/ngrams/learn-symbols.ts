import { checkpoint, type TrainingHooks } from '../../training-hooks.js';
import { foldCharacter, listForms } from './fold-character.js';
import { bitsPerSymbol } from './gram-table.js';
import { splitWords } from './split-text.js';
import {
  BLANK,
  type SymbolTable,
  type TextLimits,
  UNKNOWN_CHARACTER,
  UNKNOWN_WORD,
  wordsMax,
} from './text-vocabulary.js';

/** Texts between two looks at the hooks. */
const TEXTS_PER_STEP = 2000;

/** Symbols that were learned: how to read them, and what each code stands for. */
export interface LearnedSymbols {
  readonly table: SymbolTable;
  /** Folded spelling by code. */
  readonly folds: readonly string[];
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Most frequent first, then by spelling: the order does not depend on the order of the texts. */
function rankByCount(counts: ReadonlyMap<string, number>, countMax: number): string[] {
  const ranked = [...counts].sort(([a, m], [b, n]) => n - m || compareTexts(a, b));
  return ranked.slice(0, countMax).map(([symbol]) => symbol);
}

/**
 * Learns the alphabet of clean texts: each folded character that occurs, with all code points that fold to it.
 * Characters beyond what a key can hold, the rarest, stay unknown (4093 are held for n-grams of up to five).
 */
export function learnAlphabet(texts: readonly string[], limits: TextLimits, hooks: TrainingHooks): LearnedSymbols {
  const points = new Map<number, number>();
  for (const [row, text] of texts.entries()) {
    if (row % TEXTS_PER_STEP === 0) checkpoint(hooks, row / texts.length);
    for (let i = 0, read = 0; i < text.length && read < limits.charactersMax; i++, read++) {
      const point = text.codePointAt(i)!;
      points.set(point, (points.get(point) ?? 0) + 1);
      if (point > 0xffff) i++;
    }
  }
  const counts = new Map<string, number>();
  for (const [point, count] of points) {
    const folded = foldCharacter(String.fromCodePoint(point));
    counts.set(folded, (counts.get(folded) ?? 0) + count);
  }
  counts.delete(' ');
  const firstCode = UNKNOWN_CHARACTER + 1;
  const folds: string[] = [];
  folds[BLANK] = ' ';
  const ranked = rankByCount(counts, 2 ** bitsPerSymbol(Math.max(1, limits.characterGramMax)) - firstCode);
  ranked.forEach((character, i) => {
    folds[firstCode + i] = character;
  });
  const forms: string[] = [];
  const codes: number[] = [];
  folds.forEach((folded, code) => {
    for (const form of [folded, ...listForms(folded)]) {
      forms.push(form);
      codes.push(code);
    }
  });
  return { table: { forms, codes }, folds };
}

function foldWord(word: string): string {
  return Array.from(word, foldCharacter).join('');
}

/** The spellings under which a folded word is found though training has not seen them: capitalised and in capitals. */
function listSpellings(folded: string): string[] {
  const capital = (character: string): string => {
    const upper = character.toUpperCase();
    return foldCharacter(upper.length > 2 ? character : upper) === character ? upper : character;
  };
  const [first = '', ...rest] = folded;
  const capitalised = capital(first) + rest.join('');
  return [folded, capitalised, capital(first) + rest.map(capital).join('')];
}

/**
 * Learns the words of clean texts that occur in at least `documentsMin` of them.
 * An n-gram that occurs in so many texts has only such words, so no more is needed.
 */
export function learnWords(
  texts: readonly string[],
  limits: TextLimits,
  documentsMin: number,
  hooks: TrainingHooks,
): LearnedSymbols {
  const spellings = new Map<string, Set<string>>();
  const foldOfSpelling = new Map<string, string>();
  const counts = new Map<string, number>();
  const lastTexts = new Map<string, number>();
  texts.forEach((text, row) => {
    if (row % TEXTS_PER_STEP === 0) checkpoint(hooks, row / texts.length);
    for (const word of splitWords(text).slice(0, wordsMax(limits))) {
      let folded = foldOfSpelling.get(word);
      if (folded === undefined) {
        folded = foldWord(word);
        foldOfSpelling.set(word, folded);
        spellings.set(folded, (spellings.get(folded) ?? new Set()).add(word));
      }
      if (lastTexts.get(folded) === row) continue;
      lastTexts.set(folded, row);
      counts.set(folded, (counts.get(folded) ?? 0) + 1);
    }
  });
  for (const [word, count] of counts) if (count < documentsMin) counts.delete(word);
  const firstCode = UNKNOWN_WORD + 1;
  const folds: string[] = [];
  const forms: string[] = [];
  const codes: number[] = [];
  rankByCount(counts, 2 ** bitsPerSymbol(Math.max(1, limits.wordGramMax)) - firstCode).forEach((folded, i) => {
    folds[firstCode + i] = folded;
    for (const form of new Set([...listSpellings(folded), ...[...spellings.get(folded)!].sort(compareTexts)])) {
      forms.push(form);
      codes.push(firstCode + i);
    }
  });
  return { table: { forms, codes }, folds };
}
