// Runs the starter for a test, on a home of the test's own. When standard input ends (the test has closed it, or was killed),
// whatever of the installation still runs goes, and the home with it: a killed test leaves nothing behind.
// Usage: node tether.mjs MAIN.js start
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { stopEmbeddedPostgres } from '@gimbal/db/embedded';

const home = process.env.GIMBAL_HOME;
const starter = spawn(process.execPath, process.argv.slice(2), { stdio: ['ignore', 'inherit', 'inherit'] });
process.on('SIGTERM', () => starter.kill('SIGTERM'));
starter.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGKILL' ? 137 : 1)));
process.stdin.resume().once('end', () => void cleanUp());

async function cleanUp() {
  // From here on the end of the starter is not ours: there is still its folder.
  starter.removeAllListeners('exit');
  const children = childrenIn(join(home, 'runtime.json'));
  if (starter.exitCode === null && starter.signalCode === null) {
    const gone = once(starter, 'exit');
    starter.kill('SIGTERM');
    setTimeout(() => starter.kill('SIGKILL'), 20_000).unref();
    await gone;
  }
  // Services that lost their starter end by themselves.
  for (const pid of children) while (isAlive(pid)) await sleep(50);
  await stopEmbeddedPostgres(join(home, 'postgres'));
  for (const folder of mountsBelow(home)) spawnSync('umount', ['-l', folder]);
  rmSync(home, { recursive: true, force: true });
  process.exit(0);
}

function childrenIn(file) {
  try {
    return Object.values(JSON.parse(readFileSync(file, 'utf8')).services).map(({ pid }) => pid);
  } catch {
    return []; // not ready yet, or stopped in order
  }
}

function isAlive(pid) {
  try {
    return pid > 0 && process.kill(pid, 0);
  } catch {
    return false;
  }
}

function mountsBelow(folder) {
  try {
    const mounts = readFileSync('/proc/mounts', 'utf8').split('\n');
    return mounts.map((line) => line.split(' ')[1] ?? '').filter((path) => path.startsWith(`${folder}/`));
  } catch {
    return []; // not Linux: nothing was mounted
  }
}
