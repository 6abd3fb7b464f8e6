import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { addressGroup, clientAddress, networksText } from './client-address.js';

const networks = (text: string) => networksText().parse(text);

describe('the address of who asks', () => {
  const proxies = networks('10.0.0.0/8, fd00::/8');

  it('is that of the connection, unless a trusted proxy is there', () => {
    expect(clientAddress('192.0.2.1', '198.51.100.1', proxies)).toBe('192.0.2.1');
    expect(clientAddress('192.0.2.1', '198.51.100.1', networks(''))).toBe('192.0.2.1');
    expect(clientAddress('10.0.0.1', undefined, proxies)).toBe('10.0.0.1');
  });

  it('is the last one that no trusted proxy has: what stands further left may be invented', () => {
    expect(clientAddress('10.0.0.1', '1.1.1.1, 198.51.100.1', proxies)).toBe('198.51.100.1');
    expect(clientAddress('::ffff:10.0.0.1', '1.1.1.1, 198.51.100.1, fd00::2', proxies)).toBe('198.51.100.1');
    expect(clientAddress('10.0.0.1', ['1.1.1.1', '2001:db8::1'], proxies)).toBe('2001:db8::1');
    expect(clientAddress('10.0.0.1', 'nonsense', proxies)).toBe('10.0.0.1');
    expect(clientAddress('10.0.0.1', '10.0.0.2, 10.0.0.3', proxies)).toBe('10.0.0.2');
  });

  it('is always found, whatever the header holds', () => {
    fc.assert(
      fc.property(fc.string(), fc.option(fc.oneof(fc.ipV4(), fc.ipV6()), { nil: undefined }), (header, socket) => {
        expect(typeof clientAddress(socket, header, proxies)).toBe('string');
      }),
    );
  });
});

it('counts an IPv6 /64 as one, however it is written, and IPv4 one by one', () => {
  expect(addressGroup('192.0.2.1')).toBe('192.0.2.1');
  expect(addressGroup('2001:db8:0:7::1')).toBe('2001:db8:0:7::/64');
  expect(addressGroup('2001:0DB8:0000:0007:ffff:ffff:ffff:ffff')).toBe('2001:db8:0:7::/64');
  expect(addressGroup('2001:db8::1')).toBe('2001:db8:0:0::/64');
  expect(addressGroup('::1')).toBe('0:0:0:0::/64');
  fc.assert(
    fc.property(fc.ipV6(), (address) => {
      expect(addressGroup(address)).toMatch(/^([0-9a-f]{1,4}:){4}:\/64$/);
    }),
  );
});

it.each(['10.0.0.0/33', 'fd00::/129', '10.0.0', 'example.org', '10.0.0.0/x'])('refuses %s as a network', (text) => {
  expect(networksText().safeParse(text).success).toBe(false);
});
