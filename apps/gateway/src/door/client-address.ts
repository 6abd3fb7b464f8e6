import { BlockList, isIP, isIPv6 } from 'node:net';
import { z } from 'zod';

/** `10.0.0.0/8, ::1`: addresses and networks in CIDR notation. */
export function networksText() {
  return z
    .string()
    .max(10_000)
    .default('')
    .transform((text, context) => {
      const networks = new BlockList();
      for (const entry of text.split(',').map((part) => part.trim())) {
        if (entry === '') continue;
        const [address = '', length] = entry.split('/');
        const family = isIPv6(address) ? 'ipv6' : 'ipv4';
        const bits =
          length === undefined ? (family === 'ipv6' ? 128 : 32) : /^\d{1,3}$/.test(length) ? Number(length) : -1;
        if (isIP(address) === 0 || bits < 0 || bits > (family === 'ipv6' ? 128 : 32)) {
          context.addIssue('must be addresses or networks such as 10.0.0.0/8, comma-separated');
          return z.NEVER;
        }
        networks.addSubnet(address, bits, family);
      }
      return networks;
    });
}

const plain = (address: string): string =>
  address.startsWith('::ffff:') && address.includes('.') ? address.slice(7) : address;

const isTrusted = (address: string, proxies: BlockList): boolean =>
  isIP(address) !== 0 && proxies.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');

/**
 * The address of who asks. Behind trusted proxies it is the last address of `X-Forwarded-For` that is not one of theirs; what stands
 * further left anybody could have written. Without trusted proxies the header is not believed.
 */
export function clientAddress(
  socketAddress: string | undefined,
  forwardedFor: string | string[] | undefined,
  proxies: BlockList,
): string {
  let address = plain(socketAddress ?? 'unknown');
  const hops = (Array.isArray(forwardedFor) ? forwardedFor.join(',') : (forwardedFor ?? '')).split(',').slice(-20);
  while (isTrusted(address, proxies)) {
    const hop = plain(hops.pop()?.trim() ?? '');
    if (isIP(hop) === 0) break;
    address = hop;
  }
  return address;
}

/** Who is counted together: one IPv4 address, or one IPv6 /64, which is what a single subscriber is given. */
export function addressGroup(address: string): string {
  if (!isIPv6(address)) return address;
  const [head = '', tail = ''] = address.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === '' ? [] : tail.split(':');
  const groups = address.includes('::')
    ? [...left, ...Array<string>(Math.max(0, 8 - left.length - right.length)).fill('0'), ...right]
    : left;
  return `${groups
    .slice(0, 4)
    .map((group) => group.toLowerCase().replace(/^0+(?=.)/, ''))
    .join(':')}::/64`;
}
