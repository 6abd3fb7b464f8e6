const POINT = 46;
const ZERO = 48;
const MINUS = 45;
const PLUS = 43;
/** Up to this many digits and this power of ten a product or quotient of doubles is the nearest double (Clinger 1990). */
const DIGITS_EXACT = 15;
const POWERS = Float64Array.from({ length: 23 }, (_, power) => Number(`1e${power}`));

const PLAIN = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const INFINITE = /^([+-]?)inf(inity)?$/i;
/** A code such as 007 or 01234: as a number it would lose its zeros. */
const ZERO_LED = /^[+-]?0\d/;
const COMMA_GROUPED = /^[+-]?\d{1,3}(\.\d{3})+(,\d+)?$/;

/**
 * The number that a trimmed cell spells, exactly as `Number` would read it; undefined when it spells none. Plain decimal notation only:
 * no 0x10, no 1_000, and nothing with leading zeros, which is a code. `inf` and `infinity` are infinite.
 * @param decimal the sign before the decimals: `.`, or `,` (then points group thousands)
 */
export function parseNumberText(text: string, decimal: '.' | ','): number | undefined {
  const plain = decimal === ',' ? fromDecimalComma(text) : text;
  if (PLAIN.test(plain)) return ZERO_LED.test(plain) ? undefined : Number(plain);
  const sign = INFINITE.exec(plain)?.[1];
  return sign === undefined ? undefined : sign === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}

const fromDecimalComma = (text: string): string =>
  (COMMA_GROUPED.test(text) ? text.replaceAll('.', '') : text).replace(',', '.');

/**
 * The same for bytes, without making a string, for the notations that files are full of; NaN when the text must decide.
 * @param mark byte before the decimals
 */
export function parseNumberBytes(bytes: Uint8Array, start: number, end: number, mark: number): number {
  let at = start;
  const isNegative = bytes[at] === MINUS;
  if (isNegative || bytes[at] === PLUS) at++;
  const digitsAt = at;
  let value = 0;
  let decimals = -1;
  for (; at < end; at++) {
    const digit = bytes[at]! - ZERO;
    if (digit >= 0 && digit <= 9) {
      value = value * 10 + digit;
      if (decimals >= 0) decimals++;
    } else if (bytes[at] === mark && decimals < 0) decimals = 0;
    else return Number.NaN;
  }
  const digits = end - digitsAt - (decimals >= 0 ? 1 : 0);
  if (digits === 0 || digits > DIGITS_EXACT) return Number.NaN;
  if (mark !== POINT && decimals === 0) return Number.NaN;
  const leading = bytes[digitsAt + 1]! - ZERO;
  if (bytes[digitsAt] === ZERO && end - digitsAt > 1 && leading >= 0 && leading <= 9) return Number.NaN;
  const magnitude = decimals > 0 ? value / POWERS[decimals]! : value;
  return isNegative ? -magnitude : magnitude;
}
