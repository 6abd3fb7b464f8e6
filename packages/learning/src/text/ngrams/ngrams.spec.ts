import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { foldCharacter, listForms } from './fold-character.js';
import { GramCounter } from './gram-counter.js';
import { GramEncoder } from './gram-encoder.js';
import { learnVocabulary } from './learn-vocabulary.js';
import { cleanText, splitWords, WORD_EXPRESSION } from './split-text.js';
import type { TextLimits } from './text-vocabulary.js';

interface Golden {
  readonly texts: readonly string[];
  readonly idf: Readonly<Record<string, number>>;
  readonly rows: readonly Readonly<Record<string, number>>[];
  readonly word_weight: number;
}

// Made by test/golden/make_text_golden.py with scikit-learn; JSON has no types of its own.
const golden = JSON.parse(readFileSync(new URL('../../../test/golden/text.json', import.meta.url), 'utf8')) as Golden;

const limits: TextLimits = { charactersMax: 512, wordGramMax: 2, characterGramMin: 3, characterGramMax: 5 };
const learn = (texts: readonly string[], options: { documentsMin?: number; featuresMax?: number } = {}) =>
  learnVocabulary({ texts, limits, documentsMin: 2, featuresMax: 50_000, hooks: {}, ...options }).vocabulary;
const namesOf = ({ wordGrams, characterGrams }: ReturnType<typeof learn>): string[] => [
  ...wordGrams.map((gram) => `w:${gram}`),
  ...characterGrams.map((gram) => `c:${gram}`),
];

it('finds the n-grams that scikit-learn finds, in the texts in which it finds them', () => {
  const vocabulary = learn(golden.texts);
  const names = namesOf(vocabulary);
  expect([...names].sort()).toEqual(Object.keys(golden.idf).sort());
  const encoder = new GramEncoder(vocabulary);
  golden.rows.forEach((row, i) => {
    const count = encoder.encode(golden.texts[5 * i]!);
    const found = Array.from(encoder.features.subarray(0, count), (feature) => names[feature]!);
    expect(found.sort()).toEqual(Object.keys(row).sort());
  });
});

it('learns the same vocabulary from the same texts in any order', () => {
  const turned = [...golden.texts].reverse();
  expect(learn(turned)).toEqual(learn(golden.texts));
  expect(learn(turned, { featuresMax: 40 })).toEqual(learn(golden.texts, { featuresMax: 40 }));
});

it('keeps the n-grams of most texts when there are too many', () => {
  const [first, ...rest] = Object.values(golden.idf).sort((a, b) => a - b);
  const kept = namesOf(learn(golden.texts, { featuresMax: 40 }));
  expect(kept).toHaveLength(40);
  expect(rest.length).toBeGreaterThan(100);
  const plain = (name: string): number => golden.idf[name]! / (name.startsWith('w:') ? golden.word_weight : 1);
  const worstKept = Math.max(...kept.map(plain));
  const dropped = Object.keys(golden.idf).filter((name) => !kept.includes(name));
  expect(worstKept).toBeLessThanOrEqual(Math.min(...dropped.map(plain)) + 1e-12);
  expect(first).toBeDefined();
});

it('folds what is folded to itself, and each listed form to what it is listed under', () => {
  for (let code = 0; code < 0x20000; code++) {
    // Ideographs, Hangul, surrogates and private areas have neither case nor width, and are most of the code points.
    if ((code >= 0x3400 && code < 0xa000) || (code >= 0xac00 && code < 0xf900)) continue;
    const folded = foldCharacter(String.fromCodePoint(code));
    if (Array.from(folded).length !== 1) throw new Error(`U+${code.toString(16)} folds to more than one`);
    if (foldCharacter(folded) !== folded) throw new Error(`U+${code.toString(16)} folds twice`);
    if (folded === String.fromCodePoint(code)) continue;
    const isListed = listForms(folded).includes(String.fromCodePoint(code));
    // Beyond the ranges with letter case only compatibility forms of ideographs are left out.
    if (!isListed && code < 0x10000) throw new Error(`U+${code.toString(16)} is no form of ${folded}`);
  }
});

it('reads capitals, full width, typographic quotes and odd white space as what was learned', () => {
  const encoder = new GramEncoder(learn(["don't lose the card", "don't lose a card", 'my card', 'my card']));
  const read = (text: string): number[] => Array.from(encoder.features.subarray(0, encoder.encode(text))).sort();
  const plain = read("don't lose my card");
  expect(plain.length).toBeGreaterThan(20);
  expect(read("DON'T LOSE MY CARD")).toEqual(plain);
  expect(read("Don't Lose\u00a0\t My\n\nCard")).toEqual(plain);
  const quoted = read('don\u2019t lose my card');
  expect(quoted).toEqual(plain);
  expect(read('\uff4d\uff59').length).toBeGreaterThan(0);
});

it('makes any text well-formed and without U+0000, and leaves clean ones alone', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const clean = cleanText(text);
      expect(clean.isWellFormed()).toBe(true);
      expect(clean).not.toContain('\0');
      expect(cleanText(clean)).toBe(clean);
    }),
  );
  expect(cleanText('a\0b\ud800c')).toBe('a b\ufffdc');
});

it('parts words at signs and emoji, not at letters of any script', () => {
  expect(splitWords("don't pay 12,50 for card_x \u{1f600}\u4e2d\u6587 \u00dcn\u00ef\u2014\u0434\u0430!")).toEqual([
    ...['don', 't', 'pay', '12', '50', 'for', 'card_x', '\u4e2d\u6587', '\u00dcn\u00ef', '\u0434\u0430'],
  ]);
  expect(WORD_EXPRESSION).toContain('\\x{2000}-\\x{2bff}');
});

it('forgets the rarest when it must count too many, and says so', () => {
  const counter = new GramCounter(100);
  for (let text = 0; text < 500; text++) {
    counter.add(0, 7, text);
    counter.add(0, 7, text);
    counter.add(1, text, text);
    counter.trim();
  }
  expect(counter.isLossy).toBe(true);
  expect(counter.list(2)).toEqual([{ high: 0, low: 7, count: 500 }]);
});
