import type { Installation } from '../installation.js';
import { withChildren } from '../processes.js';
import { LOAD_CORE, pin } from './load.js';

/**
 * Leaves the servers' core to gateway and serving: whatever else an installation runs is moved to the core of the load, PostgreSQL with the
 * connections that it takes later. Monitoring stands still: it would work off a load while the next contender is measured. The log goes as far as
 * the queue meanwhile.
 */
export async function keepToPath({ runtime: { services, postgres, supervisor } }: Installation): Promise<void> {
  const { monitoring } = services;
  if (monitoring) process.kill(monitoring.pid, 'SIGSTOP');
  const isOnPath = (name: string): boolean => name === 'gateway' || name.startsWith('serving');
  const others = Object.entries(services).flatMap(([name, { pid }]) => (isOnPath(name) ? [] : [pid]));
  await pin([...others, supervisor.pid, postgres.pid], LOAD_CORE);
  const connections = await withChildren(postgres.pid);
  await Promise.allSettled(connections.map((pid) => pin([pid], LOAD_CORE))); // one may have ended meanwhile
}
