import { splitWords } from './split-text.js';
import { BLANK, type SymbolTable, UNKNOWN_CHARACTER, UNKNOWN_WORD } from './text-vocabulary.js';

const PLANE = 0x10000;

/** Turns the characters of texts into codes. */
export class CharacterReader {
  /** Codes of the text read last: a blank, its characters, a blank. Valid up to the length that `read` returned. */
  readonly codes: Int32Array;
  private readonly basic = new Int32Array(PLANE).fill(UNKNOWN_CHARACTER);
  private readonly other = new Map<number, number>();

  constructor(
    alphabet: SymbolTable,
    private readonly charactersMax: number,
  ) {
    this.codes = new Int32Array(charactersMax + 2);
    alphabet.forms.forEach((form, i) => {
      const point = form.codePointAt(0)!;
      if (point < PLANE) this.basic[point] = alphabet.codes[i]!;
      else this.other.set(point, alphabet.codes[i]!);
    });
  }

  /** Reads a clean text and returns how many codes it gave. */
  read(text: string): number {
    const { codes, basic } = this;
    let size = 0;
    codes[size++] = BLANK;
    for (let i = 0; i < text.length && size <= this.charactersMax; i++) {
      const point = text.codePointAt(i)!;
      if (point < PLANE) codes[size++] = basic[point]!;
      else {
        codes[size++] = this.other.get(point) ?? UNKNOWN_CHARACTER;
        i++;
      }
    }
    codes[size++] = BLANK;
    return size;
  }
}

/** Turns the words of texts into codes. */
export class WordReader {
  /** Codes of the text read last, valid up to the length that `read` returned. */
  readonly codes: Int32Array;
  private readonly codeOfForm: ReadonlyMap<string, number>;

  constructor(
    words: SymbolTable,
    private readonly countMax: number,
  ) {
    this.codes = new Int32Array(countMax);
    this.codeOfForm = new Map(words.forms.map((form, i) => [form, words.codes[i]!]));
  }

  /** Reads a clean text and returns how many codes it gave. */
  read(text: string): number {
    const words = splitWords(text);
    const size = Math.min(words.length, this.countMax);
    for (let i = 0; i < size; i++) this.codes[i] = this.codeOfForm.get(words[i]!) ?? UNKNOWN_WORD;
    return size;
  }
}
