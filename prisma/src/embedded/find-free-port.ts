import { once } from 'node:events';
import { createServer } from 'node:net';

/** A TCP port of this machine that nobody uses now. Somebody may before it is taken: who takes it must be ready to try again. */
export async function findFreePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (address === null || typeof address === 'string') throw new Error('No free TCP port.');
  return address.port;
}
