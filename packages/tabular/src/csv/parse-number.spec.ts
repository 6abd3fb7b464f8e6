import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseNumberBytes, parseNumberText } from './parse-number.js';

const bytesOf = (text: string, mark = '.') => {
  const bytes = Buffer.from(text);
  return parseNumberBytes(bytes, 0, bytes.length, mark.charCodeAt(0));
};

it('reads bytes exactly as JavaScript reads the text, or leaves them to the text', () => {
  const decimal = fc.tuple(fc.constantFrom('', '-', '+'), fc.nat(1e9), fc.stringMatching(/^\d{0,12}$/));
  const texts = fc.oneof(
    decimal.map(([sign, whole, decimals]) => `${sign}${whole}${decimals === '' ? '' : `.${decimals}`}`),
    fc.double({ noNaN: true }).map(String),
    fc.string({ maxLength: 8 }),
  );
  fc.assert(
    fc.property(texts, (text) => {
      const read = bytesOf(text);
      if (!Number.isNaN(read)) expect(read).toBe(Number(text));
      if (!Number.isNaN(read)) expect(parseNumberText(text, '.')).toBe(read);
    }),
    { numRuns: 2_000 },
  );
});

it.each([
  ['1e3', '.', 1_000],
  ['.5', '.', 0.5],
  ['-Infinity', '.', Number.NEGATIVE_INFINITY],
  ['inf', '.', Number.POSITIVE_INFINITY],
  ['1e999', '.', Number.POSITIVE_INFINITY],
  ['12345678901234567890', '.', 12_345_678_901_234_567_000],
  ['1,5', ',', 1.5],
  ['1.234,5', ',', 1_234.5],
  ['1.234', ',', 1_234],
  ['007', '.', undefined],
  ['-012.5', '.', undefined],
  ['0x10', '.', undefined],
  ['1_000', '.', undefined],
  ['1,5', '.', undefined],
  ['', '.', undefined],
  ['.', '.', undefined],
  ['-', '.', undefined],
] as const)('takes "%s" with "%s" as %s', (text, decimal, value) => {
  expect(parseNumberText(text, decimal)).toBe(value);
  const read = bytesOf(text, decimal);
  if (!Number.isNaN(read)) expect(read).toBe(value);
});
