import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readNumberList } from './number-list.js';

const readText = (text: string, start = 0) => readNumberList(Buffer.from(text), start, new Float64Array(3));

/** What `JSON.parse` has to give for what was read: the same numbers, the same lists. */
const nest = (numbers: readonly number[], shape: readonly number[]): unknown => {
  const [length = 0, ...inner] = shape;
  const width = numbers.length / length;
  if (inner.length === 0) return numbers.map((value) => (Number.isNaN(value) ? null : value));
  return Array.from({ length }, (_, index) => nest(numbers.slice(index * width, (index + 1) * width), inner));
};

/** Texts of numbers: as programs write them, and as nobody does. */
const numberText = fc.oneof(
  { weight: 4, arbitrary: fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => String(value)) },
  {
    weight: 4,
    arbitrary: fc.tuple(fc.integer(), fc.nat(6)).map(([value, decimals]) => (value / 10 ** decimals).toString()),
  },
  {
    weight: 4,
    arbitrary: fc.tuple(fc.maxSafeInteger(), fc.nat(30)).map(([value, zeros]) => `${value}.${'0'.repeat(zeros)}1`),
  },
  { weight: 2, arbitrary: fc.stringMatching(/^-?(0|[1-9][0-9]{0,25})(\.[0-9]{1,30})?([eE][+-]?[0-9]{1,3})?$/) },
  fc.constantFrom(
    '-0',
    '0',
    '-0.0',
    '0e9',
    '1e400',
    '-1e400',
    '5e-324',
    '9007199254740991',
    '9007199254740992',
    '9007199254740993',
  ),
  fc.constant('null'),
);
const blank = fc.stringMatching(/^[ \t\r\n]{0,2}$/);
const listOf = (elements: fc.Arbitrary<string>, maxLength: number): fc.Arbitrary<string> =>
  fc
    .tuple(fc.array(fc.tuple(blank, elements, blank), { minLength: 1, maxLength }), blank)
    .map(([parts, end]) => `[${parts.map((part) => part.join('')).join(',')}${end}]`);

const isSame = (one: unknown, other: unknown): boolean =>
  Array.isArray(one) && Array.isArray(other)
    ? one.length === other.length && one.every((value, index) => isSame(value, other[index]))
    : Object.is(one, other);

it('every list that is read holds what JSON.parse reads of it, to the last bit', () => {
  const lists = fc.oneof(
    listOf(numberText, 12),
    listOf(listOf(numberText, 4), 4),
    listOf(listOf(listOf(numberText, 2), 2), 2),
  );
  fc.assert(
    fc.property(lists, fc.string(), (text, behind) => {
      const read = readText(text + behind);
      if (!read) return;
      expect(read.end).toBe(Buffer.byteLength(text));
      expect(isSame(nest([...read.numbers], read.shape), JSON.parse(text))).toBe(true);
    }),
    { numRuns: 3_000 },
  );
});

// Guards the rounding: the quick way is only taken where one operation on exact numbers rounds as the whole text would.
it('decimals round as JSON.parse rounds them', () => {
  const decimal = fc.tuple(fc.maxSafeInteger(), fc.integer({ min: 1, max: 22 })).map(([digits, decimals]) => {
    const text = String(Math.abs(digits)).padStart(decimals + 1, '0');
    return `${digits < 0 ? '-' : ''}${text.slice(0, -decimals)}.${text.slice(-decimals)}`;
  });
  fc.assert(
    fc.property(decimal, (text) => {
      expect(readText(`[${text}]`)?.numbers[0]).toBe(JSON.parse(text));
    }),
    { numRuns: 3_000 },
  );
});

it('nothing is read that JSON.parse refuses', () => {
  const broken = fc.array(
    fc.constantFrom('[', ']', ',', '-', '.', 'e', '+', '0', '1', '9', 'null', 'nul', ' ', 'true', '"', '{', 'é'),
    {
      maxLength: 9,
    },
  );
  fc.assert(
    fc.property(broken, (parts) => {
      const text = `[${parts.join('')}`;
      const read = readText(text);
      if (read) expect(() => JSON.parse(Buffer.from(text).toString('utf8', 0, read.end))).not.toThrow();
    }),
    { numRuns: 10_000 },
  );
});

it('ordinary lists are read here, with and without blanks, flat and nested', () => {
  expect(readText('[1, -2.5,null ]')).toMatchObject({ numbers: Float64Array.of(1, -2.5, Number.NaN), shape: [3] });
  expect(readText('{"data":[[1,2],[3,4]]}', 8)).toMatchObject({
    numbers: Float64Array.of(1, 2, 3, 4),
    shape: [2, 2],
    start: 8,
    end: 21,
  });
  expect(readText('[1e-5,0.12345678901234566]')?.numbers).toEqual(Float64Array.of(1e-5, 0.12345678901234566));
});

it.each([
  '[]',
  '[[]]',
  '[[1],[2,3]]',
  '[[1],2]',
  '[1,[2]]',
  '[[[1]],[2]]',
  '[1,"2"]',
  '[1,true]',
  '[1',
  '[1,',
  '[1,]',
  '[01]',
  '[-]',
  '[1.]',
  '1',
  '',
  '[[[[[[[[[1]]]]]]]]]',
])('what is no even list of numbers is left to JSON.parse: %s', (text) => {
  expect(readText(text)).toBeNull();
});

it('a list of more numbers than are gathered at first, and one of many digits', () => {
  const many = Array.from({ length: 20_000 }, (_, index) => index / 4);
  expect(readText(JSON.stringify(many))?.numbers).toEqual(Float64Array.from(many));
  expect(readText(JSON.stringify(many.map(Math.sqrt)))).toBeNull();
});
