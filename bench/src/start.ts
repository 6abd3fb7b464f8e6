import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Installation, makeHome, removeHome, startInstallation } from './installation.js';
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
  const pids = [runtime.supervisor.pid, ...Object.values(runtime.services).map(({ pid }) => pid), ...postgres];
  const each = await Promise.all(pids.map(proportionalKilobytes));
  return each.reduce((sum, kilobytes) => sum + kilobytes, 0) / 1024;
}

async function withChildren(parent: number): Promise<number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const parents = await Promise.all(
    pids.map(async (pid) =>
      Number((await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')).split(') ')[1]?.split(' ')[1]),
    ),
  );
  return [parent, ...pids.filter((_, index) => parents[index] === parent)];
}

async function proportionalKilobytes(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => ''); // ended meanwhile
  return Number(/^Pss:\s+(\d+)/m.exec(text)?.[1] ?? 0);
}
