import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readPresentedKey } from './presented-key.js';

const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;

it('reads X-API-Key before Authorization, and the password of Basic up to its end', () => {
  expect(readPresentedKey({ 'x-api-key': 'a', authorization: 'Bearer b' })).toBe('a');
  expect(readPresentedKey({ authorization: 'bearer b' })).toBe('b');
  expect(readPresentedKey({ authorization: basic('user:pass:word') })).toBe('pass:word');
  expect(readPresentedKey({ authorization: basic(':only-password') })).toBe('only-password');
});

it('tells no key from something that is not one', () => {
  expect(readPresentedKey({})).toBeUndefined();
  for (const authorization of [
    '',
    'Bearer',
    'Basic',
    basic('no-colon'),
    basic('user:'),
    'Digest x',
    'Bearer  ',
    `Bearer ${'x'.repeat(513)}`,
  ])
    expect(readPresentedKey({ authorization })).toBeNull();
  expect(readPresentedKey({ 'x-api-key': '' })).toBeNull();
});

it('never throws, whatever a header holds', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const key = readPresentedKey({ authorization: text });
      expect(key == null || key.length <= 512).toBe(true);
    }),
  );
});
