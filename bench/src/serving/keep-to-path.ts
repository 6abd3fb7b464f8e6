import type { Installation } from '../installation.js';
import { standAside, withChildren } from '../processes.js';

/**
 * Lets what is not on the way of a request run only where a core is idle, and monitoring not at all: a machine of two cores has none for it beside
 * the server and the load, and it would work off a load while the next contender is measured. The log goes as far as the queue meanwhile.
 */
export async function keepToPath({ runtime: { services, postgres, supervisor } }: Installation): Promise<void> {
  const { monitoring } = services;
  if (monitoring) process.kill(monitoring.pid, 'SIGSTOP');
  const isOnPath = (name: string): boolean => name === 'gateway' || name.startsWith('serving');
  const others = Object.entries(services).flatMap(([name, { pid }]) => (isOnPath(name) ? [] : [pid]));
  await standAside([...others, supervisor.pid, ...(await withChildren(postgres.pid))]);
}
