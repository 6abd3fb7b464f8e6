import { type GraphPart, joinParts } from '../../onnx/graph-part.js';
import type { Constant, Node } from '../../onnx/write-onnx.js';
import { tabulateCharacterGrams, tabulateWordGrams } from '../ngrams/gram-encoder.js';
import type { GramTable } from '../ngrams/gram-table.js';
import type { GramRule } from '../ngrams/scan-grams.js';
import { WORD_EXPRESSION } from '../ngrams/split-text.js';
import {
  characterRule,
  type SymbolTable,
  type TextVocabulary,
  UNKNOWN_CHARACTER,
  UNKNOWN_WORD,
  wordRule,
  wordsMax,
} from '../ngrams/text-vocabulary.js';

/** `ends` of a slice that goes to the end of its axis. */
const TO_THE_END = 2 ** 53 - 1;

/** The axis along a text. */
export const TEXT_AXIS: Constant = { name: 'text_axis', element: 'int64', shape: [1], values: [1] };

/** Cuts a tensor along its text axis. */
function createSlice(input: string, output: string, from: number, to: number | null): GraphPart {
  const bound = (name: string, value: number): Constant => ({ name, element: 'int64', shape: [1], values: [value] });
  return {
    nodes: [
      { operator: 'Slice', inputs: [input, `${output}_from`, `${output}_to`, TEXT_AXIS.name], outputs: [output] },
    ],
    constants: [bound(`${output}_from`, from), bound(`${output}_to`, to ?? TO_THE_END)],
  };
}

/** What one kind of n-gram is made of. */
interface GramSource {
  /** Prefix of the names of its tensors. */
  readonly name: string;
  /** Parts a text into symbols. */
  readonly tokenizer: Pick<Node, 'attributes'>;
  readonly symbols: SymbolTable;
  /** Code of a spelling that is not among the symbols. */
  readonly otherwise: number;
  /** Symbols read. */
  readonly countMax: number;
  readonly rule: GramRule;
  readonly table: GramTable;
  /** Id of the table's first n-gram. */
  readonly firstId: number;
}

/** Texts to codes [N, symbols + padding]; the padding makes no n-gram that a vocabulary holds. */
function createSymbolPart({ name, tokenizer, symbols, otherwise, countMax, rule }: GramSource): GraphPart {
  const before = rule.blank > 0 ? 1 : 0;
  const nodes: Node[] = [
    {
      operator: 'Tokenizer',
      domain: 'com.microsoft',
      inputs: ['query'],
      outputs: [`${name}_symbols`],
      attributes: [
        ...(tokenizer.attributes ?? []),
        { name: 'mark', integer: 0 },
        { name: 'mincharnum', integer: 1 },
        { name: 'pad_value', text: '' },
      ],
    },
    {
      operator: 'LabelEncoder',
      domain: 'ai.onnx.ml',
      inputs: [`${name}_symbols`],
      outputs: [`${name}_all_codes`],
      attributes: [
        { name: 'keys_strings', texts: [...symbols.forms, ''] },
        { name: 'values_int64s', integers: [...symbols.codes, rule.blank > 0 ? rule.blank : otherwise] },
        { name: 'default_int64', integer: otherwise },
      ],
    },
  ];
  const pad: GraphPart = {
    nodes: [
      {
        operator: 'Pad',
        inputs: [`${name}_read_codes`, `${name}_margins`, `${name}_padding`],
        outputs: [`${name}_codes`],
      },
    ],
    constants: [
      { name: `${name}_margins`, element: 'int64', shape: [4], values: [0, before, 0, rule.longest] },
      { name: `${name}_padding`, element: 'int64', shape: [], values: [rule.blank > 0 ? rule.blank : otherwise] },
    ],
  };
  const cut = createSlice(`${name}_all_codes`, `${name}_read_codes`, 0, countMax);
  return joinParts({ nodes, constants: [] }, cut, pad);
}

