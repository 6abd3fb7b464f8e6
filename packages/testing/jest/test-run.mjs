// The folder of one run of the tests, and what has to go when the run is over. Plain JavaScript: Jest loads its global
// setup and teardown without the transforms that tests get.
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const PREFIX = 'gimbal-test-';

/** Makes the folder; nothing is started before a test needs it. */
export function openRun() {
  const run = mkdtempSync(join(tmpdir(), PREFIX));
  chmodSync(run, 0o755); // when root runs the tests, the server is another account
  writeFileSync(join(run, 'runner.pid'), String(process.pid));
  return run;
}

/** Stops the run's server and removes its data. */
export async function closeRun(run) {
  const note = join(run, 'server.json');
  if (existsSync(note)) {
    const { pid, dataDirectory } = JSON.parse(readFileSync(note, 'utf8'));
    await stopServer(pid, dataDirectory);
    rmSync(dataDirectory, { recursive: true, force: true });
  }
  const given = join(run, 'given-server');
  if (existsSync(given)) await dropTemplate(run, readFileSync(given, 'utf8'));
  rmSync(run, { recursive: true, force: true });
}

/** Runs that were killed could not clean up; the next one does it for them. */
export async function closeAbandonedRuns() {
  for (const name of readdirSync(tmpdir())) {
    if (!name.startsWith(PREFIX)) continue;
    const run = join(tmpdir(), name);
    try {
      const runner = Number(readFileSync(join(run, 'runner.pid'), 'utf8'));
      if (!isAlive(runner)) await closeRun(run);
    } catch {
      // Another user's, or just being made or removed: theirs to handle.
    }
  }
}

async function stopServer(pid, dataDirectory) {
  // Only what still says that it holds this data is ours to stop: numbers of processes are used again.
  const holds = () => {
    try {
      return readFileSync(join(dataDirectory, 'postmaster.pid'), 'utf8').startsWith(`${pid}\n`) && isAlive(pid);
    } catch {
      return false;
    }
  };
  for (const [signal, tries] of [
    ['SIGINT', 500],
    ['SIGQUIT', 250],
    ['SIGKILL', 100],
  ]) {
    if (!holds()) return;
    process.kill(pid, signal);
    for (let left = tries; left > 0 && holds(); left -= 1) await sleep(20);
  }
}

async function dropTemplate(run, url) {
  const ready = join(run, 'template-ready');
  if (!existsSync(ready)) return;
  const { default: pg } = await import('pg');
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(`DROP DATABASE IF EXISTS ${client.escapeIdentifier(readFileSync(ready, 'utf8'))} WITH (FORCE)`);
  await client.end();
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
