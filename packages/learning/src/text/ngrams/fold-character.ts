/** White space of every script, controls, and the two invisible marks that break words. */
const BLANK = /^[\p{White_Space}\p{Cc}\u200b\ufeff]$/u;

/** What telephones type in place of the plain sign. */
const TYPOGRAPHIC: Readonly<Record<string, string>> = {
  '\u2018': "'",
  '\u2019': "'",
  '\u201b': "'",
  '\u201c': '"',
  '\u201d': '"',
  '\u201e': '"',
  '\u2010': '-',
  '\u2011': '-',
  '\u2013': '-',
  '\u2014': '-',
  '\u2212': '-',
};

/** Code points that may fold to another one; between them lie scripts without letter case (CJK, Hangul) and private areas. */
const FOLDING_RANGES = [
  [0x0000, 0x33ff],
  [0xa000, 0xabff],
  [0xf900, 0xffff],
  [0x10400, 0x104ff],
  [0x1d400, 0x1d7ff],
  [0x1e900, 0x1e95f],
] as const;

function isSingle(text: string): boolean {
  return text.length === 1 || (text.length === 2 && text.codePointAt(0)! > 0xffff);
}

function foldOnce(character: string): string {
  const compatible = TYPOGRAPHIC[character] ?? character.normalize('NFKC');
  const plain = isSingle(compatible) ? compatible : character;
  const lower = plain.toLowerCase();
  return isSingle(lower) ? lower : plain;
}

/**
 * Folds one code point to the one that stands for it: white space and controls to a blank, typographic quotes and dashes to
 * plain ones, compatibility forms (Unicode NFKC: full width, mathematical letters) to the ordinary letter, capitals to small
 * letters. Each step applies only when it gives a single code point, so that folding keeps positions. Folding what is folded
 * changes nothing.
 *
 * Only training calls it: a model carries the code points that it knows, each with its fold, and so answers alike in every
 * runtime whatever version of Unicode that has.
 *
 * @param character exactly one code point
 */
export function foldCharacter(character: string): string {
  if (BLANK.test(character)) return ' ';
  let folded = character;
  for (let next = foldOnce(folded); next !== folded; next = foldOnce(folded)) folded = next;
  return folded;
}

let formsByFold: ReadonlyMap<string, readonly string[]> | null = null;

/** The code points, other than `folded` itself, that fold to it, in ascending order. */
export function listForms(folded: string): readonly string[] {
  formsByFold ??= collectForms();
  return formsByFold.get(folded) ?? [];
}

function collectForms(): Map<string, string[]> {
  const forms = new Map<string, string[]>();
  for (const [from, to] of FOLDING_RANGES) {
    for (let code = from; code <= to; code++) {
      const character = String.fromCodePoint(code);
      const folded = foldCharacter(character);
      if (folded === character) continue;
      const known = forms.get(folded);
      if (known) known.push(character);
      else forms.set(folded, [character]);
    }
  }
  return forms;
}
