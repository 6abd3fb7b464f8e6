import { expect, it } from '@jest/globals';
import { canonicalFeatures, nameFeatures } from './name-features.js';

it('names values, the texts of categories, and what is missing', () => {
  const input = (name: string, categories?: readonly string[]) => ({ name, outside: '', missing: '', categories });
  const definition = { inputs: [input('age'), input('ward', ['north', 'south']), input('chol'), input('note')] };
  const texts = [{ input: 3, text: 'as sent' }];
  expect(nameFeatures(definition, { values: [63, 1, Number.NaN, Number.NaN], texts })).toEqual({
    age: 63,
    ward: 'south',
    chol: null,
    note: 'as sent',
  });
});

// RFC 8785, 3.2.2 and 3.2.3: numbers as ECMAScript writes them, names by their UTF-16 code units.
it('writes canonical JSON, whatever the order of the names', () => {
  const features = { '\u20ac': 1e30, '\r': 4.5, '1': 2e-3, '\u{1f600}': 1e-27, '\u00f6': 333333333.3333333, b: null };
  expect(canonicalFeatures(features)).toBe('{"\\r":4.5,"1":0.002,"b":null,"ö":333333333.3333333,"€":1e+30,"😀":1e-27}');
  expect(canonicalFeatures({ b: 'x', a: 1 })).toBe(canonicalFeatures({ a: 1, b: 'x' }));
});
