import { constants } from 'node:fs';
import { access, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** How a starter's command line ends, on Linux. */
const STARTER = 'infra/local/dist/main.js';

/** What a running installation says of itself in `GIMBAL_HOME/runtime.json`. */
export interface Runtime {
  readonly gateway: string;
  /** Where the gateway speaks gRPC: host:port. */
  readonly grpc: string;
  /** Where the gateway speaks MLflow's REST and nothing else; null: only on its main port. */
  readonly mlflow: string | null;
  /** `predict`: where serving answers predictions without the gateway, to the key of the predictor. */
  readonly services: Readonly<
    Record<string, { readonly url: string; readonly pid: number; readonly predict?: string }>
  >;
  readonly postgres: { readonly pid: number | null; readonly port: number };
  readonly queue: 'postgres' | 'redis';
  readonly supervisor: { readonly pid: number };
}

/** A mistake of the person who started it: shown as one line, without a stack. */
export class StartError extends Error {}

/**
 * Makes the folder of all state, and refuses one that can't be written or is in use by another start, also by one that is not ready
 * yet: `starter.pid` is there from the first moment on.
 */
export async function claimHome(home: string): Promise<void> {
  try {
    await mkdir(home, { recursive: true, mode: 0o755 });
    await access(home, constants.W_OK | constants.X_OK);
    await takeFolder(join(home, 'starter.pid'));
  } catch (error) {
    if (error instanceof StartError) throw error;
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new StartError(`the folder ${home} can't be written (${code}): free it, or set GIMBAL_HOME to another.`);
  }
}

/** Gives the folder back to the next start. */
export async function releaseHome(home: string): Promise<void> {
  await rm(join(home, 'starter.pid'), { force: true });
}

async function takeFolder(file: string): Promise<void> {
  try {
    await writeFile(file, `${process.pid}\n`, { flag: 'wx', flush: true });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    const pid = Number(await readFile(file, 'utf8'));
    if (pid !== process.pid && (await isStarter(pid)))
      throw new StartError(
        `Gimbal runs already in ${dirname(file)} (process ${pid}): stop it, or set GIMBAL_HOME and API_PORT.`,
      );
    await rm(file, { force: true }); // a dead starter's
    await takeFolder(file);
  }
}

/**
 * Whether that process lives and is a starter. After kill -9 of everything the file is still there, but its number belongs to nobody,
 * or to another program.
 */
async function isStarter(pid: number): Promise<boolean> {
  if (!Number.isInteger(pid) || pid < 1) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
  if (process.platform !== 'linux') return true;
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  return command.split('\0').some((word) => word.endsWith(STARTER));
}
