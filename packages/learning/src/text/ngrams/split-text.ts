/**
 * Ranges of code points that part words: ASCII and Latin-1 signs (all but digits, letters and `_`), general punctuation to
 * dingbats and arrows, CJK and full-width signs, variation selectors, emoji. Written out, because classes such as \p{L} grow
 * with every version of Unicode and would part words differently in two runtimes.
 */
const WORD_BREAKS = [
  [0x00, 0x2f],
  [0x3a, 0x40],
  [0x5b, 0x5e],
  [0x60, 0x60],
  [0x7b, 0xbf],
  [0x2000, 0x2bff],
  [0x2e00, 0x2e7f],
  [0x3000, 0x303f],
  [0xfe00, 0xfe0f],
  [0xfeff, 0xfeff],
  [0xff00, 0xff0f],
  [0xff1a, 0xff20],
  [0xff3b, 0xff40],
  [0xff5b, 0xff65],
  [0x1f000, 0x1faff],
] as const;

function writeClass(open: string, close: string): string {
  const write = (code: number): string => `${open}${code.toString(16)}${close}`;
  return `[^${WORD_BREAKS.map(([from, to]) => `${write(from)}-${write(to)}`).join('')}]+`;
}

/** One word, in the syntax of RE2, which ONNX Runtime's Tokenizer reads. */
export const WORD_EXPRESSION = writeClass('\\x{', '}');

const WORD = new RegExp(writeClass('\\u{', '}'), 'gu');

/**
 * Makes a text fit for every runtime: unpaired surrogates become U+FFFD and U+0000 a blank. ONNX Runtime's bindings differ in
 * both: JavaScript's end a text at U+0000, and the one for browsers refuses unpaired surrogates. A caller that feeds an
 * exported file applies this first.
 */
export function cleanText(text: string): string {
  return text.toWellFormed().replaceAll('\0', ' ');
}

/** The words of a clean text in order, spelled as they are. */
export function splitWords(text: string): readonly string[] {
  return text.match(WORD) ?? [];
}
