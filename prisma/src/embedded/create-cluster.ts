import { execFile } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { chown, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { hasCode } from '../has-code.js';
import type { ServerAccount } from './server-account.js';
import { makePrivateFolder, type ServerFiles } from './server-files.js';

const run = promisify(execFile);

/** The superuser of an embedded server. */
export const SUPERUSER = 'gimbal';

/** The superuser's password: read from `directory/password` (mode 0600), made on first use. */
export async function readOrMakePassword(directory: string): Promise<string> {
  const file = join(directory, 'password');
  await mkdir(directory, { recursive: true });
  try {
    await writeFile(file, randomBytes(24).toString('base64url'), { mode: 0o600, flag: 'wx', flush: true });
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
  }
  const password = await readFile(file, 'utf8');
  if (password !== '') return password;
  // A crash between creation and write left it empty; no cluster can have been made with it.
  await rm(file);
  return readOrMakePassword(directory);
}

/**
 * Makes the data directory unless it is there. It is built beside its place and moved there whole, so that a crash half-way
 * leaves nothing that looks like a cluster. Passwords are checked by SCRAM even on loopback.
 *
 * @throws Error with what `initdb` said.
 */
export async function createClusterIfMissing(
  files: ServerFiles,
  account: ServerAccount,
  password: string,
): Promise<void> {
  if (await stat(join(files.data, 'PG_VERSION')).catch(() => null)) return;
  const draft = `${files.data}.${randomUUID()}`;
  const passwordFile = join(tmpdir(), `gimbal-${randomUUID()}`);
  await mkdir(dirname(files.data), { recursive: true });
  try {
    await makePrivateFolder(draft, account);
    await writeFile(passwordFile, password, { mode: 0o600, flag: 'wx' });
    if (account.uid !== undefined && account.gid !== undefined) await chown(passwordFile, account.uid, account.gid);
    await run(
      files.initdb,
      [
        `--pgdata=${draft}`,
        `--username=${SUPERUSER}`,
        `--pwfile=${passwordFile}`,
        '--auth=scram-sha-256',
        '--encoding=UTF8',
        '--locale=C',
        '--locale-provider=builtin',
        '--builtin-locale=C.UTF-8',
        '--no-instructions',
      ],
      { ...account, env: { ...process.env, LC_ALL: 'C' }, cwd: dirname(files.initdb) },
    );
    await rename(draft, files.data);
  } catch (cause) {
    if (await stat(join(files.data, 'PG_VERSION')).catch(() => null)) return; // another start was faster
    const said = typeof cause === 'object' && cause !== null && 'stderr' in cause ? String(cause.stderr).trim() : '';
    throw new Error(`The PostgreSQL data directory ${files.data} could not be made. ${said}`.trim(), { cause });
  } finally {
    await Promise.all([rm(draft, { recursive: true, force: true }), rm(passwordFile, { force: true })]);
  }
}
