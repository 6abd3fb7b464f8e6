import type { Installation } from '../installation.js';
import { standAside, withChildren } from '../processes.js';

/**
 * Lets what is not on the way of a request run only where a core is idle. A machine of two cores has none for PostgreSQL and monitoring beside the
 * server and the load; what waits for them is in serving's log meanwhile.
 */
export async function keepToPath({ runtime: { services, postgres, supervisor } }: Installation): Promise<void> {
  const isOnPath = (name: string): boolean => name === 'gateway' || name.startsWith('serving');
  const others = Object.entries(services).flatMap(([name, { pid }]) => (isOnPath(name) ? [] : [pid]));
  await standAside([...others, supervisor.pid, ...(await withChildren(postgres.pid))]);
}
