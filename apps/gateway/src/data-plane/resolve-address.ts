import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import type { FrameAddress } from '@gimbal/platform';

/** Whether somebody must be asked where it is. */
export const isNamed = (address: FrameAddress): boolean => 'host' in address && isIP(address.host) === 0;

/**
 * All that an address stands for: a name may have many, as that of a headless service in Kubernetes.
 * @throws the system's error (`ENOTFOUND`, `EAI_AGAIN` …)
 */
export async function resolveAddress(address: FrameAddress): Promise<readonly FrameAddress[]> {
  if (!('host' in address) || !isNamed(address)) return [address];
  const found = await lookup(address.host, { all: true });
  return found.map(({ address: host }) => ({ host, port: address.port }));
}
