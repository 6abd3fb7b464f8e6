import { execFile } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { hasCode } from '../has-code.js';

const run = promisify(execFile);

/** What a server writes about itself into `postmaster.pid` (PostgreSQL, src/include/utils/pidfile.h). */
export interface Postmaster {
  readonly pid: number;
  readonly port: number;
  readonly status: 'starting' | 'stopping' | 'ready' | 'standby' | 'unknown';
}

const STATUSES = ['starting', 'stopping', 'ready', 'standby'] as const;

/** The server that has, or had, the data directory; null when there is no file or it is still being written. */
export async function readPostmaster(data: string): Promise<Postmaster | null> {
  const text = await readFile(join(data, 'postmaster.pid'), 'utf8').catch(() => '');
  const lines = text.split('\n').map((line) => line.trim());
  const pid = Number(lines[0]);
  const port = Number(lines[3]);
  if (!Number.isInteger(pid) || pid <= 0 || !Number.isInteger(port)) return null;
  return { pid, port, status: STATUSES.find((status) => status === lines[7]) ?? 'unknown' };
}

/** Whether a process with this id is there and not just waiting to be reaped. */
export async function isProcessAlive(pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return hasCode(error, 'EPERM');
  }
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  // The name in parentheses may hold spaces and parentheses itself, so the state is what follows the last one.
  return stat === null || stat.slice(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3) !== 'Z';
}

/** The name of a running program, or null when it can't be told. */
async function programName(pid: number): Promise<string | null> {
  const name = await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => null);
  if (name !== null) return name.trim();
  if (process.platform === 'win32' || process.platform === 'linux') return null;
  return run('ps', ['-o', 'comm=', '-p', String(pid)]).then(
    ({ stdout }) => stdout.trim(),
    () => null,
  );
}

/**
 * Removes a `postmaster.pid` whose number now belongs to another program. PostgreSQL itself would take that program for a
 * live server and refuse to start, for example after a reboot or in a container where numbers are few. A file whose process
 * is some `postgres`, or can't be told, stays.
 */
export async function removeForeignPostmasterFile(data: string, { pid }: Postmaster): Promise<void> {
  if (!(await isProcessAlive(pid))) return; // PostgreSQL handles that one
  const name = await programName(pid);
  if (name !== null && !name.includes('postgres')) await rm(join(data, 'postmaster.pid'), { force: true });
}
