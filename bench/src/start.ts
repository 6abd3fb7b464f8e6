import { setTimeout as sleep } from 'node:timers/promises';
import { type Installation, makeHome, removeHome, startInstallation } from './installation.js';
import { proportionalMebibytes, withChildren } from './processes.js';
import { type Measurement, measure, median } from './result.js';

const ROUNDS = 3;
const SETTLE_MS = 10_000;

/** Seconds from command to ready on an existing home, and memory of everything together when idle (PSS, Linux only). */
export async function benchStart(): Promise<Measurement[]> {
  const home = await makeHome();
  try {
    const seconds: number[] = [];
    const megabytes: number[] = [];
    await (await startInstallation(home)).stop(); // the first start makes the cluster and is not counted
    for (let round = 0; round < ROUNDS; round++) {
      const installation = await startInstallation(home);
      seconds.push(installation.seconds);
      await sleep(SETTLE_MS); // what starting needed is given back
      megabytes.push(await measureMemory(installation));
      await installation.stop();
    }
    return [
      measure({
        work: 'start of PostgreSQL and six services, warm',
        unit: 's',
        ours: median(seconds),
        reference: 8,
        reference_name: 'the limit',
        goal: { at_most: 1 },
      }),
      measure({
        work: 'idle memory of all processes (PSS)',
        unit: 'MB',
        ours: median(megabytes),
        reference: 900,
        reference_name: 'the limit',
        goal: { at_most: 1 },
      }),
    ];
  } finally {
    await removeHome(home);
  }
}

async function measureMemory({ runtime }: Installation): Promise<number> {
  const postgres = await withChildren(runtime.postgres.pid);
  const services = Object.values(runtime.services).map(({ pid }) => pid);
  return proportionalMebibytes([runtime.supervisor.pid, ...services, ...postgres]);
}