/** Codes to keys of n-grams: key_n[i] = key_{n-1}[i] * 2^bits + code[i + n - 1], for all lengths side by side. */
function createKeyPart({ name, rule }: GramSource): GraphPart {
  const { shortest, longest, bits } = rule;
  const parts: GraphPart[] = [];
  const base = `${name}_base`;
  for (let length = 1; length <= longest; length++) {
    // The last windows begin in the padding: they never are n-grams of the vocabulary, so each row has an id 0.
    const end = length === longest ? null : length - longest;
    const code = length === 1 ? `${name}_key_1` : `${name}_code_${length}`;
    parts.push(createSlice(`${name}_codes`, code, length - 1, end));
    if (length === 1) continue;
    const shifted = `${name}_shifted_${length}`;
    parts.push({
      nodes: [
        { operator: 'Mul', inputs: [`${name}_key_${length - 1}`, base], outputs: [shifted] },
        { operator: 'Add', inputs: [shifted, code], outputs: [`${name}_key_${length}`] },
      ],
      constants: [],
    });
  }
  const keys = Array.from({ length: longest - shortest + 1 }, (_, i) => `${name}_key_${shortest + i}`);
  const join: Node = {
    operator: 'Concat',
    inputs: keys,
    outputs: [`${name}_keys`],
    attributes: [{ name: 'axis', integer: 1 }],
  };
  const constants: Constant[] = longest > 1 ? [{ name: base, element: 'int64', shape: [], values: [2 ** bits] }] : [];
  return joinParts(...parts, { nodes: [join], constants });
}

function createIdNode({ name, table, firstId }: GramSource): Node {
  const keys = Array.from({ length: table.size }, (_, i) => {
    const [high, low] = table.keyAt(i);
    return (BigInt(high >>> 0) << 32n) | BigInt(low >>> 0);
  });
  return {
    operator: 'LabelEncoder',
    domain: 'ai.onnx.ml',
    inputs: [`${name}_keys`],
    outputs: [`${name}_ids`],
    attributes: [
      // A key that is never made keeps the lists from being empty, which is refused.
      { name: 'keys_int64s', integers: [...keys, -1n] },
      { name: 'values_int64s', integers: [...keys.map((_, i) => firstId + i), 0] },
      { name: 'default_int64', integer: 0 },
    ],
  };
}

function listSources(vocabulary: TextVocabulary): GramSource[] {
  const { limits, words, alphabet, wordGrams } = vocabulary;
  const ofWords: GramSource = {
    name: 'word',
    tokenizer: { attributes: [{ name: 'tokenexp', text: WORD_EXPRESSION }] },
    symbols: words,
    otherwise: UNKNOWN_WORD,
    countMax: wordsMax(limits),
    rule: wordRule(limits),
    table: tabulateWordGrams(vocabulary),
    firstId: 1,
  };
  const ofCharacters: GramSource = {
    name: 'character',
    tokenizer: { attributes: [{ name: 'separators', texts: [''] }] },
    symbols: alphabet,
    otherwise: UNKNOWN_CHARACTER,
    countMax: limits.charactersMax,
    rule: characterRule(limits),
    table: tabulateCharacterGrams(vocabulary),
    firstId: 1 + wordGrams.length,
  };
  return [ofWords, ofCharacters].filter(({ rule }) => rule.longest > 0);
}

/**
 * Nodes from `query` (string [N]) to `ids` (int64 [N, L]): 1 + feature for each feature that a text has, once, and 0 elsewhere.
 * Ids are sorted, and of equal neighbours all but one are struck out.
 */
export function createGramPart(vocabulary: TextVocabulary): GraphPart {
  const sources = listSources(vocabulary);
  const ids = sources.map(({ name }) => `${name}_ids`);
  const sort: GraphPart = {
    nodes: [
      { operator: 'Concat', inputs: ids, outputs: ['all_ids'], attributes: [{ name: 'axis', integer: 1 }] },
      {
        operator: 'Shape',
        inputs: ['all_ids'],
        outputs: ['id_count'],
        attributes: [
          { name: 'start', integer: 1 },
          { name: 'end', integer: 2 },
        ],
      },
      { operator: 'TopK', inputs: ['all_ids', 'id_count'], outputs: ['sorted_ids', 'order'] },
    ],
    constants: [TEXT_AXIS],
  };
  const strike: GraphPart = {
    nodes: [
      { operator: 'Equal', inputs: ['earlier_ids', 'later_ids'], outputs: ['is_repeated'] },
      { operator: 'Where', inputs: ['is_repeated', 'no_id', 'earlier_ids'], outputs: ['ids'] },
    ],
    constants: [{ name: 'no_id', element: 'int64', shape: [], values: [0] }],
  };
  return joinParts(
    ...sources.map((source) => joinParts(createSymbolPart(source), createKeyPart(source))),
    { nodes: sources.map(createIdNode), constants: [] },
    sort,
    createSlice('sorted_ids', 'earlier_ids', 0, -1),
    createSlice('sorted_ids', 'later_ids', 1, null),
    strike,
  );
}
