import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isPublicAddress } from './public-address.js';

const octet = fc.nat(255);
const anyIpv4 = fc.tuple(octet, octet, octet, octet).map((octets) => octets.join('.'));

/** Bits of the registries of RFC 6890 and its updates that nobody outside may be reached by. */
const INSIDE: readonly (readonly [string, fc.Arbitrary<string>])[] = [
  ['loopback', fc.tuple(octet, octet, octet).map((rest) => `127.${rest.join('.')}`)],
  ['private, 10/8', fc.tuple(octet, octet, octet).map((rest) => `10.${rest.join('.')}`)],
  [
    'private, 172.16/12',
    fc.tuple(fc.integer({ min: 16, max: 31 }), octet, octet).map((rest) => `172.${rest.join('.')}`),
  ],
  ['private, 192.168/16', fc.tuple(octet, octet).map((rest) => `192.168.${rest.join('.')}`)],
  ['link-local', fc.tuple(octet, octet).map((rest) => `169.254.${rest.join('.')}`)],
  ['of carriers', fc.tuple(fc.integer({ min: 64, max: 127 }), octet, octet).map((rest) => `100.${rest.join('.')}`)],
  ['of this host', fc.tuple(octet, octet, octet).map((rest) => `0.${rest.join('.')}`)],
  ['multicast', fc.tuple(fc.integer({ min: 224, max: 239 }), octet, octet, octet).map((octets) => octets.join('.'))],
  ['reserved', fc.tuple(fc.integer({ min: 240, max: 255 }), octet, octet, octet).map((octets) => octets.join('.'))],
];

describe('an address that is not of the public internet', () => {
  it.each(INSIDE)('is told: %s', (_, addresses) => {
    fc.assert(fc.property(addresses, (address) => !isPublicAddress(address)));
  });

  it('stays one inside IPv6, in every form that carries an IPv4 address', () => {
    const hex = (address: string): string => {
      const [a = 0, b = 0, c = 0, d = 0] = address.split('.').map(Number);
      return `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
    };
    fc.assert(
      fc.property(anyIpv4, (address) =>
        [
          `::ffff:${address}`,
          `::${address}`,
          `64:ff9b::${address}`,
          `64:ff9b:1::${address}`,
          `2002:${hex(address)}::`,
        ].every((form) => !isPublicAddress(form)),
      ),
    );
  });

  it.each([
    '::',
    '::1',
    'fe80::1',
    'fe80::1%eth0',
    'fec0::1',
    'fc00::1',
    'fd00:ec2::254',
    'ff02::1',
    '100::1',
    '2001::1',
    '2001:db8::1',
    '3fff::1',
    '4000::1',
    '192.0.0.192',
    '168.63.129.16',
    'localhost',
    '',
  ])('is told: %s', (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });
});

it.each(['8.8.8.8', '1.1.1.1', '172.15.0.1', '172.32.0.1', '100.128.0.1', '2606:4700:4700::1111', '2a00:1450:4001::1'])(
  'takes %s as public',
  (address) => {
    expect(isPublicAddress(address)).toBe(true);
  },
);
