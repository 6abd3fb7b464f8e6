import { stderr, stdin } from 'node:process';
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { Command } from 'commander';
import { GimbalClient } from '../gimbal-client.js';
import { GimbalError } from '../gimbal-error.js';
import { UsageError } from './exit-code.js';
import { forgetLogin, loginFile, writeLogin } from './stored-login.js';

/** Adds `gimbal login` and `gimbal logout`. A key is asked for or read from standard input: on a command line everybody on the machine sees it. */
export function addLoginCommands(program: Command, print: (value: unknown) => void): void {
  program
    .command('login')
    .description(
      'keep an address and an API key for the commands that follow; the key is asked for, or read from standard input',
    )
    .action(async () => {
      const { url } = program.opts<{ url?: string }>();
      if (url === undefined) throw new UsageError('give the address of the gateway: gimbal login --url https://...');
      if (!URL.canParse(url)) throw new UsageError(`${url} is no address`);
      const apiKey = (stdin.isTTY ? await askKey() : await text(stdin)).trim();
      if (apiKey === '') throw new UsageError('no API key was given');
      await checkKey(new GimbalClient({ url, apiKey }));
      await writeLogin({ url, apiKey });
      print({ url, stored: loginFile() });
    });
  program
    .command('logout')
    .description('forget the stored address and key')
    .action(async () => {
      await forgetLogin();
      print({ removed: loginFile() });
    });
}

/** A key without the role to list models is a good one, too. @throws GimbalError for a key that the gateway does not know */
async function checkKey(client: GimbalClient): Promise<void> {
  try {
    await client.call('listModels', { query: { limit: 1 } });
  } catch (error) {
    if (!(error instanceof GimbalError) || error.status !== 403) throw error;
  }
}

/** What is typed is not shown. */
async function askKey(): Promise<string> {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: stdin, output: nowhere, terminal: true });
  stderr.write('API key: ');
  try {
    return await lines.question('');
  } finally {
    lines.close();
    stderr.write('\n');
  }
}
