import { constants } from 'node:fs';
import { access, mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writePrivately } from './secrets.js';

/** What a running installation says of itself in `GIMBAL_HOME/runtime.json`. */
export interface Runtime {
  readonly gateway: string;
  readonly services: Readonly<Record<string, { readonly url: string; readonly pid: number }>>;
  readonly postgres: { readonly pid: number | null; readonly port: number };
  readonly queue: 'postgres' | 'redis';
  readonly supervisor: { readonly pid: number };
}

/** A mistake of the person who started it: shown as one line, without a stack. */
export class StartError extends Error {}

/** Makes the folder of all state, and refuses one that can't be written or is in use by another start. */
export async function claimHome(home: string): Promise<void> {
  try {
    await mkdir(home, { recursive: true, mode: 0o755 });
    await access(home, constants.W_OK | constants.X_OK);
    await writePrivately(join(home, '.writable'), {});
    await rm(join(home, '.writable'));
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new StartError(`the folder ${home} can't be written (${code}): free it, or set GIMBAL_HOME to another.`);
  }
  const running = await readRuntime(home);
  if (running && isGimbal(running.supervisor.pid)) {
    throw new StartError(
      `Gimbal runs already in ${home} (process ${running.supervisor.pid}, ${running.gateway}): stop it, or set GIMBAL_HOME and API_PORT.`,
    );
  }
}

async function readRuntime(home: string): Promise<Runtime | null> {
  try {
    return JSON.parse(await readFile(join(home, 'runtime.json'), 'utf8'));
  } catch {
    return null; // missing, or cut short by a power failure: nobody who runs left it like that
  }
}

/** Whether that process lives. After kill -9 of everything the file is still there, but the process is not. */
function isGimbal(pid: number): boolean {
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
