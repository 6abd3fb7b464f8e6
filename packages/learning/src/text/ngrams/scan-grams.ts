/** Which runs of symbols count as n-grams. Codes of symbols are >= 1. */
export interface GramRule {
  /** Shortest and longest n-gram, in symbols; none when `longest` is 0. */
  readonly shortest: number;
  readonly longest: number;
  /** Bits of a key for each symbol. */
  readonly bits: number;
  /** May begin and end an n-gram but never stand inside or be all of it; 0 when there is no such symbol. */
  readonly blank: number;
  /** Never part of an n-gram. */
  readonly unknown: number;
}

/**
 * Calls `visit` with the key of each n-gram of a sequence: the codes of its symbols one after the other, `bits` bits each.
 * With a blank before, between and after words these are the n-grams inside words that scikit-learn calls `char_wb`.
 */
export function scanGrams(
  codes: Int32Array,
  length: number,
  rule: GramRule,
  visit: (high: number, low: number) => void,
): void {
  const { shortest, longest, bits, blank, unknown } = rule;
  for (let start = 0; start < length; start++) {
    let high = 0;
    let low = 0;
    const end = Math.min(length, start + longest);
    for (let i = start; i < end; i++) {
      const code = codes[i]!;
      if (code === unknown) break;
      high = (high << bits) | (low >>> (32 - bits));
      low = (low << bits) | code;
      const isBlank = code === blank;
      if (isBlank && i === start + 1 && codes[start] === blank) break;
      if (i - start + 1 >= shortest && !(isBlank && i === start)) visit(high, low);
      if (isBlank && i > start) break;
    }
  }
}
