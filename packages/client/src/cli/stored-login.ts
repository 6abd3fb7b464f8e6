import { readFileSync } from 'node:fs';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { env } from 'node:process';
import { z } from 'zod';

const Login = z.object({ url: z.url(), apiKey: z.string().min(1) });
export type Login = z.infer<typeof Login>;

/** In the user's folder for configuration (XDG base directories), where only the user may read. */
export const loginFile = (): string =>
  join(env['XDG_CONFIG_HOME'] || join(homedir(), '.config'), 'gimbal', 'login.json');

/** Undefined before a login. @throws Error when the file is there and is not what was written */
export function readLogin(): Login | undefined {
  let text: string;
  try {
    text = readFileSync(loginFile(), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined; // node:fs errors have a code
    throw error;
  }
  const login = Login.safeParse(parseJson(text));
  if (!login.success) throw new Error(`${loginFile()} is no login: log in again with \`gimbal login\`.`);
  return login.data;
}

/** Written beside and put in place, so that a key is never in a file that others may read. */
export async function writeLogin(login: Login): Promise<void> {
  const file = loginFile();
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const draft = `${file}.${process.pid}`;
  await rm(draft, { force: true });
  const handle = await open(draft, 'wx', 0o600);
  try {
    await handle.writeFile(`${JSON.stringify(login, null, 2)}\n`);
  } finally {
    await handle.close();
  }
  await rename(draft, file);
}

export const forgetLogin = (): Promise<void> => rm(loginFile(), { force: true });

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
