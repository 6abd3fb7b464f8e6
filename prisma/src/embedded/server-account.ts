import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The operating system account that the server runs under; empty when it is the account of this process. */
export interface ServerAccount {
  readonly uid?: number;
  readonly gid?: number;
}

const ACCOUNT = 'postgres';

async function lookUp(): Promise<ServerAccount | null> {
  try {
    const [uid, gid] = await Promise.all([run('id', ['-u', ACCOUNT]), run('id', ['-g', ACCOUNT])]);
    return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
  } catch {
    return null; // no such account
  }
}

/**
 * PostgreSQL refuses to run as root. Root runs it as the system account `postgres`, which is made when it is missing;
 * everyone else runs it as themselves.
 *
 * @throws Error when root can't make the account.
 */
export async function findServerAccount(): Promise<ServerAccount> {
  if (process.getuid?.() !== 0) return {};
  const known = await lookUp();
  if (known) return known;
  try {
    await run('useradd', ['--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin', ACCOUNT]);
  } catch (cause) {
    const made = await lookUp(); // another start may have been faster
    if (made) return made;
    throw new Error(
      `PostgreSQL does not run as root and the system account "${ACCOUNT}" could not be made. Run as another user, or set DATABASE_URL.`,
      { cause },
    );
  }
  const made = await lookUp();
  if (!made) throw new Error(`The system account "${ACCOUNT}" was made but can't be found.`);
  return made;
}
