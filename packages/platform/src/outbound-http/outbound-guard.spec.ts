import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { OutboundGuard } from './outbound-guard.js';

const guardOf = (addresses: readonly string[] = ['203.0.114.9'], allowedHosts: readonly string[] = []) =>
  new OutboundGuard({
    protocols: new Set(['https:']),
    allowedHosts: new Set(allowedHosts),
    resolve: async () => addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
  });
const refused = (detail: string | RegExp) =>
  expect.objectContaining({ code: 'destination-refused', detail: expect.stringMatching(detail) });

/** One address, loopback or what is told by the name, in the spellings that have got past other guards. */
const SPELLINGS = [
  '127.0.0.1',
  '127.1',
  '127.0.1',
  '2130706433',
  '0x7f000001',
  '0x7f.0.0.1',
  '0x7f.0x0.0x0.0x1',
  '0177.0.0.1',
  '017700000001',
  '127.0.0.1.',
  '%31%32%37.0.0.1',
  '１２７.０.０.１',
  '①②⑦.⓪.⓪.①',
  '127。0。0。1',
  '0',
  '0.0.0.0',
  '[::1]',
  '[::]',
  '[0:0:0:0:0:0:0:1]',
  '[::ffff:127.0.0.1]',
  '[::ffff:7f00:1]',
  '[::127.0.0.1]',
  '[64:ff9b::127.0.0.1]',
  '[2002:7f00:1::]',
  '[fe80::1]',
  '[fd00:ec2::254]',
  '169.254.169.254',
  '0xa9fea9fe',
  '2852039166',
];

describe('the address of a webhook', () => {
  it.each(SPELLINGS)('is refused as %s', (host) => {
    expect(() => guardOf().parse(`https://${host}:8443/hook`)).toThrow(
      refused('not an address of the public internet'),
    );
  });

  it('is refused in every way of writing a private address as numbers', () => {
    const octets = fc.tuple(fc.constant(10), fc.nat(255), fc.nat(255), fc.nat(255));
    const radix = fc.constantFrom(
      (value: number) => String(value),
      (value: number) => `0x${value.toString(16)}`,
      (value: number) => `0${value.toString(8)}`,
    );
    fc.assert(
      fc.property(
        octets,
        fc.array(radix, { minLength: 4, maxLength: 4 }),
        fc.integer({ min: 1, max: 4 }),
        (parts, forms, count) => {
          const last = parts.slice(count - 1).reduce((sum, part) => sum * 256 + part, 0);
          const host = [...parts.slice(0, count - 1), last].map((part, index) => forms[index]?.(part)).join('.');
          expect(() => guardOf().parse(`https://${host}/`)).toThrow(refused('public internet'));
        },
      ),
    );
  });

  it.each([
    ['a user in it', 'https://me@example.com/'],
    ['a password in it', 'https://:secret@example.com/'],
    ['a public name before an address inside', 'https://example.com@127.0.0.1/'],
    ['http', 'http://example.com/'],
    ['a file', 'file:///etc/passwd'],
    ['gopher', 'gopher://127.0.0.1:6379/_FLUSHALL'],
    ['no host', 'https://'],
    ['no URL', 'example.com'],
    ['too long a text', `https://example.com/${'a'.repeat(3_000)}`],
  ])('is refused with %s', (_, url) => {
    expect(() => guardOf().parse(url)).toThrow(refused('URL'));
  });

  it('is refused when one of the addresses of its name is inside', async () => {
    await expect(guardOf(['203.0.114.9', '10.0.0.7']).check('https://mixed.example/')).rejects.toEqual(
      refused('leads to 10.0.0.7'),
    );
    await expect(guardOf([]).check('https://nowhere.example/')).rejects.toEqual(refused('no address'));
  });

  it('is taken when its name leads outside, or when the configuration allows the host', async () => {
    await guardOf().check('https://hooks.example.com/a?b=c');
    await guardOf(['10.0.0.7'], ['hooks.internal']).check('https://Hooks.Internal/');
    expect(guardOf([], ['10.0.0.7']).parse('https://10.0.0.7/').hostname).toBe('10.0.0.7');
    await expect(guardOf(['10.0.0.7'], ['hooks.internal']).check('https://other.internal/')).rejects.toEqual(
      refused('10.0.0.7'),
    );
  });
});
