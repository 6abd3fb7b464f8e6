import ipaddr from 'ipaddr.js';

/** Azure answers every virtual machine there, on an address that looks like any other. */
const AZURE_PLATFORM = '168.63.129.16';

/** The part of IPv6 that is given out to the public (IANA: 2000::/3). */
const IPV6_GLOBAL: [ipaddr.IPv6, number] = [ipaddr.IPv6.parse('2000::'), 3];

/**
 * True for an address of the public internet, written in its usual form. All else is not: loopback, private, link-local (where clouds
 * answer with credentials), carrier-grade NAT, multicast, reserved (the registries of RFC 6890), and every form of IPv6 that carries an
 * IPv4 address (mapped, NAT64, 6to4, Teredo), whichever that is.
 */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address) || address === AZURE_PLATFORM) return false;
  const parsed = ipaddr.parse(address);
  if (parsed.range() !== 'unicast') return false;
  return parsed.kind() === 'ipv4' || (parsed as ipaddr.IPv6).match(IPV6_GLOBAL); // its kind says so
}
